/**
 * Small numbers in few bytes. A whole number up to 2^53 of either sign takes 1 to 8 bytes; a text stands once and is named by
 * its place after that; an id that packs into numbers takes 16 bytes.
 */
import { DERIVED_ID, idParts, packId, TEXT_ID, unpackId } from './packed-id';

const FIRST_BITS = 64;
const NEXT_BITS = 128;
const ID_BYTES = 16;
const INITIAL_BYTES = 4_096;
/** Sizes of texts start at 2; these stand for the two kinds of packed ids. */
const UUID_SIZE = 0;
const DERIVED_SIZE = 1;

/** The bytes do not belong to this format or definition. */
export class UnreadableState extends Error {}

/** A text as it was, or the numbers of an id. */
interface Known {
  text: string;
  high: number;
  middle: number;
  low: number;
}

export class PackedWriter {
  private buffer = Buffer.alloc(INITIAL_BYTES);
  private length = 0;
  private readonly known: Known[] = [];

  /** Starts over; the buffer is used again. */
  begin(): void {
    this.length = 0;
    this.known.length = 0;
  }

  take(): Uint8Array {
    return Uint8Array.prototype.slice.call(this.buffer, 0, this.length);
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.length++] = value;
  }

  /** Sign and 6 bits first, then 7 bits at a time. */
  integer(value: number): void {
    this.reserve(10);
    let rest = Math.abs(value);
    const sign = value < 0 ? FIRST_BITS : 0;
    let low = rest % FIRST_BITS;
    rest = (rest - low) / FIRST_BITS;
    this.buffer[this.length++] = low | sign | (rest > 0 ? NEXT_BITS : 0);
    while (rest > 0) {
      low = rest % NEXT_BITS;
      rest = (rest - low) / NEXT_BITS;
      this.buffer[this.length++] = low | (rest > 0 ? NEXT_BITS : 0);
    }
  }

  /** '' is 0; a text that was written before is its place; a new one is the next place and the text itself. */
  text(value: string): void {
    if (value === '') return this.integer(0);
    if (packId(value)) return this.packed(idParts[0]!, idParts[1]!, idParts[2]!);
    const place = this.known.findIndex((one) => one.text === value);
    if (place >= 0) return this.integer(place + 1);
    this.integer(this.known.push({ text: value, high: TEXT_ID, middle: 0, low: 0 }));
    this.characters(value);
  }

  /** An id in the numbers of packId: the same bytes as its text. */
  packed(high: number, middle: number, low: number): void {
    const place = this.known.findIndex((one) => one.low === low && one.middle === middle && one.high === high);
    if (place >= 0) return this.integer(place + 1);
    this.integer(this.known.push({ text: '', high, middle, low }));
    this.integer(high >= DERIVED_ID ? DERIVED_SIZE : UUID_SIZE);
    this.reserve(ID_BYTES);
    this.buffer.writeUIntBE(high >= DERIVED_ID ? high - DERIVED_ID : high, this.length, 6);
    this.buffer.writeUInt32BE(middle, this.length + 6);
    this.buffer.writeUIntBE(low, this.length + 10, 6);
    this.length += ID_BYTES;
  }

  /** Twice the length, one more where a character needs two bytes: unpaired surrogates come back as they were. */
  private characters(value: string): void {
    const wide = isWide(value);
    this.integer(value.length * 2 + (wide ? 1 : 0));
    this.reserve(value.length * 2);
    this.length += this.buffer.write(value, this.length, wide ? 'utf16le' : 'latin1');
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = Buffer.alloc(2 * (this.buffer.length + bytes));
    this.buffer.copy(larger);
    this.buffer = larger;
  }
}

export class PackedReader {
  private readonly buffer: Buffer;
  private place = 0;
  private readonly known: Known[] = [];

  constructor(bytes: Uint8Array) {
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.place === this.buffer.length;
  }

  byte(): number {
    const value = this.buffer[this.place++];
    if (value === undefined) throw new UnreadableState('The packed state ends too early.');
    return value;
  }

  integer(): number {
    const first = this.byte();
    let value = first & (FIRST_BITS - 1);
    let scale = FIRST_BITS;
    for (let more = first >= NEXT_BITS; more; scale *= NEXT_BITS) {
      const next = this.byte();
      value += (next & (NEXT_BITS - 1)) * scale;
      more = next >= NEXT_BITS;
    }
    return (first & FIRST_BITS) !== 0 ? -value : value;
  }

  text(): string {
    const entry = this.entry();
    if (entry === null) return '';
    return entry.high === TEXT_ID ? entry.text : unpackId(entry.high, entry.middle, entry.low);
  }

  /** Puts an id's numbers at `place` and returns '', or returns its text where it is no numbers. */
  id(nums: number[], place: number): string {
    const entry = this.entry();
    nums[place] = entry === null ? TEXT_ID : entry.high;
    nums[place + 1] = entry === null ? 0 : entry.middle;
    nums[place + 2] = entry === null ? 0 : entry.low;
    return entry === null ? '' : entry.text;
  }

  private entry(): Known | null {
    const place = this.integer();
    if (place === 0) return null;
    if (place <= this.known.length) return this.known[place - 1]!;
    const size = this.integer();
    const entry = size === UUID_SIZE || size === DERIVED_SIZE ? this.packed(size) : this.characters(size);
    this.known.push(entry);
    return entry;
  }

  private packed(size: number): Known {
    const start = this.advance(ID_BYTES);
    const high = this.buffer.readUIntBE(start, 6) + (size === DERIVED_SIZE ? DERIVED_ID : 0);
    return { text: '', high, middle: this.buffer.readUInt32BE(start + 6), low: this.buffer.readUIntBE(start + 10, 6) };
  }

  private characters(size: number): Known {
    const wide = size % 2 === 1;
    const start = this.advance(wide ? size - 1 : size / 2);
    const text = this.buffer.toString(wide ? 'utf16le' : 'latin1', start, this.place);
    return { text, high: TEXT_ID, middle: 0, low: 0 };
  }

  /** Returns where the bytes start. */
  private advance(bytes: number): number {
    const start = this.place;
    if (start + bytes > this.buffer.length) throw new UnreadableState('The packed state ends inside a text.');
    this.place += bytes;
    return start;
  }
}

function isWide(value: string): boolean {
  for (let i = 0; i < value.length; i++) if (value.charCodeAt(i) > 0xff) return true;
  return false;
}
