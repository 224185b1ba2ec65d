/**
 * What the engine reads back, over a read-only connection. Each call is one or more whole statements: no read transaction
 * stays open between calls or between the steps of an iterator, so the reader never holds back a checkpoint.
 */
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import type { Checkpoint, CounterRow, CustomerRow, EngineReader, ProfileRow } from '../read-models';
import { CUSTOMER_COLUMNS, type SqlRow, toCustomer } from './customer-columns';
import { readModelPath } from './generation';
import { NameReader } from './names';
import { PointReads, rows } from './point-reads';
import { openReadOnly } from './schema';

/** Iterators read pages that grow: the first customers come fast, a million do not cost a million seeks. */
const FIRST_PAGE_ROWS = 256;
const PAGE_ROWS_MAX = 16_384;
const PAGE_GROWTH = 4;

export function openEngineReader(folder: string, generation: number): SqliteEngineReader {
  return new SqliteEngineReader(openReadOnly(readModelPath(folder, generation)));
}

export class SqliteEngineReader implements EngineReader {
  private readonly names: NameReader;
  private readonly points: PointReads;
  private readonly loadRows: StatementSyncInstance;
  private readonly dueRows: StatementSyncInstance;
  private readonly firstDue: StatementSyncInstance;
  private readonly unsettledRows: StatementSyncInstance;
  private readonly behindRows: StatementSyncInstance;
  private readonly idRows: StatementSyncInstance;

  constructor(private readonly db: DatabaseSyncInstance) {
    this.names = new NameReader(db);
    this.points = new PointReads(db, this.names);
    this.loadRows = rows(
      db,
      `SELECT ${CUSTOMER_COLUMNS} FROM json_each(?) AS wanted CROSS JOIN customers ON customer_id = wanted.value`,
    );
    this.dueRows = rows(
      db,
      `SELECT customer_id, due FROM customers INDEXED BY customers_by_due
       WHERE partition = ? AND due <= ? AND due >= ? AND (due > ? OR customer_id > ?)
       ORDER BY due, customer_id LIMIT ?`,
    );
    this.firstDue = rows(
      db,
      'SELECT due FROM customers INDEXED BY customers_by_due WHERE partition = ? AND due IS NOT NULL ORDER BY due LIMIT 1',
    );
    this.unsettledRows = rows(
      db,
      `SELECT customer_id FROM customers INDEXED BY customers_unsettled
       WHERE unsettled = 1 AND partition = ? AND customer_id > ? ORDER BY customer_id LIMIT ?`,
    );
    this.behindRows = rows(
      db,
      `SELECT customer_id FROM customers INDEXED BY customers_by_id
       WHERE customer_id > ? AND partition = ? AND definition_version < ? ORDER BY customer_id LIMIT ?`,
    );
    this.idRows = rows(db, 'SELECT customer_id, no FROM customers WHERE no > ? ORDER BY no LIMIT ?');
  }

  checkpoint(): Checkpoint | null {
    return this.points.checkpoint();
  }

  load(customerIds: string[]): CustomerRow[] {
    if (customerIds.length === 0) return [];
    const found = this.loadRows.all(JSON.stringify(customerIds)) as SqlRow[];
    return found.map((row) => toCustomer(row, this.names));
  }

  profile(no: number): ProfileRow | null {
    return this.points.profile(no);
  }

  chunks(no: number): Uint8Array[] {
    return this.points.chunks(no);
  }

  counters(): CounterRow[] {
    return this.points.counters();
  }

  *due(partition: number, until: number): Iterable<{ customerId: string; due: number }> {
    let due = Number.MIN_SAFE_INTEGER;
    let customerId = '';
    for (let limit = FIRST_PAGE_ROWS; ; limit = grown(limit)) {
      const page = this.dueRows.all(partition, until, due, due, customerId, limit) as SqlRow[];
      for (const row of page) {
        customerId = row[0] as string;
        due = row[1] as number;
        yield { customerId, due };
      }
      if (page.length < limit) return;
    }
  }

  earliestDue(partition: number): number | null {
    const row = this.firstDue.get(partition) as SqlRow | undefined;
    return row === undefined ? null : (row[0] as number);
  }

  unsettled(partition: number, after: string): Iterable<string> {
    return pages(after, (last, limit) => this.unsettledRows.all(partition, last, limit) as SqlRow[]);
  }

  behind(partition: number, version: number, after: string): Iterable<string> {
    return pages(after, (last, limit) => this.behindRows.all(last, partition, version, limit) as SqlRow[]);
  }

  unsettledCount(): number {
    return this.points.unsettledCount();
  }

  *customerIds(): Iterable<string> {
    let no = -1;
    for (let limit = FIRST_PAGE_ROWS; ; limit = grown(limit)) {
      const page = this.idRows.all(no, limit) as SqlRow[];
      for (const row of page) yield row[0] as string;
      if (page.length < limit) return;
      no = (page[page.length - 1] as SqlRow)[1] as number;
    }
  }

  close(): void {
    this.db.close();
  }
}

function grown(limit: number): number {
  return Math.min(limit * PAGE_GROWTH, PAGE_ROWS_MAX);
}

function* pages(after: string, read: (last: string, limit: number) => SqlRow[]): Iterable<string> {
  let last = after;
  for (let limit = FIRST_PAGE_ROWS; ; limit = grown(limit)) {
    const page = read(last, limit);
    for (const row of page) {
      last = row[0] as string;
      yield last;
    }
    if (page.length < limit) return;
  }
}
