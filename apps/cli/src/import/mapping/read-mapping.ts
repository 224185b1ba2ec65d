/** Reads a mapping file (YAML or JSON), with every fault at once. */
import { parseDocument } from 'yaml';
import { DocumentReader, MappingRefused, type Members } from './document-reader';
import { FILE_FORMATS, type FixedColumn, type Lookup, type Mapping } from './mapping.types';
import { readRules } from './rule-document';
import { readZone } from './value-document';

const MAPPING_MEMBERS = [
  ...['name', 'description', 'format', 'encoding', 'delimiter', 'columns', 'zone', 'lookups', 'touchpoint', 'rules'],
] as const;
const LOOKUP_MEMBERS = ['file', 'key', 'on', 'delimiter'] as const;
/** A mapping is written by hand; a longer file is something else. */
export const MAPPING_CHARACTERS_MAX = 256 * 1024;

/** @throws MappingRefused with every fault */
export function readMapping(file: string, text: string): Mapping {
  const reader = new DocumentReader();
  const document = parseText(reader, text);
  const members = document === undefined ? undefined : reader.members('', document, MAPPING_MEMBERS);
  const mapping = members === undefined ? undefined : readMembers(reader, members);
  if (mapping === undefined || reader.faults.length > 0) throw new MappingRefused(file, reader.faults);
  return mapping;
}

function parseText(reader: DocumentReader, text: string): unknown {
  if (text.length > MAPPING_CHARACTERS_MAX) {
    return reader.fault(
      '',
      `has more than ${MAPPING_CHARACTERS_MAX} characters`,
      'Is it the data file? Name the mapping after --map',
    );
  }
  const document = parseDocument(text, { maxAliasCount: 100 } as object);
  for (const error of document.errors) {
    const where = error.linePos?.[0];
    const place = where === undefined ? '' : `line ${where.line}, column ${where.col}`;
    reader.fault(place, (error.message.split('\n')[0] ?? '').replace(/ at line.*$/, ''), 'Mend the YAML there');
  }
  return document.errors.length > 0 ? undefined : (document.toJS() as unknown);
}

function readMembers(reader: DocumentReader, members: Members): Mapping {
  const format = reader.oneOf('/format', members['format'], FILE_FORMATS, 'csv');
  const zone = readZone(reader, '/zone', members['zone']);
  const name = reader.text('/name', members['name']) ?? '';
  const columns =
    format === 'csv' && members['columns'] !== undefined ? reader.texts('/columns', members['columns']) : undefined;
  return {
    name,
    format,
    encoding: readEncoding(reader, members['encoding']),
    delimiter: readDelimiter(reader, '/delimiter', members['delimiter']),
    ...(columns === undefined ? {} : { columns }),
    fixed: format === 'fixed' ? readFixedColumns(reader, members['columns']) : [],
    lookups: readLookups(reader, members['lookups']),
    rules: readRules(reader, members, zone),
  };
}

function readEncoding(reader: DocumentReader, value: unknown): string {
  const encoding = reader.optionalText('/encoding', value) ?? 'utf-8';
  try {
    return new TextDecoder(encoding).encoding;
  } catch {
    reader.fault(
      '/encoding',
      `${JSON.stringify(encoding)} is not known`,
      'Use utf-8, windows-1252 or another WHATWG name',
    );
    return 'utf-8';
  }
}

function readDelimiter(reader: DocumentReader, path: string, value: unknown): string {
  const delimiter = reader.optionalText(path, value) ?? ',';
  if (delimiter.length === 1 && delimiter !== '"' && delimiter !== '\n' && delimiter !== '\r') return delimiter;
  reader.fault(path, `${JSON.stringify(delimiter)} is no delimiter`, 'Write one character, such as \';\' or "\\t"');
  return ',';
}

function readFixedColumns(reader: DocumentReader, value: unknown): FixedColumn[] {
  if (value === undefined) {
    reader.fault('/columns', 'is missing', 'Name each column with its first and last character: id: [1, 5]');
    return [];
  }
  return Object.entries(reader.members('/columns', value) ?? {}).map(([name, bounds]) => {
    const path = `/columns/${name}`;
    const ends = reader.list(path, bounds);
    if (Array.isArray(bounds) && ends.length !== 2)
      reader.fault(path, 'is no pair', 'Write [first, last], counted from 1');
    const first = reader.place(`${path}/0`, ends[0]) ?? 1;
    const last = reader.place(`${path}/1`, ends[1]) ?? first;
    if (last < first) reader.fault(path, 'ends before it begins', `Write [${last}, ${first}]`);
    return { name, first, last };
  });
}

function readLookups(reader: DocumentReader, value: unknown): Lookup[] {
  if (value === undefined) return [];
  return Object.entries(reader.members('/lookups', value) ?? {}).map(([name, lookup]) => {
    const path = `/lookups/${name}`;
    const members = reader.members(path, lookup, LOOKUP_MEMBERS) ?? {};
    const key = reader.text(`${path}/key`, members['key']) ?? '';
    return {
      name,
      file: reader.text(`${path}/file`, members['file']) ?? '',
      key,
      on: reader.optionalText(`${path}/on`, members['on']) ?? key,
      delimiter: readDelimiter(reader, `${path}/delimiter`, members['delimiter']),
    };
  });
}
