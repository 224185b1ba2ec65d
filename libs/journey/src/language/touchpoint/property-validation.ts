/**
 * The `properties` of a touchpoint: those that the catalogue describes must look as it says; others are kept as they come,
 * within the bounds, where the type is open.
 */
import { propertyRules, type PreparedEntry, type PropertyRule } from '../catalogue/catalogue';
import type { PropertySpec } from '../catalogue/catalogue-entry';
import { meantOrOneOf } from '../closest-word';
import { checkText } from './text-rules';
import { pointerTo, refused, wrongType, type TouchpointError } from './touchpoint-error';
import {
  PROPERTIES_MAX,
  PROPERTY_CHARACTERS_MAX,
  PROPERTY_DEPTH_MAX,
  PROPERTY_NAME_LENGTH_MAX,
  PROPERTY_STRING_LENGTH_MAX,
  PROPERTY_VALUES_MAX,
} from './touchpoint-limits';

type Members = { readonly [name: string]: unknown };

const HERE = '/properties';
/** Names that reach a prototype where somebody copies an object carelessly. */
const UNSAFE_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

// What the item under check has used up so far. Module state instead of an object for each item: validation is synchronous.
let values = 0;
let characters = 0;

export function checkProperties(properties: Members, entry: PreparedEntry | undefined): TouchpointError | undefined {
  const rules = propertyRules(entry);
  let names = 0;
  values = 0;
  characters = 0;
  for (const name in properties) {
    if (++names > PROPERTIES_MAX)
      return refused('tooMany', HERE, `has more than ${PROPERTIES_MAX} properties: send fewer`);
    const error = checkProperty(name, properties[name], rules.get(name), entry);
    if (error !== undefined) return error;
  }
  if (values > PROPERTY_VALUES_MAX || characters > PROPERTY_CHARACTERS_MAX) return overfull();
  return entry === undefined || entry.required.length === 0 ? undefined : checkRequired(properties, entry);
}

function checkProperty(
  name: string,
  value: unknown,
  rule: PropertyRule | undefined,
  entry: PreparedEntry | undefined,
): TouchpointError | undefined {
  if (rule !== undefined && rule.spec !== undefined) return checkSpecified(name, value, rule.spec);
  if (rule === undefined) {
    const error = checkName(name, HERE);
    if (error !== undefined) return error;
  }
  if (entry !== undefined && !entry.open) return refusedByClosedType(name, entry);
  return typeof value === 'number' ? checkNumber(value, HERE, name) : checkValue(value, HERE, name, 1);
}

function checkSpecified(name: string, value: unknown, spec: PropertySpec): TouchpointError | undefined {
  if (value === null && spec.nullable) return undefined;
  switch (spec.type) {
    case 'string':
      if (typeof value !== 'string') return wrongProperty(name, 'a string', value);
      if (spec.oneOf !== undefined && !spec.oneOf.includes(value)) {
        return refused('notAllowed', pointerTo(HERE, name), `is not allowed. ${meantOrOneOf(value, spec.oneOf)}`);
      }
      return checkString(value, HERE, name);
    case 'number':
      if (typeof value !== 'number') return wrongProperty(name, 'a number', value);
      return checkNumber(value, HERE, name) ?? checkRange(value, name, spec);
    case 'boolean':
      return typeof value === 'boolean' ? undefined : wrongProperty(name, 'true or false', value);
    case 'string[]':
      if (!Array.isArray(value) || value.some((member) => typeof member !== 'string')) {
        return wrongProperty(name, 'a list of strings', value);
      }
      return checkValue(value, HERE, name, 1);
  }
}

function wrongProperty(name: string, wanted: string, value: unknown): TouchpointError {
  const error = wrongType(pointerTo(HERE, name), wanted, value);
  if (typeof value === 'number' && wanted === 'a string') error.detail += ': write it in quotes';
  if (typeof value === 'string' && wanted === 'a number') error.detail += ': write it without quotes';
  return error;
}

function checkRange(value: number, name: string, spec: PropertySpec): TouchpointError | undefined {
  const { min = -Infinity, max = Infinity } = spec;
  if (value >= min && value <= max) return undefined;
  return refused('outOfRange', pointerTo(HERE, name), `is ${value}; it must be ${min} to ${max}`);
}

function checkRequired(properties: Members, entry: PreparedEntry): TouchpointError | undefined {
  for (const name of entry.required) {
    if (properties[name] === undefined) {
      return refused('missing', pointerTo(HERE, name), `is missing: a touchpoint of type ${entry.type} needs it`);
    }
  }
  return undefined;
}

function refusedByClosedType(name: string, entry: PreparedEntry): TouchpointError {
  const mend = meantOrOneOf(name, Object.keys(entry.properties));
  return refused('unknownField', pointerTo(HERE, name), `is no property of ${entry.type}. ${mend}`);
}

/** A name that the catalogue does not know: any characters of one line, safe as a key. */
function checkName(name: string, pointer: string): TouchpointError | undefined {
  characters += name.length;
  if (name.length === 0) return refused('badName', pointer, 'has a property without a name: name it');
  if (name.length > PROPERTY_NAME_LENGTH_MAX) {
    return refused(
      'tooLong',
      pointer,
      `has a property name of ${name.length} characters; at most ${PROPERTY_NAME_LENGTH_MAX}`,
    );
  }
  let wide = 0;
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code < 32 || code === 127)
      return refused('badName', pointer, 'has a property name with a control character in it');
    wide |= code;
  }
  if ((wide > 0xd7ff && !name.isWellFormed()) || name.charCodeAt(0) === 36 || UNSAFE_NAMES.has(name)) {
    return refused(
      'badName',
      pointer,
      `has a property name that is not safe to keep: ${JSON.stringify(name)}. Choose another`,
    );
  }
  return undefined;
}

function checkNumber(value: number, pointer: string, name: string): TouchpointError | undefined {
  if (value <= Number.MAX_SAFE_INTEGER && value >= -Number.MAX_SAFE_INTEGER) return undefined;
  const mend = 'is too large to be kept exactly: write long numbers, such as ids, in quotes';
  return refused('outOfRange', pointerTo(pointer, name), mend);
}

function checkString(value: string, pointer: string, name: string): TouchpointError | undefined {
  characters += value.length;
  if (value.length <= PROPERTY_STRING_LENGTH_MAX && value.isWellFormed() && !value.includes('\0')) return undefined;
  return checkText(value, pointerTo(pointer, name), PROPERTY_STRING_LENGTH_MAX);
}

/** Any JSON value, `depth` levels below the item. The recursion ends at PROPERTY_DEPTH_MAX. */
function checkValue(value: unknown, pointer: string, name: string, depth: number): TouchpointError | undefined {
  values++;
  switch (typeof value) {
    case 'string':
      return checkString(value, pointer, name);
    case 'number':
      return checkNumber(value, pointer, name);
    case 'boolean':
      return undefined;
    case 'object':
      return value === null ? undefined : checkMembers(value, pointerTo(pointer, name), depth + 1);
    default:
      return wrongType(pointerTo(pointer, name), 'a JSON value', value);
  }
}

function checkMembers(value: object, pointer: string, depth: number): TouchpointError | undefined {
  if (depth > PROPERTY_DEPTH_MAX) {
    return refused('tooDeep', pointer, `is nested deeper than ${PROPERTY_DEPTH_MAX} levels: flatten it`);
  }
  const list = Array.isArray(value);
  for (const [name, member] of Object.entries(value)) {
    if (values > PROPERTY_VALUES_MAX || characters > PROPERTY_CHARACTERS_MAX) return overfull();
    const error = (list ? undefined : checkName(name, pointer)) ?? checkValue(member, pointer, name, depth);
    if (error !== undefined) return error;
  }
  return undefined;
}

function overfull(): TouchpointError {
  const bounds = `${PROPERTY_VALUES_MAX} values or ${PROPERTY_CHARACTERS_MAX} characters`;
  return refused('tooMany', HERE, `holds more than ${bounds} in all: send less, or free text as "text"`);
}
