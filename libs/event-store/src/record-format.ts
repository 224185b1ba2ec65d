/**
 * Record format 1, little endian. Records stand back to back; nothing stands between them.
 *
 *     u32 length of what follows
 *     u8  flags            which optional parts are there, and which texts are plain ASCII
 *     u8  schemaVersion
 *     u8  length + type    UTF-8
 *     16  id
 *     f64 occurredAt       ms since the epoch
 *     [16 correlationId] [16 causationId]
 *     u16 length + subject UTF-8
 *     u32 length + data
 *     [u32 length + personal]
 *
 * The ASCII flags follow from the bytes, so an event has exactly one packed form. They let a reader take the cheap way to a string.
 */
import type { PackedEvents } from './event-store';

export const HAS_CORRELATION = 1;
export const HAS_CAUSATION = 2;
export const HAS_SUBJECT = 4;
export const HAS_PERSONAL = 8;
export const SUBJECT_ASCII = 16;
export const DATA_ASCII = 32;
export const PERSONAL_ASCII = 64;
export const KNOWN_FLAGS = 127;

export const ID_BYTES = 16;
export const TYPE_BYTES_MAX = 255;
export const SUBJECT_BYTES_MAX = 65_535;
/** One event with everything in it. An EventStoreDB refuses appends of more than 1 MiB, so the port promises no more. */
export const EVENT_BYTES_MAX = 1_000_000;

/** Length of the smallest record, its own length field not counted: flags, schema version, empty type, id, moment, subject, data. */
export const RECORD_BYTES_MIN = 1 + 1 + 1 + ID_BYTES + 8 + 2 + 4;

/** Bytes that are not what the record format says. Never caught to go on: whoever wrote them is at fault, or the disk. */
export class MalformedRecords extends Error {
  constructor(
    readonly offset: number,
    readonly problem: string,
  ) {
    super(`Malformed record at byte ${offset}: ${problem}`);
    this.name = 'MalformedRecords';
  }
}

/** An event that does not fit the record format. `field` says which part. */
export class EventTooLarge extends Error {
  constructor(
    readonly field: string,
    readonly bytes: number,
    readonly limit: number,
  ) {
    super(`The event's ${field} has ${bytes} bytes, the limit is ${limit}. Send less in one event.`);
    this.name = 'EventTooLarge';
  }
}

function u32(bytes: Uint8Array, offset: number): number {
  return (
    ((bytes[offset] as number) |
      ((bytes[offset + 1] as number) << 8) |
      ((bytes[offset + 2] as number) << 16) |
      ((bytes[offset + 3] as number) << 24)) >>>
    0
  );
}

/** Where the record after the one at `offset` begins. Looks at the length alone. */
export function nextRecord(bytes: Uint8Array, offset: number): number {
  if (offset + 4 > bytes.length) throw new MalformedRecords(offset, 'the bytes end inside a length');
  const length = u32(bytes, offset);
  if (length < RECORD_BYTES_MIN) throw new MalformedRecords(offset, `a length of ${length} is too short for a record`);
  const end = offset + 4 + length;
  if (end > bytes.length) throw new MalformedRecords(offset, `a length of ${length} reaches beyond the bytes`);
  return end;
}

/** Throws unless the bytes hold exactly `count` whole records, by their lengths. */
export function checkCount(events: PackedEvents): void {
  let offset = 0;
  let count = 0;
  for (; offset < events.bytes.length; count++) offset = nextRecord(events.bytes, offset);
  if (count !== events.count) throw new MalformedRecords(0, `${events.count} records announced, ${count} found`);
}

/** Where record number `index` begins (0 = the first one). */
export function offsetOf(bytes: Uint8Array, index: number): number {
  let offset = 0;
  for (let i = 0; i < index; i++) offset = nextRecord(bytes, offset);
  return offset;
}
