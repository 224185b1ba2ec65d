/** A growing buffer of numbers, texts and bytes, and the reading of it: what a flush travels in between two threads. */
export const FIRST_BYTES = 65_536;
/** Short ASCII texts are cheaper byte by byte than through the encoder. */
const SHORT_TEXT_CHARS = 64;
/** No moment is NaN: it stands for null. */
const NULL_NUMBER = Number.NaN;

export class BytePacker {
  private buffer: ArrayBuffer;
  private bytes: Buffer;
  private view: DataView;
  private at = 0;

  constructor(firstBytes = FIRST_BYTES) {
    this.buffer = new ArrayBuffer(firstBytes);
    this.bytes = Buffer.from(this.buffer);
    this.view = new DataView(this.buffer);
  }

  private room(more: number): void {
    if (this.at + more <= this.bytes.length) return;
    const grown = new ArrayBuffer(Math.max(this.bytes.length * 2, this.at + more));
    const bytes = Buffer.from(grown);
    this.bytes.copy(bytes, 0, 0, this.at);
    this.buffer = grown;
    this.bytes = bytes;
    this.view = new DataView(grown);
  }

  small(value: number): void {
    this.room(1);
    this.bytes[this.at++] = value;
  }

  int(value: number): void {
    this.room(4);
    this.view.setUint32(this.at, value, true);
    this.at += 4;
  }

  number(value: number | null): void {
    this.room(8);
    this.view.setFloat64(this.at, value ?? NULL_NUMBER, true);
    this.at += 8;
  }

  text(value: string): void {
    if (value.length <= SHORT_TEXT_CHARS && this.ascii(value)) return;
    const length = Buffer.byteLength(value);
    this.room(4 + length);
    this.view.setUint32(this.at, length, true);
    this.bytes.write(value, this.at + 4, length);
    this.at += 4 + length;
  }

  private ascii(value: string): boolean {
    this.room(4 + value.length);
    const from = this.at + 4;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) return false;
      this.bytes[from + i] = code;
    }
    this.view.setUint32(this.at, value.length, true);
    this.at = from + value.length;
    return true;
  }

  blob(value: Uint8Array): void {
    this.int(value.length);
    this.raw(value);
  }

  /** Without its length. */
  raw(value: Uint8Array): void {
    this.room(value.length);
    this.bytes.set(value, this.at);
    this.at += value.length;
  }

  /** Bytes so far: where the next value goes. */
  get length(): number {
    return this.at;
  }

  /** Writes over an int that stands at `place`. */
  intAt(place: number, value: number): void {
    this.view.setUint32(place, value, true);
  }

  /** The buffer, to be transferred; only the first `length` bytes count. The packer is used up. */
  finish(): { buffer: ArrayBuffer; length: number } {
    return { buffer: this.buffer, length: this.at };
  }
}

export class ByteUnpacker {
  private readonly bytes: Buffer;
  private readonly view: DataView;
  private at = 0;

  constructor(buffer: ArrayBuffer, length: number) {
    this.bytes = Buffer.from(buffer, 0, length);
    this.view = new DataView(buffer, 0, length);
  }

  /** Where the next value is read. */
  get place(): number {
    return this.at;
  }

  /** Reads on from there. */
  goTo(place: number): void {
    this.at = place;
  }

  small(): number {
    return this.view.getUint8(this.at++);
  }

  int(): number {
    const value = this.view.getUint32(this.at, true);
    this.at += 4;
    return value;
  }

  number(): number {
    const value = this.view.getFloat64(this.at, true);
    this.at += 8;
    return value;
  }

  nullableNumber(): number | null {
    const value = this.number();
    return Number.isNaN(value) ? null : value;
  }

  text(): string {
    const length = this.int();
    const from = this.at;
    this.at += length;
    return this.bytes.toString('utf8', from, this.at);
  }

  /** A view into the buffer, not a copy. */
  blob(): Uint8Array {
    const length = this.int();
    const from = this.at;
    this.at += length;
    return this.bytes.subarray(from, this.at);
  }
}
