/**
 * The one writer of a read-model file, synchronous. The writer thread runs it over a live file; a rebuild runs it in its
 * own thread over a fresh file in bulk mode.
 */
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import type { CounterRow, Flush, ParkedOp } from '../read-models';
import { BulkChangeWriter, type ChangeWriter, LiveChangeWriter } from './change-writer';
import { CustomerWriter } from './customer-writer';
import { packFlush, type PackedFlush } from './flush-pack';
import { FlushReader } from './flush-reader';
import { readModelPath, syncFolder } from './generation';
import { NameWriter } from './names';
import { PlayWriter } from './play-writer';
import { createIndexes, markFormat, openBulk, openLive } from './schema';

export class SqliteReadModelFile {
  private readonly names: NameWriter;
  private readonly customers: CustomerWriter;
  private readonly changes: ChangeWriter;
  private readonly plays: PlayWriter;
  private readonly chunk: StatementSyncInstance;
  private readonly profile: StatementSyncInstance;
  private readonly park: StatementSyncInstance;
  private readonly unpark: StatementSyncInstance;
  private readonly counter: StatementSyncInstance;
  private readonly emptyCounter: StatementSyncInstance;
  private readonly checkpointRow: StatementSyncInstance;

  private constructor(
    private readonly db: DatabaseSyncInstance,
    private readonly path: string,
    private readonly bulk: boolean,
  ) {
    this.names = new NameWriter(db);
    this.customers = new CustomerWriter(db, bulk);
    this.changes = bulk ? new BulkChangeWriter(db) : new LiveChangeWriter(db);
    this.plays = new PlayWriter(db);
    this.chunk = db.prepare('INSERT OR REPLACE INTO timeline_chunks (no, chunk, bytes) VALUES (?, ?, ?)');
    this.profile = db.prepare('INSERT OR REPLACE INTO profiles (no, traits, personal) VALUES (?, ?, ?)');
    this.park = db.prepare('INSERT OR REPLACE INTO parked VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.unpark = db.prepare('DELETE FROM parked WHERE position = ?');
    this.counter = db.prepare(
      'INSERT OR REPLACE INTO counters (partition, stage, engagement, customers) VALUES (?, ?, ?, ?)',
    );
    this.emptyCounter = db.prepare('DELETE FROM counters WHERE partition = ? AND stage = ? AND engagement = ?');
    this.checkpointRow = db.prepare('INSERT OR REPLACE INTO checkpoint VALUES (1, ?, ?, ?)');
  }

  /** The live file of a generation; made if absent. There may be one writer only. */
  static openLive(folder: string, generation: number): SqliteReadModelFile {
    const path = readModelPath(folder, generation);
    return new SqliteReadModelFile(openLive(path), path, false);
  }

  /**
   * A fresh file without secondary indexes and without durability, to be filled and ended by finishBulk(). Fastest where
   * customers come by rising number. Throws ReadModelFormatError where the file exists.
   */
  static openBulk(folder: string, generation: number): SqliteReadModelFile {
    const path = readModelPath(folder, generation);
    return new SqliteReadModelFile(openBulk(path), path, true);
  }

  /** Writes a flush and its checkpoint in one transaction: all of it, or on an error nothing. */
  write(flush: Flush): void {
    this.writePacked(packFlush(flush));
  }

  writePacked(packed: PackedFlush): void {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      this.apply(new FlushReader(packed, (name) => this.names.number(name)));
      this.db.exec('COMMIT');
    } catch (error) {
      this.rollback();
      throw error;
    }
  }

  private apply(flush: FlushReader): void {
    const { checkpoint, profiles, parked, counters, plays } = flush.json;
    flush.eachCustomer((row) => this.customers.write(row));
    for (const row of flush.chunks()) this.chunk.run(row.no, row.chunk, row.bytes);
    for (const row of profiles) this.profile.run(row.no, row.traits, row.personal);
    this.changes.start();
    flush.eachChange((change) => this.changes.apply(change));
    this.changes.flushed();
    this.applyParked(parked);
    this.applyCounters(counters);
    if (plays) this.plays.apply(plays);
    this.checkpointRow.run(checkpoint.position, checkpoint.recordedAt, checkpoint.engine);
  }

  private applyParked(ops: readonly ParkedOp[]): void {
    for (const op of ops) {
      if (op.op === 'remove') {
        this.unpark.run(op.position);
        continue;
      }
      const row = op.row;
      this.park.run(row.position, row.no, row.customerId, row.touchpointId, row.reason, row.detail, row.parkedAt);
    }
  }

  private applyCounters(counters: readonly CounterRow[]): void {
    for (const row of counters) {
      const stage = this.names.number(row.stage);
      const engagement = this.names.number(row.engagement);
      if (row.customers === 0) this.emptyCounter.run(row.partition, stage, engagement);
      else this.counter.run(row.partition, stage, engagement, row.customers);
    }
  }

  private rollback(): void {
    // A full disk may have rolled back already.
    if (this.db.isTransaction) this.db.exec('ROLLBACK');
    this.names.forget();
    this.customers.reread();
  }

  /** Copies what it can of the WAL into the file, without waiting for readers. Call it when idle. */
  checkpointWal(): void {
    if (!this.bulk) this.db.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }

  /** Ends a bulk load: changes in their order, indexes, WAL mode, everything on disk. Closes the file. */
  finishBulk(): void {
    if (!this.bulk) throw new Error('finishBulk() is for a file opened with openBulk().');
    (this.changes as BulkChangeWriter).finish();
    createIndexes(this.db);
    markFormat(this.db);
    // Readers may come before the live writer, and only a writer can set WAL mode.
    this.db.exec('PRAGMA journal_mode = WAL; PRAGMA wal_checkpoint(TRUNCATE);');
    this.db.close();
    syncFile(this.path);
    syncFolder(dirname(this.path));
  }

  close(): void {
    if (!this.bulk) this.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.db.close();
  }
}

function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
