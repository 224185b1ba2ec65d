import { isAscii } from 'node:buffer';

import type { NewEvent, PackedEvents } from './event-store';
import {
  DATA_ASCII,
  EVENT_BYTES_MAX,
  EventTooLarge,
  HAS_CAUSATION,
  HAS_CORRELATION,
  HAS_PERSONAL,
  HAS_SUBJECT,
  ID_BYTES,
  PERSONAL_ASCII,
  SUBJECT_ASCII,
  SUBJECT_BYTES_MAX,
  TYPE_BYTES_MAX,
} from './record-format';

const FIRST_CAPACITY_BYTES = 2048;
/** Lengths, ids, flags and the moment of one record, generously. */
const FIXED_BYTES = 128;

/** Node's native string writers, which skip the argument juggling of Buffer.write. */
interface TextBuffer extends Buffer {
  utf8Write(text: string, offset: number, length?: number): number;
}

/** Buffers that a packer made and gave away: they may move to another thread without a copy. */
const owned = new WeakSet<ArrayBufferLike>();

/** Whether these bytes are the only use of their buffer, so that it may be handed to another thread. */
export function isHandedOver(bytes: Uint8Array): boolean {
  return owned.has(bytes.buffer);
}

/** A part of an event as bytes or as text. Text is written straight into the record. */
type Part = Uint8Array | string;

/** Writes events into one growing buffer in the record format. Reusable: `take` gives away what was packed and starts anew. */
export class EventPacker {
  private buffer = allocate(FIRST_CAPACITY_BYTES);
  private end = 0;
  private added = 0;

  /** `eventBytesMax`: of one record. */
  constructor(private readonly eventBytesMax = EVENT_BYTES_MAX) {}

  /** Events packed since the last `take`. */
  get count(): number {
    return this.added;
  }

  /** Bytes packed since the last `take`. */
  get bytes(): number {
    return this.end;
  }

  add(event: NewEvent): void {
    const flags =
      (event.correlationId ? HAS_CORRELATION : 0) |
      (event.causationId ? HAS_CAUSATION : 0) |
      (event.subject === undefined ? 0 : HAS_SUBJECT);
    this.record(flags, event.schemaVersion, event.type, event.id, event.occurredAt, event, event.data, event.personal);
  }

  /** The hot way: no event object, texts written in place. `id` has 16 bytes and is copied. Schema version 1. */
  addText(
    type: string,
    id: Uint8Array,
    occurredAt: number,
    subject: string,
    data: string,
    personal?: string,
    causationId?: Uint8Array,
  ): void {
    const flags = HAS_SUBJECT | (causationId ? HAS_CAUSATION : 0);
    links.subject = subject;
    links.causationId = causationId;
    this.record(flags, 1, type, id, occurredAt, links, data, personal);
  }

  /** What was packed. The bytes belong to the caller; handing them to `append` moves them. */
  take(): PackedEvents {
    const packed = { count: this.added, bytes: this.buffer.subarray(0, this.end) };
    owned.add(this.buffer.buffer);
    this.buffer = allocate(Math.max(FIRST_CAPACITY_BYTES, Math.min(this.end + (this.end >> 2), EVENT_BYTES_MAX)));
    this.end = 0;
    this.added = 0;
    return packed;
  }

  private record(
    flags: number,
    schemaVersion: number,
    type: string,
    id: Uint8Array,
    occurredAt: number,
    envelope: Pick<NewEvent, 'subject' | 'correlationId' | 'causationId'>,
    data: Part,
    personal: Part | undefined,
  ): void {
    const start = this.end;
    this.reserve(FIXED_BYTES + 3 * (type.length + (envelope.subject?.length ?? 0)) + room(data) + room(personal));
    const b = this.buffer;
    b[start + 5] = byte(schemaVersion);
    let at = this.type(type, start + 6);
    b.set(sized(id, 'id'), at);
    at = b.writeDoubleLE(occurredAt, at + ID_BYTES);
    if (flags & HAS_CORRELATION) at = this.link(envelope.correlationId, at);
    if (flags & HAS_CAUSATION) at = this.link(envelope.causationId, at);
    let seen = flags;
    const subject = envelope.subject ?? '';
    const subjectBytes = subject === '' ? 0 : b.utf8Write(subject, at + 2);
    if (subjectBytes > SUBJECT_BYTES_MAX) throw new EventTooLarge('subject', subjectBytes, SUBJECT_BYTES_MAX);
    if (subjectBytes === subject.length) seen |= SUBJECT_ASCII;
    b.writeUInt16LE(subjectBytes, at);
    at += 2 + subjectBytes;
    const dataBytes = this.part(data, at);
    if (plain(data, dataBytes)) seen |= DATA_ASCII;
    at += 4 + dataBytes;
    if (personal !== undefined) {
      const personalBytes = this.part(personal, at);
      seen |= plain(personal, personalBytes) ? HAS_PERSONAL | PERSONAL_ASCII : HAS_PERSONAL;
      at += 4 + personalBytes;
    }
    if (at - start > this.eventBytesMax) throw new EventTooLarge('record', at - start, this.eventBytesMax);
    b[start + 4] = seen;
    b.writeUInt32LE(at - start - 4, start);
    this.end = at;
    this.added++;
  }

  private type(type: string, at: number): number {
    const bytes = this.buffer.utf8Write(type, at + 1);
    if (bytes > TYPE_BYTES_MAX) throw new EventTooLarge('type', bytes, TYPE_BYTES_MAX);
    this.buffer[at] = bytes;
    return at + 1 + bytes;
  }

  private link(id: Uint8Array | undefined, at: number): number {
    this.buffer.set(sized(id ?? EMPTY, 'correlationId or causationId'), at);
    return at + ID_BYTES;
  }

  /** Writes length and content, answers the length of the content. */
  private part(part: Part, at: number): number {
    let bytes: number;
    if (typeof part === 'string') {
      bytes = part === '' ? 0 : this.buffer.utf8Write(part, at + 4);
    } else {
      this.buffer.set(part, at + 4);
      bytes = part.length;
    }
    this.buffer.writeUInt32LE(bytes, at);
    return bytes;
  }

  private reserve(bytes: number): void {
    const needed = this.end + bytes;
    if (needed <= this.buffer.length) return;
    const grown = allocate(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(grown, 0, 0, this.end);
    this.buffer = grown;
  }
}

/** Packs these events into bytes of their own. */
export function pack(events: Iterable<NewEvent>): PackedEvents {
  const packer = new EventPacker();
  for (const event of events) packer.add(event);
  return packer.take();
}

const EMPTY = new Uint8Array(0);
const links: { subject?: string; causationId?: Uint8Array; correlationId?: Uint8Array } = {};

/** A buffer that shares its memory with nobody: Node's pool must never move to another thread. */
function allocate(bytes: number): TextBuffer {
  return Buffer.allocUnsafeSlow(bytes) as TextBuffer;
}

/** The most bytes that the part can take, its length field not counted. */
function room(part: Part | undefined): number {
  if (part === undefined) return 0;
  return typeof part === 'string' ? part.length * 3 : part.length;
}

function plain(part: Part, bytes: number): boolean {
  return typeof part === 'string' ? bytes === part.length : isAscii(part);
}

function sized(id: Uint8Array, field: string): Uint8Array {
  if (id.length !== ID_BYTES)
    throw new RangeError(`The event's ${field} has ${id.length} bytes, it must have ${ID_BYTES}.`);
  return id;
}

function byte(schemaVersion: number): number {
  if (!Number.isInteger(schemaVersion) || schemaVersion < 0 || schemaVersion > 255)
    throw new RangeError(`The event's schemaVersion is ${schemaVersion}, it must be a whole number from 0 to 255.`);
  return schemaVersion;
}
