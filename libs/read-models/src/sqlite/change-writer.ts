/** Writes change operations, in their order: into a live file at once, in a bulk load as a list that is resolved at the end. */
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import type { Axis, ChangeOp, ChangeRow } from '../read-models';
import type { NameWriter } from './names';

export const AXES: readonly Axis[] = ['stage', 'engagement'];
export function axisNumber(axis: Axis): number {
  return axis === 'stage' ? 0 : 1;
}

export interface ChangeWriter {
  apply(ops: readonly ChangeOp[]): void;
}

const COLUMNS = 'position, part, axis, no, from_, to_, at, recorded_at, definition_version, history, chain, hidden';
const INSERT = `(${COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,0)`;

function insert(statement: StatementSyncInstance, names: NameWriter, row: ChangeRow): void {
  statement.run(
    row.position,
    row.part,
    axisNumber(row.axis),
    row.no,
    names.number(row.from),
    names.number(row.to),
    row.at,
    row.recordedAt,
    row.definitionVersion,
    row.history ? 1 : 0,
    row.chain ? 1 : 0,
  );
}

export class LiveChangeWriter implements ChangeWriter {
  private readonly add: StatementSyncInstance;
  private readonly drop: StatementSyncInstance;
  private readonly amend: StatementSyncInstance;

  constructor(
    db: DatabaseSyncInstance,
    private readonly names: NameWriter,
  ) {
    this.add = db.prepare(`INSERT OR REPLACE INTO changes ${INSERT}`);
    this.drop = db.prepare('DELETE FROM changes WHERE no = ? AND chain = 1');
    this.amend = db.prepare(
      'UPDATE changes SET from_ = ?, hidden = ? WHERE no = ? AND axis = ? AND position = ? AND chain = 0',
    );
  }

  apply(ops: readonly ChangeOp[]): void {
    for (const op of ops) {
      switch (op.op) {
        case 'add':
          insert(this.add, this.names, op.row);
          break;
        case 'dropChain':
          this.drop.run(op.no);
          break;
        case 'amend':
          this.amend.run(this.names.number(op.from), op.hidden ? 1 : 0, op.no, axisNumber(op.axis), op.position);
          break;
      }
    }
  }
}

const STAGING = `
CREATE TABLE bulk_changes (
  seq INTEGER PRIMARY KEY, position INTEGER, part INTEGER, axis INTEGER, no INTEGER, from_ INTEGER, to_ INTEGER,
  at INTEGER, recorded_at INTEGER, definition_version INTEGER, history INTEGER, chain INTEGER, hidden INTEGER);
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
  SELECT b.position, b.part, b.axis, b.no, coalesce(a.from_, b.from_), b.to_, b.at, b.recorded_at,
    b.definition_version, b.history, b.chain, coalesce(a.hidden, b.hidden)
  FROM bulk_changes b
  LEFT JOIN bulk_drops d ON b.chain = 1 AND d.no = b.no
  LEFT JOIN bulk_amends a ON b.chain = 0 AND a.position = b.position AND a.axis = b.axis AND a.no = b.no
  WHERE d.seq IS NULL OR b.seq > d.seq
  ORDER BY b.position, b.part, b.axis;
DROP TABLE bulk_changes; DROP TABLE bulk_drops; DROP TABLE bulk_amends;
`;

/** Appends only: the table of changes is filled in the order of its key when the load is finished. */
export class BulkChangeWriter implements ChangeWriter {
  private seq = 0;
  private readonly add: StatementSyncInstance;
  private readonly drop: StatementSyncInstance;
  private readonly amend: StatementSyncInstance;

  constructor(
    private readonly db: DatabaseSyncInstance,
    private readonly names: NameWriter,
  ) {
    db.exec(STAGING);
    this.add = db.prepare(`INSERT INTO bulk_changes ${INSERT}`);
    this.drop = db.prepare('INSERT OR REPLACE INTO bulk_drops (no, seq) VALUES (?, ?)');
    this.amend = db.prepare(
      'INSERT OR REPLACE INTO bulk_amends (position, axis, no, from_, hidden) VALUES (?, ?, ?, ?, ?)',
    );
  }

  apply(ops: readonly ChangeOp[]): void {
    for (const op of ops) {
      switch (op.op) {
        case 'add':
          this.seq++;
          insert(this.add, this.names, op.row);
          break;
        case 'dropChain':
          this.drop.run(op.no, this.seq);
          break;
        case 'amend':
          this.amend.run(op.position, axisNumber(op.axis), op.no, this.names.number(op.from), op.hidden ? 1 : 0);
          break;
      }
    }
  }

  finish(): void {
    this.db.exec(RESOLVE);
  }
}
