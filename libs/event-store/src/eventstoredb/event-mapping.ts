import type { EventData, RecordedEvent } from '@eventstore/db-client';

import { EventCursor } from '../event-cursor';
import type { AppendRequest, StoredEvent } from '../event-store';
import { EventTooLarge } from '../record-format';
import { metadataOf, NO_SCHEMA, readEnvelope } from './event-metadata';
import { mayBeObject, stableJson } from './json-bytes';
import { APPEND_BYTES_MAX, EVENT_OVERHEAD_BYTES } from './limits';
import { uuidBytes, uuidText } from './uuid';

/** An event as the server will hold it, and what it counts for it. */
export interface ServerEvent {
  /** UUID in text. */
  id: string;
  type: string;
  json: boolean;
  data: Uint8Array;
  metadata: Uint8Array;
  bytes: number;
}

/** Names that begin with this are the server's own. */
const SYSTEM = '$';

/** What the server or the client cannot take, found before either sees it: one bad event ends a client's stream of appends for good. */
export class EventRefused extends Error {
  constructor(stream: string, problem: string) {
    super(`The events for "${stream}" were not sent: ${problem}`);
    this.name = 'EventRefused';
  }
}

/** Throws EventRefused, EventTooLarge, RangeError or MalformedRecords. */
export function serverEvents({ stream, events }: Pick<AppendRequest, 'stream' | 'events'>): ServerEvent[] {
  if (stream === '' || stream.startsWith(SYSTEM))
    throw new EventRefused(stream, `the name of a stream must not be empty, nor begin with ${SYSTEM}.`);
  const made: ServerEvent[] = [];
  const cursor = new EventCursor().resetPacked(events);
  while (cursor.next()) made.push(serverEvent(stream, cursor));
  if (made.length !== events.count)
    throw new EventRefused(stream, `${events.count} events were announced, ${made.length} are there.`);
  return made;
}

function serverEvent(stream: string, cursor: EventCursor): ServerEvent {
  const { type, dataBytes } = cursor;
  if (type === '' || type.startsWith(SYSTEM))
    throw new EventRefused(stream, `the type "${type}" of an event must not be empty, nor begin with ${SYSTEM}.`);
  const metadata = TEXT.encode(metadataOf(cursor));
  const bytes = dataBytes.length + metadata.length + Buffer.byteLength(type) + EVENT_OVERHEAD_BYTES;
  if (bytes > APPEND_BYTES_MAX)
    throw new EventTooLarge('data and metadata, as EventStoreDB holds them,', bytes, APPEND_BYTES_MAX);
  const json = mayBeObject(dataBytes) && stableJson(dataBytes) !== undefined;
  return { id: uuidText(cursor.id), type, json, data: new Uint8Array(dataBytes), metadata, bytes };
}

/** Makes bytes of exactly the class that the client passes on as they are; it would take a Buffer for JSON. */
const TEXT = new TextEncoder();

/** For one call of the client: a new one for each try. */
export function clientEvent(event: ServerEvent): EventData {
  const { id, type, json, data, metadata } = event;
  return json ? new JsonInBytes(id, type, data, metadata) : { id, type, contentType: BINARY, data, metadata };
}

const JSON_TEXT = 'application/json';
const BINARY = 'application/octet-stream';

/**
 * JSON that is text already. The client would make a text of a value, base64 of the text and bytes of the base64, twice: three times the cost of the whole rest. It asks for the
 * content type two times, first for what the server is told, then for how the data are to be treated; the second answer lets the bytes through. Should it ask otherwise,
 * the bytes know the value that they are (`toJSON`), and what is stored is the same.
 */
class JsonInBytes {
  readonly data: Uint8Array & { toJSON(): unknown };
  private asked = false;

  constructor(
    readonly id: string,
    readonly type: string,
    bytes: Uint8Array,
    readonly metadata: Uint8Array,
  ) {
    const value = bytes as Uint8Array & { toJSON(): unknown };
    value.toJSON = valueOfBytes;
    this.data = value;
  }

  get contentType(): 'application/octet-stream' {
    const told = this.asked ? BINARY : (JSON_TEXT as typeof BINARY);
    this.asked = true;
    return told;
  }
}

function valueOfBytes(this: Uint8Array): unknown {
  return JSON.parse(Buffer.from(this.buffer, this.byteOffset, this.byteLength).toString()) as unknown;
}

/** Whether a record is the server's own. */
export function isSystem(event: Pick<RecordedEvent, 'type' | 'streamId'>): boolean {
  return event.type.startsWith(SYSTEM) || event.streamId.startsWith(SYSTEM);
}

/** Throws RangeError for a position or revision that is not a safe integer: it cannot be kept exactly. */
export function storedEvent(event: RecordedEvent): StoredEvent {
  const recordedAt = event.created.getTime();
  const stored: StoredEvent = {
    stream: event.streamId,
    revision: safeInteger(event.revision, 'revision'),
    position: positionOf(event),
    recordedAt,
    id: uuidBytes(event.id) ?? Buffer.alloc(ID_BYTES),
    type: event.type,
    data: dataFrom(event.data),
    schemaVersion: NO_SCHEMA,
    occurredAt: recordedAt,
  };
  readEnvelope(event.metadata, stored);
  return stored;
}

const ID_BYTES = 16;

export function positionOf(event: RecordedEvent): number {
  return safeInteger(event.position?.commit ?? -1n, 'position');
}

export function safeInteger(value: bigint, what: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new RangeError(`The server names the ${what} ${value}; from 0 to ${Number.MAX_SAFE_INTEGER} can be kept.`);
  return number;
}

/** JSON came as a value (a text that was none, as that text), the rest as bytes. */
function dataFrom(data: unknown): Uint8Array {
  if (data instanceof Uint8Array) return Buffer.from(data);
  return Buffer.from(typeof data === 'string' ? data : JSON.stringify(data));
}

/** Cuts events into calls that the server takes: in order, none too large. */
export function inCalls(events: ServerEvent[], eventsMax: number): ServerEvent[][] {
  const calls: ServerEvent[][] = [];
  let bytes = Infinity;
  for (const event of events) {
    const last = calls.at(-1);
    if (last === undefined || bytes + event.bytes > APPEND_BYTES_MAX || last.length >= eventsMax) {
      calls.push([event]);
      bytes = event.bytes;
    } else {
      last.push(event);
      bytes += event.bytes;
    }
  }
  return calls;
}
