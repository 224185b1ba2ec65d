import type { Chunk, PackedEvents, StoredEvent } from './event-store';
import {
  DATA_ASCII,
  HAS_CAUSATION,
  HAS_CORRELATION,
  HAS_PERSONAL,
  HAS_SUBJECT,
  ID_BYTES,
  KNOWN_FLAGS,
  MalformedRecords,
  nextRecord,
  PERSONAL_ASCII,
  SUBJECT_ASCII,
} from './record-format';

/** Node's native string readers, which skip the argument juggling of Buffer.toString. */
interface TextBuffer extends Buffer {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
}

const NOTHING = Buffer.alloc(0) as TextBuffer;

/**
 * Walks packed events without making an object for each. After `next()` answered true the fields of that event can be read;
 * texts are decoded when they are asked for, each time anew. Throws MalformedRecords where the bytes are not records.
 */
export class EventCursor {
  /** Of the present event. */
  position = 0;
  revision = 0;

  /** Positions of the events where they are named one by one, and the place of the present one among them. */
  private named: Float64Array | undefined;
  private place = -1;
  private bytes: TextBuffer = NOTHING;
  private view = new DataView(NOTHING.buffer, NOTHING.byteOffset, 0);
  private following = 0;
  private flags = 0;
  private at = 0;
  private typeEnd = 0;
  private subjectStart = 0;
  private dataStart = 0;
  private dataEnd = 0;
  private personalEnd = 0;
  private readonly types = new TypeNames();

  /** Stands before the first event of the chunk. Positions and revisions count from the chunk's. */
  reset(chunk: Chunk): this {
    this.resetPacked(chunk, chunk.firstPosition, chunk.firstRevision);
    this.named = chunk.positions;
    return this;
  }

  resetPacked(packed: PackedEvents, firstPosition = 1, firstRevision = 0): this {
    const { buffer, byteOffset, byteLength } = packed.bytes;
    this.bytes = Buffer.from(buffer, byteOffset, byteLength) as TextBuffer;
    this.view = new DataView(buffer, byteOffset, byteLength);
    this.following = 0;
    this.named = undefined;
    this.place = -1;
    this.position = firstPosition - 1;
    this.revision = firstRevision - 1;
    return this;
  }

  /** Stands on the record that begins at this offset of bytes full of records; `next()` would go on behind it. */
  seek(bytes: Buffer, offset: number, position: number): void {
    if (this.bytes !== bytes) {
      this.bytes = bytes as TextBuffer;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    const end = nextRecord(this.bytes, offset);
    this.locate(offset, end);
    this.following = end;
    this.position = position;
  }

  next(): boolean {
    const start = this.following;
    if (start >= this.bytes.length) return false;
    const end = nextRecord(this.bytes, start);
    this.locate(start, end);
    this.following = end;
    this.step();
    return true;
  }

  /** Passes over so many events without looking at them; `next` stands on the one behind. Stops at the end. */
  skip(events: number): void {
    for (let i = 0; i < events && this.following < this.bytes.length; i++) {
      this.following = nextRecord(this.bytes, this.following);
      this.step();
    }
  }

  get schemaVersion(): number {
    return this.bytes[this.at + 5] as number;
  }

  get type(): string {
    return this.types.at(this.bytes, this.at + 7, this.typeEnd);
  }

  get occurredAt(): number {
    return this.view.getFloat64(this.typeEnd + ID_BYTES, true);
  }

  /** A view of the 16 bytes; copy what must outlive the chunk. */
  get id(): Buffer {
    return this.bytes.subarray(this.typeEnd, this.typeEnd + ID_BYTES);
  }

  get correlationId(): Buffer | undefined {
    if ((this.flags & HAS_CORRELATION) === 0) return undefined;
    return this.bytes.subarray(this.typeEnd + ID_BYTES + 8, this.typeEnd + 2 * ID_BYTES + 8);
  }

  get causationId(): Buffer | undefined {
    if ((this.flags & HAS_CAUSATION) === 0) return undefined;
    return this.bytes.subarray(this.subjectStart - 2 - ID_BYTES, this.subjectStart - 2);
  }

  /** '' where the event has no subject; see `hasSubject`. */
  get subject(): string {
    return this.text(this.flags & SUBJECT_ASCII, this.subjectStart, this.dataStart - 4);
  }

  get hasSubject(): boolean {
    return (this.flags & HAS_SUBJECT) !== 0;
  }

  get data(): string {
    return this.text(this.flags & DATA_ASCII, this.dataStart, this.dataEnd);
  }

  get dataBytes(): Buffer {
    return this.bytes.subarray(this.dataStart, this.dataEnd);
  }

  get personal(): string | undefined {
    if ((this.flags & HAS_PERSONAL) === 0) return undefined;
    return this.text(this.flags & PERSONAL_ASCII, this.dataEnd + 4, this.personalEnd);
  }

  get personalBytes(): Buffer | undefined {
    if ((this.flags & HAS_PERSONAL) === 0) return undefined;
    return this.bytes.subarray(this.dataEnd + 4, this.personalEnd);
  }

  /** The whole record as stored, its length field included. */
  get record(): Buffer {
    return this.bytes.subarray(this.at, this.following);
  }

  /** The present event as an object with bytes of its own. */
  event(chunk: Pick<Chunk, 'stream' | 'recordedAt'>): StoredEvent {
    const event: StoredEvent = {
      stream: chunk.stream,
      revision: this.revision,
      position: this.position,
      recordedAt: chunk.recordedAt,
      id: copy(this.id),
      type: this.type,
      schemaVersion: this.schemaVersion,
      occurredAt: this.occurredAt,
      data: copy(this.dataBytes),
    };
    if (this.hasSubject) event.subject = this.subject;
    if (this.correlationId) event.correlationId = copy(this.correlationId);
    if (this.causationId) event.causationId = copy(this.causationId);
    if (this.personalBytes) event.personal = copy(this.personalBytes);
    return event;
  }

  private step(): void {
    this.revision++;
    this.place++;
    if (this.named === undefined) this.position++;
    else this.position = this.named[this.place]!;
  }

  /** Finds where the parts of the record begin; everything must lie inside it and fill it. */
  private locate(start: number, end: number): void {
    const flags = this.bytes[start + 4] as number;
    if ((flags & ~KNOWN_FLAGS) !== 0) throw new MalformedRecords(start, `flags ${flags} of a newer format`);
    const typeEnd = start + 7 + (this.bytes[start + 6] as number);
    const linkBytes = (flags & HAS_CORRELATION ? ID_BYTES : 0) + (flags & HAS_CAUSATION ? ID_BYTES : 0);
    const subjectStart = typeEnd + ID_BYTES + 8 + linkBytes + 2;
    if (subjectStart > end) throw new MalformedRecords(start, 'the type and the ids do not fit');
    const dataStart = subjectStart + this.view.getUint16(subjectStart - 2, true) + 4;
    if (dataStart > end) throw new MalformedRecords(start, 'the subject does not fit');
    const dataEnd = dataStart + this.view.getUint32(dataStart - 4, true);
    let last = dataEnd;
    if ((flags & HAS_PERSONAL) !== 0) {
      if (dataEnd + 4 > end) throw new MalformedRecords(start, 'the data do not fit');
      last = dataEnd + 4 + this.view.getUint32(dataEnd, true);
    }
    if (last !== end)
      throw new MalformedRecords(start, `the parts end at ${last - start}, the record at ${end - start}`);
    this.at = start;
    this.flags = flags;
    this.typeEnd = typeEnd;
    this.subjectStart = subjectStart;
    this.dataStart = dataStart;
    this.dataEnd = dataEnd;
    this.personalEnd = last;
  }

  private text(ascii: number, start: number, end: number): string {
    return ascii !== 0 ? this.bytes.latin1Slice(start, end) : this.bytes.utf8Slice(start, end);
  }
}

/** How many type names a cursor remembers; further ones are decoded each time. */
const TYPE_NAMES_MAX = 64;

/** The same few types come again and again: comparing bytes is cheaper than making a string. */
class TypeNames {
  private readonly known: { bytes: Buffer; name: string }[] = [];
  private last = { bytes: NOTHING as Buffer, name: '' };

  at(bytes: TextBuffer, start: number, end: number): string {
    if (same(bytes, start, end, this.last.bytes)) return this.last.name;
    for (const entry of this.known) {
      if (!same(bytes, start, end, entry.bytes)) continue;
      this.last = entry;
      return entry.name;
    }
    const entry = { bytes: copy(bytes.subarray(start, end)), name: bytes.utf8Slice(start, end) };
    if (this.known.length < TYPE_NAMES_MAX) this.known.push(entry);
    this.last = entry;
    return entry.name;
  }
}

function same(bytes: Uint8Array, start: number, end: number, name: Uint8Array): boolean {
  if (end - start !== name.length) return false;
  for (let i = 0; i < name.length; i++) if (bytes[start + i] !== name[i]) return false;
  return true;
}

function copy(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes);
}

/** The chunk's events as objects. */
export function unpack(chunk: Chunk): StoredEvent[] {
  const cursor = new EventCursor().reset(chunk);
  const events: StoredEvent[] = [];
  while (cursor.next()) events.push(cursor.event(chunk));
  return events;
}
