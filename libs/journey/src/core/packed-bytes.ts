/**
 * Small numbers in few bytes. A whole number up to 2^53 of either sign takes 1 to 8 bytes; a text stands once and is named by
 * its place after that; a text that is a lower-case UUID takes 16 bytes.
 */
const FIRST_BITS = 64;
const NEXT_BITS = 128;
const UUID_CHARACTERS = 36;
const DASH = 45;
/** Value of a lower-case hex digit by its code; -1 = none. */
const NIBBLES = new Int8Array(128).fill(-1);
for (let value = 0; value < 16; value++) NIBBLES[value.toString(16).charCodeAt(0)] = value;
const UUID_BYTES = 16;
const INITIAL_BYTES = 4_096;

/** The bytes do not belong to this format or definition. */
export class UnreadableState extends Error {}

export class PackedWriter {
  private buffer = Buffer.alloc(INITIAL_BYTES);
  private length = 0;
  private readonly known: string[] = [];

  /** Starts over; the buffer is used again. */
  begin(): void {
    this.length = 0;
    this.known.length = 0;
  }

  /** What was written: a view that is good until the next `begin`. */
  view(): Uint8Array {
    return this.buffer.subarray(0, this.length);
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
    const place = this.known.indexOf(value);
    if (place >= 0) return this.integer(place + 1);
    this.known.push(value);
    this.integer(this.known.length);
    if (value.length !== UUID_CHARACTERS || !this.uuid(value)) this.characters(value);
  }

  /** False, and nothing written, where the text is no lower-case UUID. By hand: a regular expression and a hex decoder cost three times as much. */
  private uuid(value: string): boolean {
    this.reserve(1 + UUID_BYTES);
    const { buffer, length } = this;
    let at = length + 1;
    for (let i = 0; i < UUID_CHARACTERS; i += 2) {
      if (i === 8 || i === 13 || i === 18 || i === 23) {
        if (value.charCodeAt(i) !== DASH) return false;
        i++;
      }
      const high = nibble(value.charCodeAt(i));
      const low = nibble(value.charCodeAt(i + 1));
      if ((high | low) < 0) return false;
      buffer[at++] = (high << 4) | low;
    }
    buffer[length] = 0;
    this.length = at;
    return true;
  }

  /** Twice the length, one more where a character needs two bytes: unpaired surrogates come back as they were. */
  private characters(value: string): void {
    const wide = isWide(value);
    this.integer(value.length * 2 + (wide ? 1 : 0));
    this.reserve(value.length * 2);
    if (wide) {
      this.length += this.buffer.write(value, this.length, 'utf16le');
      return;
    }
    const { buffer } = this;
    for (let i = 0; i < value.length; i++) buffer[this.length++] = value.charCodeAt(i);
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
  private readonly known: string[] = [];

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
      if (scale > Number.MAX_SAFE_INTEGER) throw new UnreadableState('A number of the packed state is too long.');
      const next = this.byte();
      value += (next & (NEXT_BITS - 1)) * scale;
      more = next >= NEXT_BITS;
      if (next === 0) throw new UnreadableState('A number of the packed state ends in nothing.');
    }
    if ((first & FIRST_BITS) === 0) return value;
    if (value === 0) throw new UnreadableState('The packed state has a nothing with a sign.');
    return -value;
  }

  /** The length of a list: each member takes a byte at least, so that no list is longer than what is left. */
  count(): number {
    const count = this.integer();
    if (count >= 0 && count <= this.buffer.length - this.place) return count;
    throw new UnreadableState(`A list of the packed state says that it has ${count} members.`);
  }

  /** One of a list, by its place. */
  choice<T>(list: readonly T[]): T {
    const place = this.byte();
    const chosen = list[place];
    if (chosen === undefined) throw new UnreadableState(`The packed state names choice ${place} of ${list.length}.`);
    return chosen;
  }

  text(): string {
    const place = this.integer();
    if (place === 0) return '';
    const known = this.known[place - 1];
    if (known !== undefined) return known;
    if (place !== this.known.length + 1)
      throw new UnreadableState(`The packed state names text ${place}, which is none.`);
    const size = this.integer();
    const text = size === 0 ? this.uuid() : this.characters(size);
    this.known.push(text);
    return text;
  }

  private uuid(): string {
    const end = this.place + UUID_BYTES;
    if (end > this.buffer.length) throw new UnreadableState('The packed state ends inside an id.');
    const hex = this.buffer.toString('hex', this.place, end);
    this.place = end;
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  private characters(size: number): string {
    const wide = size % 2 === 1;
    const end = this.place + (wide ? size - 1 : size / 2);
    if (size <= 1 || end > this.buffer.length) throw new UnreadableState('The packed state ends inside a text.');
    const text = this.buffer.toString(wide ? 'utf16le' : 'latin1', this.place, end);
    this.place = end;
    return text;
  }
}

function nibble(code: number): number {
  return code < NIBBLES.length ? NIBBLES[code]! : -1;
}

function isWide(value: string): boolean {
  for (let i = 0; i < value.length; i++) if (value.charCodeAt(i) > 0xff) return true;
  return false;
}
