/** Turns a mapping into one function from a row to a touchpoint as POST /v1/touchpoints takes it. */
import { meantOrOneOf, type Fault, type JsonValue, type Properties } from '@rapport/journey';
import type { Row } from '../rows/row';
import { BadRow, cellText, compileDate, compileValue, type Cell, type FindColumn, type Value } from './compile-value';
import { MAPPED_FIELDS, type Mapping, type RowCondition, type RowRule, type TouchpointFields } from './mapping.types';

/** A touchpoint as sent: `occurredAt` is ISO 8601 UTC with milliseconds. */
export interface SentTouchpoint {
  touchpointId?: JsonValue;
  customerId?: JsonValue;
  type?: JsonValue;
  channel?: JsonValue;
  direction?: JsonValue;
  occurredAt?: JsonValue;
  source?: JsonValue;
  properties?: JsonValue;
  actor?: JsonValue;
  text?: JsonValue;
  history?: JsonValue;
}

export type MappedRow =
  { kind: 'touchpoint'; sent: SentTouchpoint } | { kind: 'skipped'; reason: string } | { kind: 'bad'; reason: string };
export type RowMapper = (row: Row) => MappedRow;

/** The columns that a mapping can read: those of the file, and those of the looked-up files as `lookup.column`. */
export interface ColumnSource {
  /** Undefined where there is no such column. */
  find(name: string): Cell | undefined;
  names(): string[];
}

/** Not skipped in silence: nobody said that such rows may be left out. */
const NO_RULE = 'no rule of the mapping fits this row: add one, with `skip:` if it is to be left out';

/** Columns that the file does not have are reported in `faults`, each once. */
export function compileMapping(mapping: Mapping, columns: ColumnSource, faults: Fault[]): RowMapper {
  const reported = new Set<string>();
  const find: FindColumn = (name) => {
    const cell = columns.find(name);
    if (cell !== undefined) return cell;
    if (!reported.has(name)) {
      faults.push({ path: name, problem: 'is no column of the file', mend: meantOrOneOf(name, columns.names()) });
    }
    reported.add(name);
    return () => undefined;
  };
  const rules = mapping.rules.map((rule) => compileRule(rule, mapping.name, find));
  return (row) => {
    if (row.fault !== undefined) return { kind: 'bad', reason: row.fault };
    try {
      for (const rule of rules) if (rule.fits(row)) return rule.make(row);
      return { kind: 'bad', reason: NO_RULE };
    } catch (error) {
      if (error instanceof BadRow) return { kind: 'bad', reason: error.message };
      throw error;
    }
  };
}

interface CompiledRule {
  fits(row: Row): boolean;
  make(row: Row): MappedRow;
}

function compileRule(rule: RowRule, mappingName: string, find: FindColumn): CompiledRule {
  const conditions = rule.when.map((condition) => compileCondition(condition, find));
  const fits = (row: Row): boolean => conditions.every((holds) => holds(row));
  if (rule.skip !== undefined) {
    const skipped: MappedRow = { kind: 'skipped', reason: rule.skip };
    return { fits, make: () => skipped };
  }
  const make = compileTouchpoint(rule.touchpoint, mappingName, find);
  return { fits, make: (row) => ({ kind: 'touchpoint', sent: make(row) }) };
}

function compileCondition(condition: RowCondition, find: FindColumn): (row: Row) => boolean {
  const cell = find(condition.column);
  const { oneOf, not, atLeast = -Infinity, atMost = Infinity, empty } = condition;
  const bounded = condition.atLeast !== undefined || condition.atMost !== undefined;
  return (row) => {
    const text = cellText(cell(row));
    if (oneOf !== undefined && !oneOf.includes(text)) return false;
    if (not !== undefined && not.includes(text)) return false;
    if (empty !== undefined && (text === '') !== empty) return false;
    if (!bounded) return true;
    const number = text === '' ? NaN : Number(text);
    return number >= atLeast && number <= atMost;
  };
}

function compileTouchpoint(
  fields: TouchpointFields,
  mappingName: string,
  find: FindColumn,
): (row: Row) => SentTouchpoint {
  const values: [(typeof MAPPED_FIELDS)[number], Value][] = [];
  for (const field of MAPPED_FIELDS) {
    const source = fields.fields[field];
    if (source !== undefined) values.push([field, compileValue(source, find)]);
    else if (field === 'source') values.push([field, () => mappingName]);
  }
  const occurredAt = compileMoment(fields, find);
  const properties = compileProperties(fields, find);
  return (row) => {
    const sent: SentTouchpoint = { occurredAt: occurredAt(row), properties: properties(row) };
    for (const [field, value] of values) sent[field] = value(row);
    return sent;
  };
}

function compileMoment(fields: TouchpointFields, find: FindColumn): (row: Row) => string {
  const source = fields.occurredAt;
  if (source === undefined) throw new Error('a touchpoint without occurredAt passed the check of the mapping');
  const cell = find(source.column);
  const read = compileDate(source);
  let last = NaN;
  let written = '';
  return (row) => {
    const text = cellText(cell(row));
    if (text === '') throw new BadRow(`${source.column} is empty: without a moment there is no touchpoint`);
    const at = read(text);
    if (at !== last) written = new Date(at).toISOString();
    last = at;
    return written;
  };
}

function compileProperties(fields: TouchpointFields, find: FindColumn): (row: Row) => Properties {
  const values = Object.entries(fields.properties).map(([name, source]) => ({
    name,
    value: compileValue(source, find),
  }));
  const whole = fields.propertiesFrom === undefined ? undefined : find(fields.propertiesFrom);
  return (row) => {
    const properties: Properties = {};
    const given = whole?.(row);
    if (given !== undefined && given !== null) {
      if (typeof given !== 'object' || Array.isArray(given)) throw new BadRow(`${fields.propertiesFrom} is no object`);
      Object.assign(properties, given);
    }
    for (const { name, value } of values) {
      const found = value(row);
      if (found !== undefined) properties[name] = found;
    }
    return properties;
  };
}
