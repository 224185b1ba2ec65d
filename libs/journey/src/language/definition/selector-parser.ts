/** Parses a selector: which touchpoints a measure looks at. `purchase`, `support.ticket.opened`, `any`, or the long form. */
import type { Selector, ValueTest } from '../../definition';
import type { JsonValue } from '../../touchpoint';
import { CATALOGUE } from '../catalogue/catalogue';
import type { PropertySpec } from '../catalogue/catalogue-entry';
import { closestWord, editDistance, meantOrOneOf } from '../closest-word';
import { isName, nameMend } from '../touchpoint/text-rules';
import { kindOf, pointerTo } from '../touchpoint/touchpoint-error';
import { CHANNEL_LENGTH_MAX, PROPERTY_NAME_LENGTH_MAX, TYPE_LENGTH_MAX } from '../touchpoint/touchpoint-limits';
import { WHERE_MAX } from './definition-limits';
import type { FaultList } from './fault-list';
import { readTest, readWords } from './value-parser';

export const SELECTOR_KEYS = ['meaning', 'type', 'where', 'channel', 'direction', 'source'] as const;
export const ANY = 'any';

/** An own type so near to a known one would be a trap: one of the two is a slip of the pen. */
const NEAR_TYPE_DISTANCE_MAX = 2;
/** Nobody means an outcome of an action: `auction.failed` is a type of one's own. */
const MEANT_TYPES = CATALOGUE.types().filter((type) => !CATALOGUE.entry(type)?.reserved);

export function readSelector(value: unknown, path: string, faults: FaultList, more: readonly string[] = []): Selector {
  if (typeof value === 'string') return readWord(value, path, faults);
  const members = faults.members(value, path, [...SELECTOR_KEYS, ...more], 'a selector');
  const selector: Selector = {};
  if (members === undefined) return selector;
  if (members['meaning'] !== undefined) readMeaning(members['meaning'], pointerTo(path, 'meaning'), selector, faults);
  if (members['type'] !== undefined) readType(members['type'], pointerTo(path, 'type'), selector, faults);
  if (members['meaning'] !== undefined && members['type'] !== undefined) {
    faults.add(path, 'names a meaning and a type', 'Keep one of them');
  }
  const channel = readWords(members['channel'], pointerTo(path, 'channel'), faults);
  for (const name of channel ?? []) {
    if (isName(name) && name.length <= CHANNEL_LENGTH_MAX) continue;
    faults.add(pointerTo(path, 'channel'), 'is no name that a channel can have', nameMend(name));
  }
  if (channel) selector.channel = channel;
  if (members['direction'] !== undefined)
    readDirection(members['direction'], pointerTo(path, 'direction'), selector, faults);
  const source = readWords(members['source'], pointerTo(path, 'source'), faults);
  if (source) selector.source = source;
  if (members['where'] !== undefined) readWhere(members['where'], pointerTo(path, 'where'), selector, faults);
  return selector;
}

/** The short form: a dotted word is a type, a bare one a meaning, `any` every touchpoint. */
function readWord(word: string, path: string, faults: FaultList): Selector {
  const selector: Selector = {};
  if (word === ANY) return selector;
  if (word.includes('.')) readType(word, path, selector, faults);
  else readMeaning(word, path, selector, faults);
  return selector;
}

function readMeaning(value: unknown, path: string, selector: Selector, faults: FaultList): void {
  if (typeof value === 'string' && (CATALOGUE.meaningNames as readonly string[]).includes(value)) {
    selector.meaning = value;
    return;
  }
  const wrong =
    typeof value === 'string'
      ? `"${value.slice(0, TYPE_LENGTH_MAX)}" is no meaning`
      : `a meaning is a word, but this is ${kindOf(value)}`;
  const mend = meantOrOneOf(typeof value === 'string' ? value : '', [...CATALOGUE.meaningNames, ANY]);
  faults.add(path, wrong, `${mend} (a touchpoint type has a dot in it)`);
}

function readType(value: unknown, path: string, selector: Selector, faults: FaultList): void {
  if (typeof value !== 'string') {
    faults.add(path, `a type is a dotted name, but this is ${kindOf(value)}`, 'Write it like purchase.completed');
  } else if (value.length > TYPE_LENGTH_MAX || !isName(value) || !value.includes('.')) {
    faults.add(path, `"${value.slice(0, TYPE_LENGTH_MAX)}" is no type`, `Write a dotted name: ${nameMend(value)}`);
  } else {
    const near = CATALOGUE.entry(value) === undefined ? closestWord(value, MEANT_TYPES) : undefined;
    if (near !== undefined && editDistance(value, near, NEAR_TYPE_DISTANCE_MAX + 1) <= NEAR_TYPE_DISTANCE_MAX) {
      faults.add(path, `"${value}" is no known type`, `Did you mean "${near}"? Name a type of your own less like it`);
    } else selector.type = value;
  }
}

function readDirection(value: unknown, path: string, selector: Selector, faults: FaultList): void {
  if (value === 'inbound' || value === 'outbound') selector.direction = value;
  else {
    const word = typeof value === 'string' ? value : '';
    faults.add(path, 'is no direction', meantOrOneOf(word, ['inbound', 'outbound']));
  }
}

function readWhere(value: unknown, path: string, selector: Selector, faults: FaultList): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    faults.add(path, `where must be an object, but is ${kindOf(value)}`, 'Write it like { rating: { atLeast: 4 } }');
    return;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) faults.add(path, 'where is empty', 'Name a property, or leave it out');
  if (entries.length > WHERE_MAX)
    faults.add(path, `where names ${entries.length} properties; at most ${WHERE_MAX}`, 'Use fewer');
  const where: { [property: string]: ValueTest } = {};
  for (const [property, wanted] of entries.slice(0, WHERE_MAX)) {
    const at = pointerTo(path, property);
    checkProperty(property, selector, at, faults);
    const test = readTest(wanted, at, faults);
    if (test === undefined) continue;
    checkTestFits(property, test, selector, at, faults);
    where[property] = test;
  }
  selector.where = where;
}

/** A property that rules can read. */
export function checkProperty(
  property: unknown,
  selector: Selector,
  path: string,
  faults: FaultList,
): property is string {
  if (typeof property !== 'string' || property.length === 0 || property.length > PROPERTY_NAME_LENGTH_MAX) {
    faults.add(path, 'is no name of a property', `Write a name of 1 to ${PROPERTY_NAME_LENGTH_MAX} characters`);
    return false;
  }
  if (property === '__proto__' || property === 'constructor' || property === 'prototype' || !property.isWellFormed()) {
    faults.add(path, 'is no name that a property can have', 'Choose another');
    return false;
  }
  if (CATALOGUE.isPersonal(property, selector.type)) {
    const mend = 'Rules read only what is not personal: test a type, an amount, a rating or a tag';
    faults.add(path, `"${property}" is personal and stands apart, where no rule can read it`, mend);
    return false;
  }
  const known = selector.type === undefined ? undefined : CATALOGUE.entry(selector.type)?.properties;
  if (known === undefined || Object.hasOwn(known, property)) return true;
  const near = closestWord(property, Object.keys(known));
  if (near === undefined) return true;
  faults.add(path, `${selector.type} has no property "${property}"`, `Did you mean "${near}"?`);
  return false;
}

/** Where the catalogue knows the property's type, a test for another type could never hold. */
export function checkTestFits(
  property: string,
  test: ValueTest,
  selector: Selector,
  path: string,
  faults: FaultList,
): void {
  const known = selector.type === undefined ? undefined : CATALOGUE.entry(selector.type)?.properties;
  const spec = known !== undefined && Object.hasOwn(known, property) ? known[property] : undefined;
  if (spec === undefined) return;
  if (spec.type !== 'number' && (test.atLeast !== undefined || test.atMost !== undefined)) {
    faults.add(path, `can never hold: "${property}" is a ${spec.type}, not a number`, 'Use equals or oneOf');
  }
  const wanted = [...(test.equals === undefined ? [] : [test.equals]), ...(test.oneOf ?? [])];
  for (const value of wanted) {
    if (canEqual(value, spec)) continue;
    const words =
      spec.oneOf === undefined
        ? `Compare it with a ${spec.type}`
        : meantOrOneOf(typeof value === 'string' ? value : JSON.stringify(value), spec.oneOf);
    faults.add(path, `can never hold: "${property}" is never ${JSON.stringify(value)}`, words);
  }
}

function canEqual(value: JsonValue, spec: PropertySpec): boolean {
  if (spec.type === 'string[]') return false;
  return typeof value === spec.type && (spec.oneOf === undefined || spec.oneOf.some((one) => one === value));
}
