/** Opens a data file with its mapping: from here on there are rows and a function that makes touchpoints of them. */
import { dirname } from 'node:path';
import type { Fault } from '@rapport/journey';
import { compileMapping, type ColumnSource, type RowMapper } from '../mapping/compile-mapping';
import { cellText } from '../mapping/compile-value';
import { MappingRefused } from '../mapping/document-reader';
import type { Lookup, Mapping } from '../mapping/mapping.types';
import { TOUCHPOINT_LINES, touchpointLine } from '../mapping/touchpoint-lines';
import { JoinedColumns, JsonColumns, PlacedColumns } from './columns';
import { FileLines } from './file-lines';
import type { Line } from './line-splitter';
import { readLookup, type LookupTable } from './lookup-table';
import type { Row } from './row';
import { CsvRows, FixedRows, JsonRows, type RowReader } from './row-reader';

export interface OpenRows {
  map: RowMapper;
  packs: AsyncIterable<Row[]>;
  /** Undefined where the size is not known beforehand (stdin). */
  bytesTotal: number | undefined;
  bytesRead(): number;
}

interface Opened {
  reader: RowReader;
  columns: ColumnSource;
  /** Lines that were read together with the header. */
  ahead: Line[];
}

/** @throws MappingRefused where the mapping does not fit the file; Error where the file cannot be read */
export async function openRows(file: string, mapping: Mapping, mappingFile: string): Promise<OpenRows> {
  const lines = new FileLines(file, mapping.encoding);
  const packs = lines.packs();
  const faults: Fault[] = [];
  const { reader, columns, ahead } = await openReader(mapping, packs, faults);
  const tables = readTables(mapping.lookups, mapping.encoding, dirname(file), faults);
  const joinedColumns = tables.length === 0 ? columns : new JoinedColumns(columns, tables);
  const map = mapping === TOUCHPOINT_LINES ? touchpointLine : compileMapping(mapping, joinedColumns, faults);
  if (faults.length > 0) {
    await packs.return(undefined);
    throw new MappingRefused(mappingFile, faults);
  }
  return { map, packs: readRows(reader, ahead, packs), bytesTotal: lines.bytesTotal, bytesRead: () => lines.bytesRead };
}

async function* readRows(reader: RowReader, ahead: Line[], packs: AsyncGenerator<Line[]>): AsyncGenerator<Row[]> {
  yield reader.rows(ahead);
  for await (const pack of packs) yield reader.rows(pack);
  yield reader.end();
}

async function openReader(mapping: Mapping, packs: AsyncGenerator<Line[]>, faults: Fault[]): Promise<Opened> {
  switch (mapping.format) {
    case 'ndjson': {
      const columns = new JsonColumns();
      return { reader: new JsonRows(columns.paths), columns, ahead: [] };
    }
    case 'fixed': {
      const columns = new PlacedColumns(mapping.fixed.map((column) => column.name));
      return { reader: new FixedRows(mapping.fixed), columns, ahead: [] };
    }
    case 'csv': {
      const { header, ahead } = mapping.columns
        ? { header: mapping.columns, ahead: [] }
        : await readHeader(mapping, packs, faults);
      reportTwins(header, faults);
      return { reader: new CsvRows(mapping.delimiter, header.length), columns: new PlacedColumns(header), ahead };
    }
  }
}

/** The first record of a CSV file that is not blank names its columns. */
async function readHeader(
  mapping: Mapping,
  packs: AsyncGenerator<Line[]>,
  faults: Fault[],
): Promise<{ header: string[]; ahead: Line[] }> {
  const reader = new CsvRows(mapping.delimiter, undefined);
  for (let pack = await packs.next(); pack.done !== true; pack = await packs.next()) {
    const lines = pack.value;
    for (let i = 0; i < lines.length; i++) {
      const [row] = reader.rows(lines.slice(i, i + 1));
      if (row === undefined) continue;
      if (row.fault !== undefined)
        faults.push({ path: `line ${row.line}`, problem: row.fault, mend: 'Mend the header' });
      return { header: row.cells.map((cell) => cellText(cell)), ahead: lines.slice(i + 1) };
    }
  }
  faults.push({
    path: 'line 1',
    problem: 'the file is empty',
    mend: 'A CSV file begins with a line that names its columns',
  });
  return { header: [], ahead: [] };
}

function reportTwins(header: readonly string[], faults: Fault[]): void {
  const twins = new Set(header.filter((name, i) => name !== '' && header.indexOf(name) !== i));
  for (const name of twins) {
    faults.push({ path: name, problem: 'names two columns of the file', mend: 'Give each column a name of its own' });
  }
}

function readTables(lookups: readonly Lookup[], encoding: string, folder: string, faults: Fault[]): LookupTable[] {
  return lookups.flatMap((lookup) => readLookup(lookup, encoding, folder, faults) ?? []);
}
