/** The store's 16 random bytes as the 32-bit key of touchpointHash. */
export function hashKeyNumber(key: Uint8Array): number {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).readUInt32LE(0);
}
