/**
 * How an event of the log looks to a client, and how one that a client sent is kept (docs/decisions/0022).
 *
 * Rapport's own: `data` as it is; the rest of the envelope as JSON metadata. A client's: `schemaVersion` 0, and `personal` holds one byte that says
 * whether the data are JSON, then the client's metadata, byte for byte.
 */
import type { EventCursor } from '../../event-cursor';
import type { NewEvent } from '../../event-store';
import { uuidText } from './uuid';

/** No event of Rapport's own has it. */
const SENT_BY_A_CLIENT = 0;
const BINARY_DATA = 0;
const JSON_DATA = 1;

const DATE_MS_MAX = 8.64e15;

export const JSON_CONTENT = 'application/json';
export const BINARY_CONTENT = 'application/octet-stream';

export interface ProposedEvent {
  id: Buffer;
  type: string;
  json: boolean;
  data: Uint8Array;
  metadata: Uint8Array;
}

export interface Envelope {
  json: boolean;
  metadata: Uint8Array;
}

export function keptEvent(proposed: ProposedEvent, now: number): NewEvent {
  const flag = proposed.json ? JSON_DATA : BINARY_DATA;
  return {
    id: proposed.id,
    type: proposed.type,
    schemaVersion: SENT_BY_A_CLIENT,
    occurredAt: now,
    data: proposed.data,
    personal: Buffer.concat([Uint8Array.of(flag), proposed.metadata]),
  };
}

export function envelopeOf(cursor: EventCursor): Envelope {
  const personal = cursor.personalBytes;
  if (cursor.schemaVersion === SENT_BY_A_CLIENT && personal !== undefined && personal.length > 0)
    return { json: personal[0] === JSON_DATA, metadata: personal.subarray(1) };
  return { json: looksLikeJson(cursor.dataBytes), metadata: Buffer.from(ownMetadata(cursor, personal)) };
}

/** Rapport's own events hold JSON objects; whatever else somebody may have stored is passed on as bytes. */
function looksLikeJson(data: Buffer): boolean {
  return data[0] === BRACE && data[data.length - 1] === CLOSING_BRACE;
}

const BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

function ownMetadata(cursor: EventCursor, personal: Buffer | undefined): string {
  const { occurredAt, correlationId, causationId } = cursor;
  let metadata = `{"occurredAt":${moment(occurredAt)},"schemaVersion":${cursor.schemaVersion}`;
  if (cursor.hasSubject) metadata += `,"subject":${JSON.stringify(cursor.subject)}`;
  if (correlationId) metadata += `,"$correlationId":"${uuidText(correlationId)}"`;
  if (causationId) metadata += `,"$causationId":"${uuidText(causationId)}"`;
  if (personal) metadata += personalPart(personal);
  return `${metadata}}`;
}

/** ISO 8601 where it is a whole millisecond, else the number of ms. */
function moment(ms: number): string {
  return Number.isInteger(ms) && Math.abs(ms) <= DATE_MS_MAX ? `"${new Date(ms).toISOString()}"` : JSON.stringify(ms);
}

function personalPart(personal: Buffer): string {
  const text = personal.toString();
  return isJson(text) ? `,"personal":${text}` : `,"personalBase64":"${personal.toString('base64')}"`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
