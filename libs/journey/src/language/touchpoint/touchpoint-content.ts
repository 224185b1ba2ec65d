/**
 * What a touchpoint says, as one text: the same content always gives the same text, whatever the order of its names. The
 * history flag is not content, nor is the id: both say how it came, not what happened.
 */
import { createHash } from 'node:crypto';
import type { FoldedTouchpoint, JsonValue, Touchpoint } from '../../touchpoint';

/** Every derived id starts like this, so that people see that nobody chose it. */
export const DERIVED_ID_PREFIX = 'c-';
const DERIVED_ID_HEX_DIGITS = 32;

/** JSON with the names of every object in code unit order. */
export function canonicalJson(value: JsonValue | undefined): string {
  if (value === undefined) return 'null';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name])}`);
  return `{${members.join(',')}}`;
}

/** `c-` and half of the SHA-256 of the content, the customer included. Equal content = equal id, for ever. */
export function derivedTouchpointId(touchpoint: Touchpoint): string {
  const { customerId, type, channel, direction, occurredAt, source, properties, text, actor } = touchpoint;
  const content = canonicalJson([
    ...[customerId, type, channel, direction, occurredAt, source, properties],
    ...[text ?? null, actor ?? null],
  ]);
  return DERIVED_ID_PREFIX + createHash('sha256').update(content).digest('hex').slice(0, DERIVED_ID_HEX_DIGITS);
}

/**
 * What two touchpoints under one id must share to be the same one. Both parts of the event count.
 * @param personalJson the personal part as stored; '' = there is none
 */
export function contentKey(data: FoldedTouchpoint, personalJson: string): string {
  const { type, channel, direction, occurredAt, source, properties, actor } = data;
  const personal = personalJson === '' ? {} : (JSON.parse(personalJson) as JsonValue);
  return canonicalJson([type, channel, direction, occurredAt, source, properties, actor ?? null, personal]);
}

export function sameContent(a: FoldedTouchpoint, aPersonal: string, b: FoldedTouchpoint, bPersonal: string): boolean {
  return contentKey(a, aPersonal) === contentKey(b, bPersonal);
}
