import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { StoreMeta } from '../log-reader';
import { StoreRefused } from './store-refused';

export const LOG_FILE = 'log.sqlite';
/** Of the tables, the frames' hash and the records. A store of a higher one was made by a newer Rapport. */
export const LOG_FORMAT = 1;
export const DEFAULT_PARTITIONS = 8;
export const PARTITIONS_MAX = 64;
/** Measured in docs/benchmarks.md: larger pages cost more in small commits than they save in large ones. */
export const PAGE_BYTES = 4096;
/** Older ones can corrupt a database whose WAL is reset while another connection works. */
const SQLITE_OLDEST = [3, 51, 3] as const;
/** Backup tools take short locks. */
const BUSY_TIMEOUT_MS = 5000;
/** Large enough that a commit group never spills into the WAL before its commit. */
const CACHE_KIB = 32 * 1024;
/** SQLite's own checkpoint is the safety net behind the writer's, which comes earlier (CHECKPOINT_PAGES) and after the answers. */
export const WAL_PAGES_MAX = 32_768;

const SCHEMA = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE streams (no INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE chunks (
    first_position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    first_revision INTEGER NOT NULL,
    count INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    chain BLOB NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX chunks_of_stream ON chunks (stream, first_revision);
`;

export type Synchronous = 'FULL' | 'NORMAL';

/** Settings of the writer's connection, each read back after it was set. */
function settings(synchronous: Synchronous): [pragma: string, value: string, answer: string | number][] {
  return [
    ['journal_mode', 'WAL', 'wal'],
    ['synchronous', synchronous, synchronous === 'FULL' ? 2 : 1],
    ['foreign_keys', 'ON', 1],
    ['busy_timeout', String(BUSY_TIMEOUT_MS), BUSY_TIMEOUT_MS],
    ['trusted_schema', 'OFF', 0],
    ['cell_size_check', 'ON', 1],
    ['secure_delete', 'ON', 1],
    ['fullfsync', 'ON', 1],
    ['checkpoint_fullfsync', 'ON', 1],
    ['wal_autocheckpoint', String(WAL_PAGES_MAX), WAL_PAGES_MAX],
    ['mmap_size', '0', 0],
    ['cache_size', String(-CACHE_KIB), -CACHE_KIB],
    ['cache_spill', 'OFF', 0],
  ];
}

/** Opens the only read-write connection, with every setting made and asserted. Makes the tables where there are none. */
export function openForWriting(
  folder: string,
  partitions: number | undefined,
  synchronous: Synchronous = 'FULL',
  pageBytes = PAGE_BYTES,
): DatabaseSyncInstance {
  const file = join(folder, LOG_FILE);
  const db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    assertVersion(db, file);
    if (!hasTables(db)) db.exec(`PRAGMA page_size=${pageBytes}; PRAGMA auto_vacuum=NONE;`);
    applySettings(db, file, synchronous);
    if (!hasTables(db)) createTables(db, partitions ?? DEFAULT_PARTITIONS);
    assertMeta(readMeta(db, file), file, partitions);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens a connection that cannot write, to whatever is in the file. The file must exist. */
export function openReadOnly(folder: string): DatabaseSyncInstance {
  const file = join(folder, LOG_FILE);
  if (!existsSync(file))
    throw new StoreRefused(
      'notAStore',
      `${file} does not exist. Give the folder of a Rapport store, or start a new one.`,
    );
  return new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
}

/** Opens a connection that cannot write, to a log of a format that we know. */
export function openForReading(folder: string): DatabaseSyncInstance {
  const file = join(folder, LOG_FILE);
  const db = openReadOnly(folder);
  try {
    assertVersion(db, file);
    db.exec('PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;');
    if (!hasTables(db)) throw new StoreRefused('notAStore', `${file} holds no log of Rapport. Is it the right folder?`);
    assertMeta(readMeta(db, file), file, undefined);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

export function readMeta(db: DatabaseSyncInstance, file: string): StoreMeta {
  const rows = db.prepare('SELECT key, value FROM meta').all() as { key: string; value: unknown }[];
  const values = new Map(rows.map((row) => [row.key, row.value]));
  const [format, instanceId, partitions, hashKey] = ['format', 'instanceId', 'partitions', 'hashKey'].map((k) =>
    values.get(k),
  );
  if (typeof format === 'number' && format > LOG_FORMAT)
    throw new StoreRefused(
      'newerFormat',
      `${file} has format ${format}; this Rapport knows formats up to ${LOG_FORMAT}. Open it with a newer Rapport.`,
    );
  if (
    typeof format !== 'number' ||
    typeof instanceId !== 'string' ||
    typeof partitions !== 'number' ||
    !(hashKey instanceof Uint8Array)
  )
    throw new StoreRefused('damaged', `${file}: the table meta is incomplete. Restore the folder from a backup.`);
  return { format, instanceId, partitions, hashKey: Buffer.from(hashKey) };
}

export function hasTables(db: DatabaseSyncInstance): boolean {
  return db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'chunks'`).get() !== undefined;
}

function assertVersion(db: DatabaseSyncInstance, file: string): void {
  const { version } = db.prepare('SELECT sqlite_version() AS version').get() as { version: string };
  const parts = version.split('.').map(Number);
  const difference = SQLITE_OLDEST.map((part, i) => (parts[i] ?? 0) - part).find((d) => d !== 0) ?? 0;
  if (difference < 0)
    throw new StoreRefused(
      'unsafeSettings',
      `${file}: SQLite ${version} is older than ${SQLITE_OLDEST.join('.')}, which can corrupt a log. Reinstall the dependencies (npm ci).`,
    );
}

export function applySettings(db: DatabaseSyncInstance, file: string, synchronous: Synchronous): void {
  for (const [pragma, value, expected] of settings(synchronous)) {
    db.exec(`PRAGMA ${pragma}=${value}`);
    const row = db.prepare(`PRAGMA ${pragma}`).get() as Record<string, unknown> | undefined;
    const answer = row === undefined ? undefined : Object.values(row)[0];
    if (answer !== expected)
      throw new StoreRefused(
        'unsafeSettings',
        `${file}: PRAGMA ${pragma}=${value} did not hold (SQLite answers ${String(answer)}). ` +
          'Use a local disk that supports shared memory and locks, not a network share.',
      );
  }
}

export function createSchema(db: DatabaseSyncInstance): void {
  db.exec(SCHEMA);
}

/** Makes a copy the same store as its source. */
export function copyMeta(source: DatabaseSyncInstance, target: DatabaseSyncInstance): void {
  const insert = target.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
  const rows = source.prepare('SELECT key, value FROM meta').all() as {
    key: string;
    value: string | number | Uint8Array;
  }[];
  for (const { key, value } of rows) insert.run(key, value);
}

function createTables(db: DatabaseSyncInstance, partitions: number): void {
  db.exec('BEGIN IMMEDIATE');
  createSchema(db);
  const insert = db.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
  insert.run('format', LOG_FORMAT);
  insert.run('instanceId', randomUUID());
  insert.run('partitions', partitions);
  insert.run('hashKey', randomBytes(16));
  insert.run('openings', 0);
  db.exec('COMMIT');
}

function assertMeta(meta: StoreMeta, file: string, partitions: number | undefined): void {
  if (!Number.isInteger(meta.partitions) || meta.partitions < 1 || meta.partitions > PARTITIONS_MAX)
    throw new StoreRefused(
      'damaged',
      `${file}: ${meta.partitions} partitions are not possible. Restore the folder from a backup.`,
    );
  if (partitions !== undefined && partitions !== meta.partitions)
    throw new StoreRefused(
      'partitions',
      `${file} was made with ${meta.partitions} partitions and keeps them for ever; ${partitions} were asked for. Leave the option out.`,
    );
}
