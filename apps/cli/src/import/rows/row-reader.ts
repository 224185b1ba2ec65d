/** From lines to rows, for each format. */
import { parse as parseCsv } from 'csv-parse/sync';
import type { JsonValue } from '@rapport/journey';
import type { FixedColumn } from '../mapping/mapping.types';
import type { Line } from './line-splitter';
import { RECORD_CHARACTERS_MAX, RECORD_LINES_MAX, type Row } from './row';

export interface RowReader {
  rows(lines: Line[]): Row[];
  end(): Row[];
}

function bad(line: Line, fault: string): Row {
  return { line: line.number, raw: line.text, cells: [], fault };
}

/** Lines without a quote, nearly all there are, are split at the delimiter; the others go through csv-parse. */
export class CsvRows implements RowReader {
  private open: Line[] = [];
  private openCharacters = 0;

  constructor(
    private readonly delimiter: string,
    /** How many cells a row must have; undefined = any (the header itself). */
    private readonly cells: number | undefined,
  ) {}

  rows(lines: Line[]): Row[] {
    const rows: Row[] = [];
    for (const line of lines) this.take(line, rows);
    return rows;
  }

  end(): Row[] {
    const rows: Row[] = [];
    while (this.open.length > 0) this.giveUp(rows);
    return rows;
  }

  private take(line: Line, rows: Row[]): void {
    if (this.open.length === 0) {
      if (line.fault !== undefined) rows.push(bad(line, line.fault));
      else if (!line.text.includes('"')) this.plain(line, rows);
      else this.quoted([line], rows);
      return;
    }
    const full = this.open.length >= RECORD_LINES_MAX || this.openCharacters + line.text.length > RECORD_CHARACTERS_MAX;
    if (full || line.fault !== undefined) {
      this.giveUp(rows);
      this.take(line, rows);
      return;
    }
    this.quoted([...this.open, line], rows);
  }

  private plain(line: Line, rows: Row[]): void {
    if (line.text.trim() !== '') rows.push(this.row(line, line.text, line.text.split(this.delimiter)));
  }

  /** A record whose quotes do not come in pairs goes on in the next line. */
  private quoted(lines: Line[], rows: Row[]): void {
    const raw = lines.map((line) => line.text).join('\n');
    const first = lines[0] as Line;
    if (quotes(raw) % 2 === 1) {
      this.open = lines;
      this.openCharacters = raw.length;
      return;
    }
    this.open = [];
    try {
      const records = parseCsv(raw, { delimiter: this.delimiter, relax_column_count: true });
      rows.push(this.row(first, raw, records[0] ?? []));
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      rows.push(bad({ ...first, text: raw }, `the quotes cannot be read: ${detail}`));
    }
  }

  /** The quote in the first open line is not closed within reason: that line is bad, the others stand for themselves. */
  private giveUp(rows: Row[]): void {
    const [first, ...others] = this.open;
    this.open = [];
    if (first === undefined) return;
    rows.push(bad(first, 'a quote in this line is never closed: close it, or write it twice inside a quoted cell'));
    for (const line of others) {
      if (line.text.includes('"')) rows.push(bad(line, `belongs to the quote that line ${first.number} leaves open`));
      else this.plain(line, rows);
    }
  }

  private row(line: Line, raw: string, cells: string[]): Row {
    if (this.cells === undefined || cells.length === this.cells) return { line: line.number, raw, cells };
    const fault = `has ${cells.length} cells where there are ${this.cells} columns: is a delimiter missing, or one too many?`;
    return { line: line.number, raw, cells: [], fault };
  }
}

function quotes(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) count++;
  return count;
}

export class FixedRows implements RowReader {
  constructor(private readonly columns: readonly FixedColumn[]) {}

  rows(lines: Line[]): Row[] {
    return lines.flatMap((line): Row[] => {
      if (line.fault !== undefined) return [bad(line, line.fault)];
      if (line.text.trim() === '') return [];
      return [
        { line: line.number, raw: line.text, cells: this.columns.map((c) => line.text.slice(c.first - 1, c.last)) },
      ];
    });
  }

  end(): Row[] {
    return [];
  }
}

/** `paths` are the members that the mapping reads, dots between levels; the mapping may still be adding to them. */
export class JsonRows implements RowReader {
  constructor(private readonly paths: readonly string[][]) {}

  rows(lines: Line[]): Row[] {
    return lines.flatMap((line) => (line.fault === undefined && line.text.trim() === '' ? [] : [this.row(line)]));
  }

  end(): Row[] {
    return [];
  }

  private row(line: Line): Row {
    if (line.fault !== undefined) return bad(line, line.fault);
    let value: unknown;
    try {
      value = JSON.parse(line.text);
    } catch (error) {
      return bad(line, `is no JSON: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return bad(line, 'is no JSON object');
    const object = value as { [name: string]: JsonValue };
    return { line: line.number, raw: line.text, cells: this.paths.map((path) => member(object, path)), object };
  }
}

function member(object: { [name: string]: JsonValue }, path: string[]): JsonValue | undefined {
  let value: JsonValue | undefined = object;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    value = Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value;
}
