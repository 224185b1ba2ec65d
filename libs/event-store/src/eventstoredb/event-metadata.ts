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
export const NO_SCHEMA = 0;

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

/**
 * Puts what the metadata say into the event, which already says what holds without them. Anybody may have written them, so nothing is believed: a part that is not as
 * it should be counts as absent.
 */
export function readEnvelope(metadata: unknown, into: NewEvent): void {
  if (typeof metadata !== 'object' || metadata === null) return;
  const known = metadata as Record<string, unknown>;
  const { schemaVersion, subject, occurredAt } = known;
  if (isSchemaVersion(schemaVersion)) into.schemaVersion = schemaVersion;
  const ms = typeof occurredAt === 'string' ? Date.parse(occurredAt) : occurredAt;
  if (typeof ms === 'number' && Number.isFinite(ms)) into.occurredAt = ms;
  if (typeof subject === 'string') into.subject = subject;
  const correlationId = uuidBytes(known['$correlationId']);
  if (correlationId) into.correlationId = correlationId;
  const causationId = uuidBytes(known['$causationId']);
  if (causationId) into.causationId = causationId;
  const { personal, personalBase64 } = known;
  if (typeof personalBase64 === 'string') into.personal = Buffer.from(personalBase64, 'base64');
  else if (personal !== undefined) into.personal = Buffer.from(JSON.stringify(personal));
}

function isSchemaVersion(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= SCHEMA_VERSION_MAX;
}
