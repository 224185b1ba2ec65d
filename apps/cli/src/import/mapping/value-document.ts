/** One value of a mapping: a constant, a template with `{column}` in it, or a column with a type. */
import type { JsonValue } from '@rapport/journey';
import { DATE_TOKENS, datePattern } from './date-pattern';
import type { DocumentReader, Members } from './document-reader';
import { VALUE_TYPES, type ColumnValue, type ValueSource, type ValueType } from './mapping.types';
import { isZone } from './wall-clock';

const COLUMN_MEMBERS = [
  ...['column', 'type', 'format', 'zone', 'absolute', 'decimal', 'stripEnd', 'prefix', 'optional', 'map'],
] as const;
/** Formats of dates that are no patterns. */
export const NAMED_DATE_FORMATS = ['iso', 'epochSeconds', 'epochMilliseconds'] as const;

export function readValue(
  reader: DocumentReader,
  path: string,
  value: unknown,
  zone?: string,
): ValueSource | undefined {
  if (typeof value === 'string') return readTemplate(reader, path, value);
  if (typeof value === 'number' || typeof value === 'boolean') return { from: 'constant', value };
  const members = reader.members(path, value);
  if (members === undefined) return undefined;
  if (!('value' in members)) return readColumn(reader, path, members, 'string', zone);
  reader.members(path, members, ['value']);
  return { from: 'constant', value: members['value'] as JsonValue };
}

function readTemplate(reader: DocumentReader, path: string, text: string): ValueSource | undefined {
  const pieces = text.split(/\{([^{}]*)\}/);
  const texts = pieces.filter((_, i) => i % 2 === 0);
  const columns = pieces.filter((_, i) => i % 2 === 1);
  if (texts.some((piece) => /[{}]/.test(piece)) || columns.includes('')) {
    return reader.fault(
      path,
      `${JSON.stringify(text)} has a brace without its partner or name`,
      'Write columns as {name}',
    );
  }
  return columns.length === 0 ? { from: 'constant', value: text } : { from: 'template', texts, columns };
}

export function readColumn(
  reader: DocumentReader,
  path: string,
  members: Members,
  otherwise: ValueType,
  fileZone: string | undefined,
): ColumnValue | undefined {
  reader.members(path, members, COLUMN_MEMBERS);
  const column = reader.text(`${path}/column`, members['column']);
  const type = reader.oneOf(`${path}/type`, members['type'], VALUE_TYPES, otherwise);
  const zone = readZone(reader, `${path}/zone`, members['zone']) ?? fileZone;
  const format = reader.optionalText(`${path}/format`, members['format']) ?? 'iso';
  if (type === 'date') checkFormat(reader, path, format, zone);
  else if (members['format'] !== undefined)
    reader.fault(`${path}/format`, 'belongs to a date', 'Add type: date, or leave it out');
  for (const name of ['absolute', 'decimal']) {
    if (members[name] === undefined || type === 'number' || type === 'integer') continue;
    reader.fault(`${path}/${name}`, 'belongs to a number', 'Add type: number, or leave it out');
  }
  if (column === undefined) return undefined;
  return {
    from: 'column',
    column,
    type,
    format,
    ...(zone === undefined ? {} : { zone }),
    absolute: reader.flag(`${path}/absolute`, members['absolute']),
    decimal: reader.oneOf(`${path}/decimal`, members['decimal'], ['.', ','] as const, '.'),
    ...(members['stripEnd'] === undefined
      ? {}
      : { stripEnd: reader.text(`${path}/stripEnd`, members['stripEnd']) ?? '' }),
    prefix: reader.optionalText(`${path}/prefix`, members['prefix']) ?? '',
    optional: reader.flag(`${path}/optional`, members['optional']),
    ...readMap(reader, `${path}/map`, members['map']),
  };
}

export function readZone(reader: DocumentReader, path: string, value: unknown): string | undefined {
  const zone = reader.optionalText(path, value);
  if (zone === undefined || isZone(zone)) return zone;
  return reader.fault(path, `${JSON.stringify(zone)} is no time zone`, 'Use an IANA name such as Europe/London or UTC');
}

function checkFormat(reader: DocumentReader, path: string, format: string, zone: string | undefined): void {
  if ((NAMED_DATE_FORMATS as readonly string[]).includes(format)) return;
  if (datePattern(format) === undefined) {
    const mend = `Build it of ${DATE_TOKENS}, or use ${NAMED_DATE_FORMATS.join(', ')}`;
    reader.fault(`${path}/format`, `${JSON.stringify(format)} is no date format`, mend);
  } else if (zone === undefined) {
    const mend = 'Add `zone: Europe/London` (or another IANA name) here or at the top of the mapping';
    reader.fault(`${path}/zone`, `is missing: ${JSON.stringify(format)} names no zone, so it names no moment`, mend);
  }
}

function readMap(reader: DocumentReader, path: string, value: unknown): { map?: ReadonlyMap<string, JsonValue> } {
  if (value === undefined) return {};
  const members = reader.members(path, value);
  return members === undefined ? {} : { map: new Map(Object.entries(members) as [string, JsonValue][]) };
}
