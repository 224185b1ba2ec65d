const FIRST_CAPACITY_BYTES = 256;
const VARINT_BYTES_MAX = 10;
const VARINT_TYPE = 0;
const LENGTH_TYPE = 2;

/** Beyond this a number takes the way of BigInt. */
const TWO_31 = 0x8000_0000;

/**
 * One message of the protocol buffers' wire format, written field by field. By hand, because answers are made of bytes that lie in packed records:
 * the generated classes would copy each of them into an object first.
 */
export class WireMessage {
  private buffer: Buffer;
  private end = 0;

  constructor(capacityBytes = FIRST_CAPACITY_BYTES) {
    this.buffer = Buffer.allocUnsafe(capacityBytes);
  }

  /** int32, int64, uint32, uint64 or an enum; not negative. */
  uint(field: number, value: number | bigint): this {
    this.reserve(2 * VARINT_BYTES_MAX);
    this.varint(field * 8 + VARINT_TYPE);
    this.varint(value);
    return this;
  }

  flag(field: number, value: boolean): this {
    return this.uint(field, value ? 1 : 0);
  }

  text(field: number, text: string): this {
    return this.bytes(field, Buffer.from(text));
  }

  bytes(field: number, bytes: Uint8Array): this {
    this.reserve(2 * VARINT_BYTES_MAX + bytes.length);
    this.varint(field * 8 + LENGTH_TYPE);
    this.varint(bytes.length);
    this.buffer.set(bytes, this.end);
    this.end += bytes.length;
    return this;
  }

  message(field: number, message: WireMessage): this {
    return this.bytes(field, message.encoded());
  }

  /** An entry of a map from text to text. */
  entry(field: number, key: string, value: string): this {
    return this.message(field, new WireMessage().text(1, key).text(2, value));
  }

  /** Fields that were written elsewhere. */
  fields(bytes: Uint8Array): this {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.end);
    this.end += bytes.length;
    return this;
  }

  /** A view: the message must not be written to any more. */
  encoded(): Buffer {
    return this.buffer.subarray(0, this.end);
  }

  private varint(value: number | bigint): void {
    if (typeof value === 'bigint' || value >= TWO_31) return this.longVarint(BigInt(value));
    let rest = value;
    while (rest >= 128) {
      this.buffer[this.end++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.buffer[this.end++] = rest;
  }

  private longVarint(value: bigint): void {
    let rest = value;
    while (rest >= 128n) {
      this.buffer[this.end++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.buffer[this.end++] = Number(rest);
  }

  private reserve(bytes: number): void {
    const needed = this.end + bytes;
    if (needed <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.buffer.length));
    this.buffer.copy(grown, 0, 0, this.end);
    this.buffer = grown;
  }
}

export const EMPTY_MESSAGE = new WireMessage(0);
