const UUID_TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function uuidText(id: Buffer): string {
  const hex = id.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** 16 bytes; undefined where it is no UUID. */
export function uuidBytes(text: unknown): Buffer | undefined {
  return typeof text === 'string' && UUID_TEXT.test(text) ? Buffer.from(withoutDashes(text), 'hex') : undefined;
}

/** By hand: three times as fast as replaceAll, and this is done for every event. */
function withoutDashes(text: string): string {
  return text.slice(0, 8) + text.slice(9, 13) + text.slice(14, 18) + text.slice(19, 23) + text.slice(24);
}
