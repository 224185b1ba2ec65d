/** Writes customer rows by their number, in the order of the numbers. */
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { ChannelMembers } from './channel-members';
import type { PackedCustomer } from './flush-reader';
import { NO_MOMENT } from './schema';

const INSERT = 'INSERT INTO customers VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)';
/*
 * SQLite takes out and puts back the entries of every index that has a column in SET, also where the value stays. So what
 * rarely changes is left out of the first try, which applies only where it did not change.
 */
const UPDATE_SAME_STAGE = `UPDATE customers SET last_touchpoint_at = ?, last_channel = ?, due = ?, definition_version = ?, details = ?
  WHERE no = ? AND stage = ? AND engagement = ? AND stage_since = ? AND unsettled = ? AND kind = ?`;
const UPDATE_ALL = `UPDATE customers SET last_touchpoint_at = ?, last_channel = ?, due = ?, definition_version = ?, details = ?,
  stage = ?, engagement = ?, stage_since = ?, unsettled = ?, kind = ? WHERE no = ?`;

/** In a bulk load there are no indexes to spare, and numbers may come in several rising runs. */
const UPSERT = `${INSERT} ON CONFLICT (no) DO UPDATE SET stage = excluded.stage, stage_since = excluded.stage_since,
  engagement = excluded.engagement, kind = excluded.kind, last_touchpoint_at = excluded.last_touchpoint_at,
  last_channel = excluded.last_channel, due = excluded.due, unsettled = excluded.unsettled,
  definition_version = excluded.definition_version, details = excluded.details`;

export class CustomerWriter {
  private readonly insertRow: StatementSyncInstance;
  private readonly updateSame: StatementSyncInstance;
  private readonly updateAll: StatementSyncInstance;
  private readonly highestOf: StatementSyncInstance;
  private readonly channels: ChannelMembers;
  /** Greatest number in the file: what is above it is new. */
  private highest = 0;

  constructor(
    db: DatabaseSyncInstance,
    private readonly bulk: boolean,
  ) {
    this.insertRow = db.prepare(bulk ? UPSERT : INSERT);
    this.updateSame = db.prepare(UPDATE_SAME_STAGE);
    this.updateAll = db.prepare(UPDATE_ALL);
    this.highestOf = db.prepare('SELECT coalesce(max(no), 0) AS no FROM customers');
    this.channels = new ChannelMembers(db);
    this.reread();
  }

  /** After a rollback: what was inserted since is gone. */
  reread(): void {
    this.highest = (this.highestOf.get() as { no: number }).no;
    this.channels.forget();
  }

  write(row: PackedCustomer): void {
    if (this.bulk || row.no > this.highest) this.insert(row);
    else this.update(row);
    this.channels.note(row.lastChannel, row.no);
  }

  private insert(row: PackedCustomer): void {
    this.insertRow.run(
      row.no,
      row.customerId,
      row.partition,
      row.stage,
      row.stageSince ?? NO_MOMENT,
      row.engagement,
      row.kind,
      row.lastTouchpointAt,
      row.lastChannel,
      row.due,
      row.unsettled,
      row.definitionVersion,
      row.details,
    );
    if (row.no > this.highest) this.highest = row.no;
  }

  private update(row: PackedCustomer): void {
    const { no, stage, engagement, unsettled, kind, lastTouchpointAt, lastChannel, due, definitionVersion, details } =
      row;
    const stageSince = row.stageSince ?? NO_MOMENT;
    const same = this.updateSame.run(
      lastTouchpointAt,
      lastChannel,
      due,
      definitionVersion,
      details,
      no,
      stage,
      engagement,
      stageSince,
      unsettled,
      kind,
    );
    if (same.changes === 1) return;
    const all = this.updateAll.run(
      lastTouchpointAt,
      lastChannel,
      due,
      definitionVersion,
      details,
      stage,
      engagement,
      stageSince,
      unsettled,
      kind,
      no,
    );
    if (all.changes === 0) this.insert(row);
  }
}
