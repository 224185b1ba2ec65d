/**
 * A touchpoint as the two parts of its event: `data`, which the engine reads, and `personal`, which holds text and personal
 * properties and can later be encrypted under the customer's own key without the first being rewritten.
 */
import type { Direction, FoldedTouchpoint, JsonValue, Properties, Touchpoint } from '../../touchpoint';
import { CATALOGUE, propertyRules, type PropertyRule } from '../catalogue/catalogue';

export interface EncodedTouchpoint {
  /** JSON {touchpointId,type,channel,direction,source,properties,actor?,history?:true}. */
  data: string;
  /** JSON {text?,properties?}; undefined where nothing is personal. */
  personal: string | undefined;
}

/** The personal part, parsed. */
export interface PersonalPart {
  text?: string;
  properties?: Properties;
}

interface StoredData {
  touchpointId: string;
  type: string;
  channel: string;
  direction: Direction;
  source: string;
  properties: Properties;
  actor?: string;
  history?: true;
}

export function encodeTouchpoint(touchpoint: Touchpoint): EncodedTouchpoint {
  const rules = propertyRules(CATALOGUE.entry(touchpoint.type));
  const { properties, actor, text } = touchpoint;
  if (!holdsPersonal(properties, rules)) {
    const personal = text === undefined ? undefined : `{"text":${JSON.stringify(text)}}`;
    return { data: dataJson(touchpoint, properties, actor), personal };
  }
  const clear: Properties = {};
  const apart: Properties = {};
  for (const name of Object.keys(properties)) {
    const value = properties[name];
    if (value !== undefined) define(rules.get(name)?.personal ? apart : clear, name, value);
  }
  return { data: dataJson(touchpoint, clear, actor), personal: JSON.stringify({ text, properties: apart }) };
}

function holdsPersonal(properties: Properties, rules: ReadonlyMap<string, PropertyRule>): boolean {
  for (const name in properties) {
    const rule = rules.get(name);
    if (rule !== undefined && rule.personal) return true;
  }
  return false;
}

/** Own member whatever the name: plain assignment of `__proto__` would set the prototype. */
function define(properties: Properties, name: string, value: JsonValue): void {
  Object.defineProperty(properties, name, { value, enumerable: true, writable: true, configurable: true });
}

/** By hand where JSON.stringify of one object would do: it costs half (the fields are short and need no escapes). */
function dataJson(touchpoint: Touchpoint, properties: Properties, actor: string | undefined): string {
  return (
    `{"touchpointId":${quoted(touchpoint.touchpointId)},"type":${quoted(touchpoint.type)}` +
    `,"channel":${quoted(touchpoint.channel)},"direction":"${touchpoint.direction}"` +
    `,"source":${quoted(touchpoint.source)},"properties":${JSON.stringify(properties)}` +
    (actor === undefined ? '' : `,"actor":${quoted(actor)}`) +
    (touchpoint.history ? ',"history":true}' : '}')
  );
}

/** A string as JSON. What needs an escape goes the long way. */
function quoted(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 || code === 34 || code === 92 || code > 0xd7ff) return JSON.stringify(text);
  }
  return `"${text}"`;
}

/** The engine's view of a stored touchpoint. `occurredAt` stands in the envelope. Throws where `data` is not its JSON. */
export function decodeTouchpoint(data: string, occurredAt: number): FoldedTouchpoint {
  const stored = JSON.parse(data) as StoredData;
  if (typeof stored !== 'object' || stored === null || typeof stored.touchpointId !== 'string') throw unreadable();
  if (typeof stored.type !== 'string' || typeof stored.properties !== 'object' || stored.properties === null) {
    throw unreadable();
  }
  return {
    touchpointId: stored.touchpointId,
    type: stored.type,
    channel: stored.channel,
    direction: stored.direction,
    occurredAt,
    source: stored.source,
    properties: stored.properties,
    actor: stored.actor,
    history: stored.history === true,
  };
}

function unreadable(): Error {
  return new Error(
    'The data of this TouchpointRecorded event is no touchpoint: touchpointId, type or properties is missing.',
  );
}

/** The personal part as an object; {} for '' or undefined (nothing personal, or erased). */
export function parsePersonal(personalJson: string | undefined): PersonalPart {
  return personalJson === undefined || personalJson === '' ? {} : (JSON.parse(personalJson) as PersonalPart);
}

/** Both parts together again: what a timeline shows. */
export function joinPersonal(
  folded: FoldedTouchpoint,
  personalJson: string | undefined,
): FoldedTouchpoint & { text?: string } {
  const { text, properties } = parsePersonal(personalJson);
  const joined: FoldedTouchpoint & { text?: string } = {
    ...folded,
    properties: { ...folded.properties, ...properties },
  };
  if (text !== undefined) joined.text = text;
  return joined;
}
