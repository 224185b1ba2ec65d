/** Varints in a growing buffer: what the engine's own packed rows are made of. Integers up to 2^53. */
const FIRST_BYTES = 256;
const HIGH_UNIT = 0x80;
const SLAB_BYTES = 256 * 1024;

let slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
let slabUsed = 0;

export class ByteWriter {
  private bytes = Buffer.allocUnsafe(FIRST_BYTES);
  private length = 0;

  reset(): void {
    this.length = 0;
  }

  u32(value: number): void {
    this.room(4);
    this.bytes.writeUInt32LE(value >>> 0, this.length);
    this.length += 4;
  }

  /** Unsigned. */
  varint(value: number): void {
    this.room(8);
    let rest = value;
    while (rest >= HIGH_UNIT) {
      this.bytes[this.length++] = (rest % HIGH_UNIT) | HIGH_UNIT;
      rest = Math.floor(rest / HIGH_UNIT);
    }
    this.bytes[this.length++] = rest;
  }

  /** Signed, small magnitudes short. */
  zigzag(value: number): void {
    this.varint(value >= 0 ? value * 2 : -value * 2 - 1);
  }

  raw(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /**
   * A copy of what was written, cut from a slab that many copies share: a buffer of its own for each of a flush's blobs costs
   * the collector more than the copying. So it must never be handed to another thread as it is.
   */
  take(): Uint8Array {
    if (this.length > slab.length - slabUsed) {
      slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, this.length));
      slabUsed = 0;
    }
    const start = slabUsed;
    slabUsed += this.length;
    this.bytes.copy(slab, start, 0, this.length);
    return slab.subarray(start, slabUsed);
  }

  private room(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + more));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}

export class ByteReader {
  offset = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get rest(): Uint8Array {
    return this.bytes.subarray(this.offset);
  }

  get done(): boolean {
    return this.offset >= this.bytes.length;
  }

  u32(): number {
    const b = this.bytes;
    const o = this.offset;
    this.offset = o + 4;
    return (b[o]! | (b[o + 1]! << 8) | (b[o + 2]! << 16) | (b[o + 3]! << 24)) >>> 0;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.bytes[this.offset++];
      if (byte === undefined) throw new Error('packed row ends inside a number');
      if (byte < HIGH_UNIT) return value + byte * scale;
      value += (byte - HIGH_UNIT) * scale;
      scale *= HIGH_UNIT;
    }
  }

  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
