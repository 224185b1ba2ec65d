import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

import { HeadFile } from './head-file';
import { SqliteLogReader } from './log-reader';
import { copyMeta, createSchema, LOG_FILE, openForReading, PAGE_BYTES } from './log-schema';
import { StoreRefused } from './store-refused';
import { syncFolder } from './sync-folder';

/** Chunks copied in one go; between two of them the server's writer can tidy its WAL. */
const PAGE_CHUNKS = 256;

export interface LogBackup {
  /** The copy is the log up to here. */
  position: number;
}

/**
 * Copies the log, as far as it is acknowledged now, into a folder that has none. A server may be writing meanwhile. The copy is verified; until it is complete
 * it lacks the file `head` and is refused by whoever opens it.
 */
export async function backupLog(
  folder: string,
  targetFolder: string,
  onProgress: (events: number, ofEvents: number) => void = () => undefined,
): Promise<LogBackup> {
  const targetFile = join(targetFolder, LOG_FILE);
  if (existsSync(targetFile))
    throw new StoreRefused('notAStore', `${targetFile} exists already. Give an empty folder for the backup.`);
  mkdirSync(targetFolder, { recursive: true });
  const source = new SqliteLogReader(openForReading(folder), folder);
  const { position } = source.head();
  try {
    await copyChunks(source, targetFile, position, onProgress);
    const handle = openSync(targetFile, 'r+');
    fsyncSync(handle);
    closeSync(handle);
    const chain = source.chainAt(position);
    if (chain === undefined) throw new Error(`${folder}: no chunk ends at position ${position}. Run rapport verify.`);
    const { instanceId } = source.meta();
    HeadFile.open(targetFolder, { instanceId, position, chain, running: false }).close();
    syncFolder(targetFolder);
  } finally {
    source.close();
  }
  verifyCopy(targetFolder);
  return { position };
}

async function copyChunks(
  source: SqliteLogReader,
  targetFile: string,
  position: number,
  onProgress: (events: number, ofEvents: number) => void,
): Promise<void> {
  const target = new DatabaseSync(targetFile);
  try {
    target.exec(
      `PRAGMA page_size=${PAGE_BYTES}; PRAGMA auto_vacuum=NONE; PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF`,
    );
    createSchema(target);
    copyMeta(source.connection, target);
    for (let after = 0; after < position;) {
      after = copyPage(source.connection, target, after, position);
      onProgress(after, position);
      await turn();
    }
    copyStreams(source.connection, target);
  } finally {
    target.close();
  }
}

/** Answers the position of the last event copied. */
function copyPage(source: DatabaseSyncInstance, target: DatabaseSyncInstance, after: number, position: number): number {
  const rows = source
    .prepare('SELECT * FROM chunks WHERE first_position > ? AND first_position <= ? ORDER BY first_position LIMIT ?')
    .all(after, position, PAGE_CHUNKS) as Record<string, number | Uint8Array>[];
  const insert = target.prepare('INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?)');
  let last = after;
  target.exec('BEGIN');
  for (const row of rows) {
    insert.run(...Object.values(row));
    last = (row['first_position'] as number) + (row['count'] as number) - 1;
  }
  target.exec('COMMIT');
  return rows.length === 0 ? position : last;
}

/** Only those that the copied chunks name. */
function copyStreams(source: DatabaseSyncInstance, target: DatabaseSyncInstance): void {
  const { last } = target.prepare('SELECT coalesce(max(stream), 0) AS last FROM chunks').get() as { last: number };
  const insert = target.prepare('INSERT INTO streams (no, name) VALUES (?, ?)');
  const rows = source.prepare('SELECT no, name FROM streams WHERE no <= ?').all(last) as { no: number; name: string }[];
  for (const { no, name } of rows) insert.run(no, name);
}

function verifyCopy(folder: string): void {
  const reader = new SqliteLogReader(openForReading(folder), folder);
  try {
    const { problems } = reader.verify();
    if (problems.length > 0)
      throw new StoreRefused(
        'damaged',
        `The copy in ${folder} does not verify, so the log itself is damaged: ${problems.join('; ')}`,
      );
  } finally {
    reader.close();
  }
}
