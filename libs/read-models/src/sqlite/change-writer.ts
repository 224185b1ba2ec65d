/** Writes change operations, in their order: into a live file at once, in a bulk load as a list that is resolved at the end. */
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { ChangeDays, COUNT_ALL_DAYS } from './change-days';
import { CHANGE_OPS } from './flush-pack';
import type { PackedChange } from './flush-reader';
import { rows } from './point-reads';

export interface ChangeWriter {
  start(): void;
  apply(change: PackedChange): void;
  /** After the last change of a flush. */
  flushed(): void;
}

/** axis, at, from_, to_, hidden: what the day counters look at. */
type DayColumns = [axis: number, at: number, from: number, to: number, hidden: number];

const COLUMNS = 'no, axis, at, position, part, from_, to_, recorded_at, definition_version, history, chain, hidden';
const VALUES = '(?,?,?,?,?,?,?,?,?,?,?,0)';
const COLUMNS_BOUND = 11;
/** Rows of one statement: running it costs as much as binding a row. */
const ROWS_AT_ONCE = 16;

/** Inserts in statements of many rows. What else is done to a customer's changes has to wait for write(). */
class ChangeInserts {
  private readonly many: StatementSyncInstance;
  private readonly one: StatementSyncInstance;
  private values: number[] = [];
  private readonly customers = new Set<number>();

  constructor(db: DatabaseSyncInstance, table: string) {
    const insert = (rows: number) => `INSERT INTO ${table} (${COLUMNS}) VALUES ${Array(rows).fill(VALUES).join()}`;
    this.many = db.prepare(insert(ROWS_AT_ONCE));
    this.one = db.prepare(insert(1));
  }

  /** Forgets what an earlier, failed flush left behind. */
  start(): void {
    this.values = [];
    this.customers.clear();
  }

  holds(no: number): boolean {
    return this.customers.has(no);
  }

  add(row: PackedChange): void {
    this.customers.add(row.no);
    const { no, axis, at, position, part, from, to, recordedAt, definitionVersion, history, chain } = row;
    this.values.push(no, axis, at, position, part, from, to, recordedAt, definitionVersion, history, chain);
    if (this.values.length < ROWS_AT_ONCE * COLUMNS_BOUND) return;
    this.many.run(...this.values);
    this.start();
  }

  write(): void {
    for (let at = 0; at < this.values.length; at += COLUMNS_BOUND) {
      this.one.run(...this.values.slice(at, at + COLUMNS_BOUND));
    }
    this.start();
  }
}

/** Live: each operation is applied at once, and the day counters follow. */
export class LiveChangeWriter implements ChangeWriter {
  private readonly inserts: ChangeInserts;
  private readonly drop: StatementSyncInstance;
  private readonly before: StatementSyncInstance;
  private readonly amend: StatementSyncInstance;
  private readonly days: ChangeDays;

  constructor(db: DatabaseSyncInstance) {
    this.days = new ChangeDays(db);
    this.inserts = new ChangeInserts(db, 'changes');
    this.drop = rows(db, 'DELETE FROM changes WHERE no = ? AND chain = 1 RETURNING axis, at, from_, to_, hidden');
    this.before = rows(
      db,
      'SELECT axis, at, from_, to_, hidden FROM changes WHERE no = ? AND axis = ? AND position = ? AND part = 0 AND chain = 0',
    );
    this.amend = db.prepare(
      'UPDATE changes SET from_ = ?, hidden = ? WHERE no = ? AND axis = ? AND at = ? AND position = ? AND part = 0',
    );
  }

  start(): void {
    this.days.start();
    this.inserts.start();
  }

  flushed(): void {
    this.inserts.write();
    this.days.write();
  }

  apply(change: PackedChange): void {
    const op = CHANGE_OPS[change.op]!;
    if (op !== 'add' && this.inserts.holds(change.no)) this.inserts.write();
    switch (op) {
      case 'add':
        this.inserts.add(change);
        this.days.count(change.axis, change.at, change.from, change.to, 1);
        return;
      case 'dropChain':
        for (const row of this.drop.all(change.no) as DayColumns[]) this.countRow(row, -1);
        return;
      case 'amend':
        this.amendOne(change);
        return;
    }
  }

  private amendOne({ position, axis, no, from, hidden }: PackedChange): void {
    const row = this.before.get(no, axis, position) as DayColumns | undefined;
    if (row === undefined) return;
    this.amend.run(from, hidden, no, axis, row[1], position);
    this.countRow(row, -1);
    if (hidden === 0) this.days.count(axis, row[1], from, row[3], 1);
  }

  private countRow([axis, at, from, to, hidden]: DayColumns, by: number): void {
    if (hidden === 0) this.days.count(axis, at, from, to, by);
  }
}

const STAGING = `
CREATE TABLE bulk_changes (
  seq INTEGER PRIMARY KEY, no INTEGER, axis INTEGER, at INTEGER, position INTEGER, part INTEGER, from_ INTEGER,
  to_ INTEGER, recorded_at INTEGER, definition_version INTEGER, history INTEGER, chain INTEGER, hidden INTEGER);
CREATE TABLE bulk_drops (no INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
CREATE TABLE bulk_amends (
  position INTEGER, axis INTEGER, no INTEGER NOT NULL, from_ INTEGER NOT NULL, hidden INTEGER NOT NULL,
  PRIMARY KEY (position, axis)) WITHOUT ROWID;
`;

/*
 * Resolving: a row of a chain goes where a later drop of its customer names it; a live row takes its newest amendment.
 * A drop and an amendment never meet on one row, so this equals applying the operations one by one.
 */
const RESOLVE = `
INSERT INTO changes (${COLUMNS})
  SELECT b.no, b.axis, b.at, b.position, b.part, coalesce(a.from_, b.from_), b.to_, b.recorded_at,
    b.definition_version, b.history, b.chain, coalesce(a.hidden, b.hidden)
  FROM bulk_changes b
  LEFT JOIN bulk_drops d ON b.chain = 1 AND d.no = b.no
  LEFT JOIN bulk_amends a ON b.chain = 0 AND a.position = b.position AND a.axis = b.axis AND a.no = b.no
  WHERE d.seq IS NULL OR b.seq > d.seq
  ORDER BY b.no, b.axis, b.at, b.position, b.part;
DROP TABLE bulk_changes; DROP TABLE bulk_drops; DROP TABLE bulk_amends;
${COUNT_ALL_DAYS}`;

/** Appends only: the table of changes is filled in the order of its key when the load is finished. */
export class BulkChangeWriter implements ChangeWriter {
  private seq = 0;
  private readonly inserts: ChangeInserts;
  private readonly drop: StatementSyncInstance;
  private readonly amend: StatementSyncInstance;

  constructor(private readonly db: DatabaseSyncInstance) {
    db.exec(STAGING);
    this.inserts = new ChangeInserts(db, 'bulk_changes');
    this.drop = db.prepare('INSERT OR REPLACE INTO bulk_drops (no, seq) VALUES (?, ?)');
    this.amend = db.prepare(
      'INSERT OR REPLACE INTO bulk_amends (position, axis, no, from_, hidden) VALUES (?, ?, ?, ?, ?)',
    );
  }

  start(): void {
    this.inserts.start();
  }

  flushed(): void {
    this.inserts.write();
  }

  apply(change: PackedChange): void {
    switch (CHANGE_OPS[change.op]!) {
      case 'add':
        this.seq++;
        this.inserts.add(change);
        return;
      case 'dropChain':
        this.drop.run(change.no, this.seq);
        return;
      case 'amend':
        this.amend.run(change.position, change.axis, change.no, change.from, change.hidden);
        return;
    }
  }

  finish(): void {
    this.db.exec(RESOLVE);
  }
}
