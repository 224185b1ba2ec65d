/** Turns the values of a mapping into functions of a row. */
import { parseInstant, type JsonValue } from '@rapport/journey';
import type { Row } from '../rows/row';
import { datePattern } from './date-pattern';
import type { ColumnValue, ValueSource } from './mapping.types';
import { zoneConverter } from './wall-clock';

/** Why a row makes no touchpoint: which column, what is wrong, how to mend it. */
export class BadRow extends Error {}

export type Cell = (row: Row) => JsonValue | undefined;
export type Value = (row: Row) => JsonValue | undefined;
/** Finds a column's cell by name. Unknown names are reported and answered with an empty cell. */
export type FindColumn = (name: string) => Cell;

const EMPTY = '';
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;
const YES: readonly string[] = ['true', 'yes', 'y', '1'];
const NO: readonly string[] = ['false', 'no', 'n', '0'];

export function compileValue(source: ValueSource, find: FindColumn): Value {
  switch (source.from) {
    case 'constant':
      return () => source.value;
    case 'template':
      return compileTemplate(source.texts, source.columns, find);
    case 'column':
      return compileColumn(source, find);
  }
}

function compileTemplate(texts: readonly string[], columns: readonly string[], find: FindColumn): Value {
  const cells = columns.map((column) => ({ column, cell: find(column) }));
  return (row) => {
    let text = texts[0] ?? EMPTY;
    for (let i = 0; i < cells.length; i++) {
      const { column, cell } = cells[i] as (typeof cells)[number];
      const part = cellText(cell(row));
      if (part === EMPTY) throw new BadRow(`${column} is empty, but it is part of ${template(texts, columns)}`);
      text += part + (texts[i + 1] ?? EMPTY);
    }
    return text;
  };
}

const template = (texts: readonly string[], columns: readonly string[]): string =>
  texts.map((text, i) => text + (i < columns.length ? `{${columns[i]}}` : '')).join('');

/** A cell as text without the spaces at its ends; '' where there is nothing. */
export function cellText(cell: JsonValue | undefined): string {
  if (typeof cell === 'string') return cell.trim();
  if (cell === undefined || cell === null) return EMPTY;
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

function compileColumn(source: ColumnValue, find: FindColumn): Value {
  const cell = find(source.column);
  const convert = source.type === 'json' ? undefined : converter(source);
  return (row) => {
    const found = cell(row);
    const text = cellText(found);
    if (text === EMPTY) {
      if (source.optional) return undefined;
      throw new BadRow(`${source.column} is empty: fill it, or mark it as optional in the mapping`);
    }
    if (source.map !== undefined) return mapped(source, source.map, text);
    if (convert === undefined) return found;
    const value = convert(text);
    return source.prefix === EMPTY ? value : source.prefix + cellText(value);
  };
}

function mapped(source: ColumnValue, map: ReadonlyMap<string, JsonValue>, text: string): JsonValue {
  const value = map.get(text);
  if (value !== undefined) return value;
  throw new BadRow(`${source.column} is ${shown(text)}, which the mapping's map does not list`);
}

function converter(source: ColumnValue): (text: string) => JsonValue {
  switch (source.type) {
    case 'string':
    case 'json':
      return (text) => stripped(text, source.stripEnd);
    case 'number':
      return (text) => readNumber(source, text);
    case 'integer':
      return (text) => {
        const value = readNumber(source, text);
        if (Number.isSafeInteger(value)) return value;
        throw new BadRow(`${source.column} is ${shown(text)}, which is no whole number`);
      };
    case 'boolean':
      return (text) => readFlag(source, text);
    case 'date': {
      const read = compileDate(source);
      return (text) => new Date(read(text)).toISOString();
    }
  }
}

function stripped(text: string, end: string | undefined): string {
  return end !== undefined && text.endsWith(end) ? text.slice(0, -end.length) : text;
}

function readNumber(source: ColumnValue, text: string): number {
  const written = stripped(text, source.stripEnd);
  const value = source.decimal === ',' ? written.replace(',', '.') : written;
  const misplaced = source.decimal === ',' && written.includes('.');
  if (!NUMBER.test(value) || misplaced) {
    const hint = text.includes(',') && source.decimal === '.' ? ' (decimal: "," reads a decimal comma)' : '';
    throw new BadRow(`${source.column} is ${shown(text)}, which is no number${hint}`);
  }
  return source.absolute ? Math.abs(Number(value)) : Number(value);
}

function readFlag(source: ColumnValue, text: string): boolean {
  const word = text.toLowerCase();
  if (YES.includes(word)) return true;
  if (NO.includes(word)) return false;
  throw new BadRow(`${source.column} is ${shown(text)}, which is neither yes nor no`);
}

/** Reads a moment: ms since the epoch. */
export function compileDate(source: ColumnValue): (text: string) => number {
  const read = momentReader(source);
  return (text) => {
    const at = read(text);
    if (!Number.isNaN(at)) return at;
    const format = source.format === 'iso' ? 'an ISO 8601 moment' : `a moment as ${source.format}`;
    const zone =
      source.format === 'iso' && source.zone === undefined ? ' with a zone (or name a zone in the mapping)' : '';
    throw new BadRow(`${source.column} is ${shown(text)}, which is not ${format}${zone}`);
  };
}

const SECONDS = /^-?\d{1,11}(\.\d{1,9})?$/;
const MILLISECONDS = /^-?\d{1,14}$/;

function momentReader(source: ColumnValue): (text: string) => number {
  if (source.format === 'epochSeconds') return (text) => (SECONDS.test(text) ? Math.round(Number(text) * 1000) : NaN);
  if (source.format === 'epochMilliseconds') return (text) => (MILLISECONDS.test(text) ? Number(text) : NaN);
  const toMoment = source.zone === undefined ? undefined : zoneConverter(source.zone);
  if (source.format === 'iso') return isoReader(toMoment);
  const read = datePattern(source.format);
  if (read === undefined || toMoment === undefined) throw new Error(`unchecked date format ${source.format}`);
  return onceEach((text) => toMoment(read(text)));
}

/** ISO 8601 with a zone, or without one where the mapping names one. */
function isoReader(toMoment: ((wallClock: number) => number) | undefined): (text: string) => number {
  return (text) => {
    const at = parseInstant(text);
    if (!Number.isNaN(at)) return at;
    const shape = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
    if (shape === null) return NaN;
    const [, date = '', time = '00:00', seconds = ':00', zone] = shape;
    if (zone !== undefined) return parseInstant(`${date}T${time}${seconds}${zone.replace(/(\d\d)(\d\d)$/, '$1:$2')}`);
    return toMoment === undefined ? NaN : toMoment(parseInstant(`${date}T${time}${seconds}Z`));
  };
}

/** Files are mostly in order, so the same date comes many times running. */
function onceEach(read: (text: string) => number): (text: string) => number {
  let last = '';
  let moment = NaN;
  return (text) => {
    if (text === last) return moment;
    moment = read(text);
    last = text;
    return moment;
  };
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
