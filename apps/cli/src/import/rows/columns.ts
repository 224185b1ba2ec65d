/** Finds columns by name: those of the data file, and those of the lookups as `lookup.column`. */
import type { JsonValue } from '@rapport/journey';
import { BadRow, cellText, type Cell } from '../mapping/compile-value';
import type { ColumnSource } from '../mapping/compile-mapping';
import type { LookupTable } from './lookup-table';

/** Columns that stand at fixed places: CSV and fixed width. */
export class PlacedColumns implements ColumnSource {
  constructor(private readonly header: readonly string[]) {}

  find(name: string): Cell | undefined {
    const place = this.header.indexOf(name);
    return place === -1 ? undefined : (row) => row.cells[place];
  }

  names(): string[] {
    return [...this.header];
  }
}

/** Members of JSON objects, which have no header: every name may exist. `paths` grows with what is asked for. */
export class JsonColumns implements ColumnSource {
  readonly paths: string[][] = [];

  find(name: string): Cell {
    const place = this.paths.push(name.split('.')) - 1;
    return (row) => row.cells[place];
  }

  names(): string[] {
    return [];
  }
}

export class JoinedColumns implements ColumnSource {
  constructor(
    private readonly own: ColumnSource,
    private readonly tables: readonly LookupTable[],
  ) {}

  find(name: string): Cell | undefined {
    for (const table of this.tables) {
      const place = table.columns.findIndex((column) => `${table.lookup.name}.${column}` === name);
      const key = place === -1 ? undefined : this.own.find(table.lookup.on);
      if (key !== undefined) return joined(table, key, place);
    }
    return this.own.find(name);
  }

  names(): string[] {
    const joinedNames = this.tables.flatMap(({ lookup, columns }) =>
      columns.map((column) => `${lookup.name}.${column}`),
    );
    return [...this.own.names(), ...joinedNames];
  }
}

function joined(table: LookupTable, key: Cell, place: number): Cell {
  const { lookup, rows } = table;
  return (row): JsonValue | undefined => {
    const name = cellText(key(row));
    const found = rows.get(name);
    if (found === undefined)
      throw new BadRow(`${lookup.on} is ${JSON.stringify(name)}, which ${lookup.file} does not list`);
    return found[place];
  };
}
