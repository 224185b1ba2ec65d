import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';

export interface WriterStatements {
  begin: StatementSyncInstance;
  commit: StatementSyncInstance;
  rollback: StatementSyncInstance;
  addStream: StatementSyncInstance;
  addChunk: StatementSyncInstance;
  /** Frames in the WAL, without doing anything. */
  walSize: StatementSyncInstance;
  checkpoint: StatementSyncInstance;
}

export function prepareWriter(db: DatabaseSyncInstance): WriterStatements {
  return {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollback: db.prepare('ROLLBACK'),
    addStream: db.prepare('INSERT INTO streams (no, name) VALUES (?, ?)'),
    addChunk: db.prepare(
      'INSERT INTO chunks (first_position, stream, first_revision, count, recorded_at, chain, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    walSize: db.prepare('PRAGMA wal_checkpoint(NOOP)'),
    checkpoint: db.prepare('PRAGMA wal_checkpoint(PASSIVE)'),
  };
}
