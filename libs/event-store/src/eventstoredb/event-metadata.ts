/**
 * The envelope beside the data, as an event's custom metadata: the same JSON that the protocol endpoint shows (docs/decisions/0022), so that a reader
 * need not know which of the two it reads from.
 */
import type { EventCursor } from '../event-cursor';
import type { NewEvent } from '../event-store';
import { stableJson } from './json-bytes';
import { uuidBytes, uuidText } from './uuid';

const DATE_MS_MAX = 8.64e15;
const SCHEMA_VERSION_MAX = 255;
/** Of events that somebody else wrote. */
const NO_SCHEMA = 0;

/** Throws RangeError where the moment is no finite number: JSON cannot hold it. */
export function metadataOf(cursor: EventCursor): string {
  let metadata = `{"occurredAt":${moment(cursor.occurredAt)},"schemaVersion":${cursor.schemaVersion}`;
  if (cursor.hasSubject) metadata += `,"subject":${JSON.stringify(cursor.subject)}`;
  if (cursor.correlationId) metadata += `,"$correlationId":"${uuidText(cursor.correlationId)}"`;
  if (cursor.causationId) metadata += `,"$causationId":"${uuidText(cursor.causationId)}"`;
  const personal = cursor.personalBytes;
  if (personal) metadata += personalPart(personal);
  return `${metadata}}`;
}

/** ISO 8601 where it is a whole millisecond, else the number of ms. */
function moment(ms: number): string {
  if (Object.is(ms, -0)) return '-0';
  if (Number.isInteger(ms) && Math.abs(ms) <= DATE_MS_MAX) return `"${new Date(ms).toISOString()}"`;
  if (Number.isFinite(ms)) return JSON.stringify(ms);
  throw new RangeError(`The event's occurredAt is ${ms}, it must be a finite number of ms since the epoch.`);
}

function personalPart(personal: Buffer): string {
  const json = stableJson(personal);
  return json ? `,"personal":${json.text}` : `,"personalBase64":"${personal.toString('base64')}"`;
}

type Envelope = Pick<
  NewEvent,
  'schemaVersion' | 'occurredAt' | 'subject' | 'correlationId' | 'causationId' | 'personal'
>;

/**
 * What the metadata say. Anybody may have written the event, so nothing is believed: a part that is not as it should be counts as absent, and
 * an event without a moment happened when it was recorded.
 */
export function envelopeFrom(metadata: unknown, recordedAt: number): Envelope {
  const known = asObject(metadata);
  const { schemaVersion, subject } = known;
  const envelope: Envelope = {
    schemaVersion: isSchemaVersion(schemaVersion) ? schemaVersion : NO_SCHEMA,
    occurredAt: momentFrom(known['occurredAt']) ?? recordedAt,
  };
  if (typeof subject === 'string') envelope.subject = subject;
  const correlationId = uuidBytes(known['$correlationId']);
  if (correlationId) envelope.correlationId = correlationId;
  const causationId = uuidBytes(known['$causationId']);
  if (causationId) envelope.causationId = causationId;
  const personal = personalFrom(known);
  if (personal) envelope.personal = personal;
  return envelope;
}

function asObject(metadata: unknown): Record<string, unknown> {
  const is = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata);
  return is ? (metadata as Record<string, unknown>) : {};
}

function isSchemaVersion(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= SCHEMA_VERSION_MAX;
}

function momentFrom(value: unknown): number | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : value;
  return typeof ms === 'number' && Number.isFinite(ms) ? ms : undefined;
}

function personalFrom({ personal, personalBase64 }: Record<string, unknown>): Buffer | undefined {
  if (typeof personalBase64 === 'string') return Buffer.from(personalBase64, 'base64');
  return personal === undefined ? undefined : Buffer.from(JSON.stringify(personal));
}
