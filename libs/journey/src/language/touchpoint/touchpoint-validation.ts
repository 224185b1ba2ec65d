/**
 * Checks what somebody sent as a touchpoint, fills in the defaults and makes a Touchpoint of it. Written by hand for the hot
 * path: a good item costs about as much as parsing its JSON; only a refusal allocates more than the touchpoint itself.
 */
import type { Direction, Properties, Touchpoint } from '../../touchpoint';
import { OUTCOME_TYPE_PREFIX } from '../../plays/play-inputs';
import { CATALOGUE, type PreparedEntry } from '../catalogue/catalogue';
import { UNKNOWN_CHANNEL } from '../catalogue/catalogue-entry';
import { meantOrOneOf } from '../closest-word';
import { instantFault, parseInstant } from './instant';
import { checkProperties } from './property-validation';
import { checkId, checkLine, checkText, isName, nameMend } from './text-rules';
import { kindOf, pointerTo, refused, wrongType, type TouchpointError } from './touchpoint-error';
import { derivedTouchpointId } from './touchpoint-content';
import {
  ACTOR_LENGTH_MAX,
  CHANNEL_LENGTH_MAX,
  CUSTOMER_ID_LENGTH_MAX,
  OCCURRED_AT_END_MS,
  OCCURRED_AT_FIRST_MS,
  OCCURRED_AT_FUTURE_TOLERANCE_MS,
  SOURCE_LENGTH_MAX,
  TEXT_LENGTH_MAX,
  TOUCHPOINT_ID_LENGTH_MAX,
  TYPE_LENGTH_MAX,
} from './touchpoint-limits';

export type ValidatedTouchpoint =
  { ok: true; touchpoint: Touchpoint; derivedId: boolean } | { ok: false; error: TouchpointError };

/** The fields of a touchpoint as sent. Every one but customerId, type and occurredAt may be left out. */
export const TOUCHPOINT_FIELDS = [
  'touchpointId',
  'customerId',
  'type',
  'channel',
  'direction',
  'occurredAt',
  'source',
  'properties',
  'text',
  'actor',
  'history',
] as const;

export const DEFAULT_SOURCE = 'api';

type Sent = { readonly [field in (typeof TOUCHPOINT_FIELDS)[number]]?: unknown };

/**
 * @param value what JSON.parse made of one item
 * @param now the server's clock, ms: what is dated more than OCCURRED_AT_FUTURE_TOLERANCE_MS after it is refused
 * @returns the touchpoint, or the first fault. `derivedId`: it came without an id and got one from its content.
 */
export function validateTouchpoint(value: unknown, now: number): ValidatedTouchpoint {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return failed(refused('notAnObject', '', `must be an object, but is ${kindOf(value)}`));
  }
  const sent = value as Sent;
  const entry = typeof sent.type === 'string' ? CATALOGUE.entry(sent.type) : undefined;
  const occurredAt = typeof sent.occurredAt === 'string' ? parseInstant(sent.occurredAt) : NaN;
  const error =
    checkIdentity(sent, entry) ??
    checkMoment(sent.occurredAt, occurredAt, now) ??
    checkOrigin(sent) ??
    checkContent(sent, entry) ??
    (countFields(sent) === countNames(sent) ? undefined : unknownField(sent));
  return error === undefined ? accepted(sent, entry, occurredAt) : failed(error);
}

function failed(error: TouchpointError): ValidatedTouchpoint {
  return { ok: false, error };
}

/** The touchpoint of checked fields. Always the same fields in the same order, so that all touchpoints share one shape. */
function accepted(sent: Sent, entry: PreparedEntry | undefined, occurredAt: number): ValidatedTouchpoint {
  const touchpoint: Touchpoint = {
    touchpointId: (sent.touchpointId as string | undefined) ?? '',
    customerId: sent.customerId as string,
    type: sent.type as string,
    channel: (sent.channel as string | undefined) ?? (entry === undefined ? UNKNOWN_CHANNEL : entry.channel),
    direction: (sent.direction as Direction | undefined) ?? (entry === undefined ? 'inbound' : entry.direction),
    occurredAt,
    source: (sent.source as string | undefined) ?? DEFAULT_SOURCE,
    properties: (sent.properties as Properties | undefined) ?? {},
    actor: sent.actor as string | undefined,
    history: (sent.history as boolean | undefined) ?? false,
    text: sent.text as string | undefined,
  };
  if (sent.touchpointId !== undefined) return { ok: true, touchpoint, derivedId: false };
  touchpoint.touchpointId = derivedTouchpointId(touchpoint);
  return { ok: true, touchpoint, derivedId: true };
}

function checkIdentity(sent: Sent, entry: PreparedEntry | undefined): TouchpointError | undefined {
  const customer = checkId(sent.customerId, '/customerId', CUSTOMER_ID_LENGTH_MAX);
  if (customer !== undefined) return customer;
  if (sent.touchpointId !== undefined) {
    const own = checkId(sent.touchpointId, '/touchpointId', TOUCHPOINT_ID_LENGTH_MAX);
    if (own !== undefined) return own;
  }
  if (entry === undefined) return checkType(sent.type);
  return entry.reserved ? reserved(entry.type) : undefined;
}

/** A type that the catalogue does not know: any dotted name. */
function checkType(type: unknown): TouchpointError | undefined {
  const line = checkLine(type, '/type', TYPE_LENGTH_MAX);
  if (line !== undefined || typeof type !== 'string') return line;
  if (!isName(type)) return refused('badName', '/type', `is no dotted name: ${nameMend(type)}`);
  if (type.startsWith(OUTCOME_TYPE_PREFIX)) return reserved(type);
  if (type.includes('.')) return undefined;
  return refused('badName', '/type', 'has no dot: name the area first, for example "store.visited"');
}

/** What actions came to is Rapport's own word: from anybody else it could settle an action that was never carried out. */
function reserved(type: string): TouchpointError {
  const detail = `"${type}" is written by Rapport alone: name the type otherwise, without "${OUTCOME_TYPE_PREFIX}" before it`;
  return refused('notAllowed', '/type', detail);
}

function checkMoment(sent: unknown, occurredAt: number, now: number): TouchpointError | undefined {
  if (occurredAt >= OCCURRED_AT_FIRST_MS && occurredAt <= now + OCCURRED_AT_FUTURE_TOLERANCE_MS) {
    return occurredAt < OCCURRED_AT_END_MS ? undefined : outsideCalendar();
  }
  if (sent === undefined || sent === null) {
    return refused('missing', '/occurredAt', 'is missing: say when it happened, like 2026-03-04T10:11:12Z');
  }
  if (typeof sent !== 'string') return wrongType('/occurredAt', 'a string like 2026-03-04T10:11:12Z', sent);
  if (Number.isNaN(occurredAt)) return refused('badDate', '/occurredAt', instantFault(sent));
  if (occurredAt < OCCURRED_AT_FIRST_MS || occurredAt >= OCCURRED_AT_END_MS) return outsideCalendar();
  const tolerance = OCCURRED_AT_FUTURE_TOLERANCE_MS / 60_000;
  const detail = `is more than ${tolerance} minutes in the future of this server's clock (${new Date(now).toISOString()})`;
  return refused('inFuture', '/occurredAt', `${detail}: check the sender's clock and zone`);
}

function outsideCalendar(): TouchpointError {
  return refused('badDate', '/occurredAt', 'lies outside the years 1900 to 2200: check the year');
}

function checkOrigin(sent: Sent): TouchpointError | undefined {
  const { channel, direction, source, actor } = sent;
  if (channel !== undefined) {
    const line = checkLine(channel, '/channel', CHANNEL_LENGTH_MAX);
    if (line !== undefined) return line;
    if (!isName(channel as string))
      return refused('badName', '/channel', `is no channel name: ${nameMend(channel as string)}`);
  }
  if (direction !== undefined && direction !== 'inbound' && direction !== 'outbound') {
    if (typeof direction !== 'string') return wrongType('/direction', '"inbound" or "outbound"', direction);
    return refused('notAllowed', '/direction', `is not allowed. ${meantOrOneOf(direction, ['inbound', 'outbound'])}`);
  }
  const line = source === undefined ? undefined : checkLine(source, '/source', SOURCE_LENGTH_MAX);
  if (line !== undefined || actor === undefined) return line;
  return checkLine(actor, '/actor', ACTOR_LENGTH_MAX);
}

function checkContent(sent: Sent, entry: PreparedEntry | undefined): TouchpointError | undefined {
  const { properties, text, history } = sent;
  if (history !== undefined && typeof history !== 'boolean') return wrongType('/history', 'true or false', history);
  if (text !== undefined) {
    if (typeof text !== 'string') return wrongType('/text', 'a string', text);
    const error = checkText(text, '/text', TEXT_LENGTH_MAX);
    if (error !== undefined) return error;
  }
  if (properties === undefined) return entry?.required.length ? checkProperties({}, entry) : undefined;
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) {
    return wrongType('/properties', 'an object', properties);
  }
  return checkProperties(properties as Properties, entry);
}

/** How many of the known fields were sent. */
function countFields(sent: Sent): number {
  let count = 3;
  if (sent.touchpointId !== undefined) count++;
  if (sent.channel !== undefined) count++;
  if (sent.direction !== undefined) count++;
  if (sent.source !== undefined) count++;
  if (sent.properties !== undefined) count++;
  if (sent.text !== undefined) count++;
  if (sent.actor !== undefined) count++;
  if (sent.history !== undefined) count++;
  return count;
}

/** How many names were sent: more than the known fields = one is unknown. */
function countNames(sent: object): number {
  let count = 0;
  for (const name in sent) count += name === '' ? 2 : 1;
  return count;
}

function unknownField(sent: object): TouchpointError | undefined {
  const known: readonly string[] = TOUCHPOINT_FIELDS;
  const name = Object.keys(sent).find((field) => !known.includes(field));
  if (name === undefined) return undefined;
  return refused(
    'unknownField',
    pointerTo('', name.slice(0, 100)),
    `is no field of a touchpoint. ${fieldMend(name, known)}`,
  );
}

function fieldMend(name: string, known: readonly string[]): string {
  return `${meantOrOneOf(name, known)}; what is your own belongs in "properties"`;
}
