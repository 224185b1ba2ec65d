/** A small CSV file that is read whole, so that rows of another file can look up what belongs to them. */
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Fault } from '@rapport/journey';
import { meantOrOneOf } from '@rapport/journey';
import type { Lookup } from '../mapping/mapping.types';
import { cellText } from '../mapping/compile-value';
import { LineSplitter } from './line-splitter';
import { CsvRows } from './row-reader';

/** A lookup is kept in memory; a larger file is data, not a lookup. */
export const LOOKUP_BYTES_MAX = 64 * 1024 * 1024;

export interface LookupTable {
  lookup: Lookup;
  columns: string[];
  /** Cells by the value of the key column. */
  rows: ReadonlyMap<string, readonly string[]>;
}

/** Undefined, with the reason in `faults`, where the file is missing, too large, lacks the key or names one twice. */
export function readLookup(lookup: Lookup, encoding: string, folder: string, faults: Fault[]): LookupTable | undefined {
  const path = `/lookups/${lookup.name}`;
  const fault = (problem: string, mend: string): undefined => void faults.push({ path, problem, mend });
  const file = isAbsolute(lookup.file) ? lookup.file : join(folder, lookup.file);
  const bytes = readBytes(file);
  if (bytes === undefined)
    return fault(`${file} cannot be read`, 'Put it beside the data file, or name its whole path');
  if (bytes.length > LOOKUP_BYTES_MAX)
    return fault(`${file} has more than ${LOOKUP_BYTES_MAX} bytes`, 'Use a smaller one');
  const splitter = new LineSplitter(encoding);
  const lines = [...splitter.push(new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes)), ...splitter.end()];
  const reader = new CsvRows(lookup.delimiter, undefined);
  const [header, ...records] = [...reader.rows(lines), ...reader.end()];
  const columns = (header?.cells ?? []).map((cell) => cellText(cell));
  const key = columns.indexOf(lookup.key);
  if (key === -1) return fault(`${file} has no column ${lookup.key}`, meantOrOneOf(lookup.key, columns));
  const rows = new Map<string, readonly string[]>();
  for (const record of records) {
    const cells = record.cells.map((cell) => cellText(cell));
    const name = cells[key] ?? '';
    if (record.fault !== undefined || cells.length !== columns.length) {
      return fault(
        `line ${record.line} of ${file} ${record.fault ?? 'has another number of cells than the header'}`,
        'Mend the line',
      );
    }
    if (rows.has(name)) return fault(`${file} names ${lookup.key} ${name} twice`, 'Keep one row for each key');
    rows.set(name, cells);
  }
  return { lookup, columns, rows };
}

function readBytes(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
