/** Writes customer rows by their number, in the order of the numbers. */
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import type { CustomerRow } from '../read-models';
import type { NameWriter } from './names';
import { COMMON_KIND, NO_MOMENT } from './schema';

const INSERT = 'INSERT INTO customers VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)';
/*
 * SQLite takes out and puts back the entries of every index that has a column in SET, also where the value stays. So what
 * rarely changes is left out of the first try, which applies only where it did not change.
 */
const UPDATE_SAME_STAGE = `UPDATE customers SET engagement_since = ?, last_touchpoint_at = ?,
  touchpoints = ?, definition_version = ?, state = ?, tail = ?
  WHERE no = ? AND stage = ? AND engagement = ? AND stage_since = ? AND due IS ? AND unsettled = ? AND kind = ? AND last_channel = ?`;
const UPDATE_ALL = `UPDATE customers SET engagement_since = ?, last_touchpoint_at = ?,
  touchpoints = ?, definition_version = ?, state = ?, tail = ?,
  stage = ?, engagement = ?, stage_since = ?, due = ?, unsettled = ?, kind = ?, rare_kind = ?, last_channel = ? WHERE no = ?`;

/** In a bulk load there are no indexes to spare, and numbers may come in several rising runs. */
const UPSERT = `${INSERT} ON CONFLICT (no) DO UPDATE SET stage = excluded.stage, stage_since = excluded.stage_since,
  engagement = excluded.engagement, engagement_since = excluded.engagement_since, kind = excluded.kind, rare_kind = excluded.rare_kind,
  last_touchpoint_at = excluded.last_touchpoint_at, last_channel = excluded.last_channel,
  touchpoints = excluded.touchpoints, due = excluded.due, unsettled = excluded.unsettled,
  definition_version = excluded.definition_version, state = excluded.state, tail = excluded.tail`;

export class CustomerWriter {
  private readonly insertRow: StatementSyncInstance;
  private readonly updateSame: StatementSyncInstance;
  private readonly updateAll: StatementSyncInstance;
  private readonly highestOf: StatementSyncInstance;
  /** Greatest number in the file: what is above it is new. */
  private highest = 0;

  constructor(
    db: DatabaseSyncInstance,
    private readonly names: NameWriter,
    private readonly bulk: boolean,
  ) {
    this.insertRow = db.prepare(bulk ? UPSERT : INSERT);
    this.updateSame = db.prepare(UPDATE_SAME_STAGE);
    this.updateAll = db.prepare(UPDATE_ALL);
    this.highestOf = db.prepare('SELECT coalesce(max(no), 0) AS no FROM customers');
    this.reread();
  }

  /** After a rollback: what was inserted since is gone. */
  reread(): void {
    this.highest = (this.highestOf.get() as { no: number }).no;
  }

  write(rows: readonly CustomerRow[]): void {
    for (const row of inOrderOfNo(rows)) {
      if (this.bulk || row.no > this.highest) this.insert(row);
      else this.update(row);
    }
  }

  private insert(row: CustomerRow): void {
    const names = this.names;
    this.insertRow.run(
      row.no,
      row.customerId,
      row.partition,
      names.number(row.stage),
      row.stageSince ?? NO_MOMENT,
      names.number(row.engagement),
      row.engagementSince,
      names.number(row.kind),
      row.kind === COMMON_KIND ? 0 : 1,
      row.lastTouchpointAt,
      names.number(row.lastChannel),
      row.touchpoints,
      row.due,
      row.unsettled ? 1 : 0,
      row.definitionVersion,
      row.state,
      row.tail,
    );
    if (row.no > this.highest) this.highest = row.no;
  }

  private update(row: CustomerRow): void {
    const names = this.names;
    const stage = names.number(row.stage);
    const engagement = names.number(row.engagement);
    const kind = names.number(row.kind);
    const channel = names.number(row.lastChannel);
    const unsettled = row.unsettled ? 1 : 0;
    const same = this.updateSame.run(
      row.engagementSince,
      row.lastTouchpointAt,
      row.touchpoints,
      row.definitionVersion,
      row.state,
      row.tail,
      row.no,
      stage,
      engagement,
      row.stageSince ?? NO_MOMENT,
      row.due,
      unsettled,
      kind,
      channel,
    );
    if (same.changes === 1) return;
    const all = this.updateAll.run(
      row.engagementSince,
      row.lastTouchpointAt,
      row.touchpoints,
      row.definitionVersion,
      row.state,
      row.tail,
      stage,
      engagement,
      row.stageSince ?? NO_MOMENT,
      row.due,
      unsettled,
      kind,
      row.kind === COMMON_KIND ? 0 : 1,
      channel,
      row.no,
    );
    if (all.changes === 0) this.insert(row);
  }
}

/** The same rows by rising number: neighbours in the file are then written together. */
export function inOrderOfNo<Row extends { no: number }>(rows: readonly Row[]): readonly Row[] {
  for (let i = 1; i < rows.length; i++) {
    if ((rows[i] as Row).no < (rows[i - 1] as Row).no) return [...rows].sort((a, b) => a.no - b.no);
  }
  return rows;
}
