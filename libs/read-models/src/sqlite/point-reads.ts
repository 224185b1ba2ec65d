/** The reads by key that the engine and the queries share. */
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import type { Checkpoint, CounterRow, ProfileRow } from '../read-models';
import type { SqlRow } from './customer-columns';
import type { NameReader } from './names';

/** A statement whose rows come as arrays: no object with named columns for each row. */
export function rows(db: DatabaseSyncInstance, sql: string): StatementSyncInstance {
  const statement = db.prepare(sql);
  statement.setReturnArrays(true);
  return statement;
}

export class PointReads {
  private readonly checkpointRow: StatementSyncInstance;
  private readonly profileRow: StatementSyncInstance;
  private readonly chunkRows: StatementSyncInstance;
  private readonly counterRows: StatementSyncInstance;
  private readonly unsettledTotal: StatementSyncInstance;

  constructor(
    db: DatabaseSyncInstance,
    private readonly names: NameReader,
  ) {
    this.checkpointRow = rows(db, 'SELECT position, recorded_at, engine FROM checkpoint');
    this.profileRow = rows(
      db,
      'SELECT p.traits, p.personal, c.customer_id FROM profiles p JOIN customers c USING (no) WHERE p.no = ?',
    );
    this.chunkRows = rows(db, 'SELECT bytes FROM timeline_chunks WHERE no = ? ORDER BY chunk');
    this.unsettledTotal = rows(db, 'SELECT count(*) FROM customers INDEXED BY customers_unsettled WHERE unsettled = 1');
    this.counterRows = rows(db, 'SELECT partition, stage, engagement, customers FROM counters');
  }

  checkpoint(): Checkpoint | null {
    const row = this.checkpointRow.get() as SqlRow | undefined;
    if (row === undefined) return null;
    return { position: row[0] as number, recordedAt: row[1] as number, engine: row[2] as string };
  }

  profile(no: number): ProfileRow | null {
    const row = this.profileRow.get(no) as SqlRow | undefined;
    if (row === undefined) return null;
    return { no, traits: row[0] as string, personal: row[1] as string, customerId: row[2] as string };
  }

  chunks(no: number): Uint8Array[] {
    return (this.chunkRows.all(no) as SqlRow[]).map((row) => row[0] as Uint8Array);
  }

  counters(): CounterRow[] {
    return (this.counterRows.all() as SqlRow[]).map((row) => ({
      partition: row[0] as number,
      stage: this.names.textOrNull(row[1] as number) ?? '',
      engagement: this.names.textOrNull(row[2] as number) ?? '',
      customers: row[3] as number,
    }));
  }

  unsettledCount(): number {
    return (this.unsettledTotal.get() as SqlRow)[0] as number;
  }
}
