/** What is looked at before a log is opened for writing. Each check throws StoreRefused and changes nothing on disk. */
import { DatabaseSync } from '@photostructure/sqlite';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { HEAD_FILE, readHeadFile, savedHeadProblem } from './head-file';
import { SqliteLogReader } from './log-reader';
import { hasTables, LOG_FILE, openForReading, openReadOnly } from './log-schema';
import { isDamage } from './sqlite-errors';
import { StoreRefused } from './store-refused';
import { isWalEmpty, scanWal } from './wal-scan';

export const WAL_FILE = `${LOG_FILE}-wal`;
/** The newest chunks whose hashes are checked at each start; `rapport verify` checks all. */
export const TAIL_CHUNKS = 64;

type FoundHead = ReturnType<typeof readHeadFile>;

const MEND = 'Restore the folder from a backup.';

/** Refuses a log that was shortened or altered. A folder without a log passes. */
export function checkLog(folder: string): void {
  const saved = readHeadFile(folder);
  if (!hasLog(folder)) return refuseIfStored(folder, saved, 'is missing or empty');
  checkJournal(folder, saved);
  checkWal(folder, saved);
  asDamage(join(folder, LOG_FILE), () => checkContent(folder, saved));
}

/** Refuses what stands behind a log that is shorter: read models, subscribers, a backup's mark. */
export function checkHeadAgainst(head: { position: number }, position: number, who: string): void {
  if (position <= head.position) return;
  throw damaged(
    `The log ends at position ${head.position}, but ${who} stands at ${position}: events are missing at the end of the log. ${MEND}`,
  );
}

/** Turns SQLite's word for a broken file into ours. */
export function asDamage<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!isDamage(error)) throw error;
    throw damaged(`${file} is damaged: ${(error as Error).message}. ${MEND}`);
  }
}

/** Without a log, the head file must not know of any events. */
function refuseIfStored(folder: string, saved: FoundHead, what: string): void {
  if (saved === undefined || (saved !== 'damaged' && saved.position === 0)) return;
  const stored = saved === 'damaged' ? `there is a file ${HEAD_FILE}` : `${saved.position} events were stored`;
  throw damaged(`${join(folder, LOG_FILE)} ${what}, but ${stored}. ${MEND}`);
}

function hasLog(folder: string): boolean {
  const file = join(folder, LOG_FILE);
  return existsSync(file) && statSync(file).size > 0;
}

/** A rollback journal exists only while the log is made. What was begun and never finished is undone; beside a finished log it is foreign. */
function checkJournal(folder: string, saved: FoundHead): void {
  const file = join(folder, LOG_FILE);
  if (!existsSync(`${file}-journal`)) return;
  if (saved) throw damaged(`${file}-journal does not belong to this store. ${MEND}`);
  const db = new DatabaseSync(file);
  db.exec('SELECT count(*) FROM sqlite_schema');
  db.close();
}

function checkWal(folder: string, saved: FoundHead): void {
  const file = join(folder, WAL_FILE);
  const { problem } = scanWal(file);
  if (problem !== undefined) throw damaged(`${file}: ${problem}. ${MEND}`);
  if (saved !== 'damaged' && saved?.running && isWalEmpty(file))
    throw damaged(`${file} is missing or empty, but the store was not closed: what it held last is lost. ${MEND}`);
}

function checkContent(folder: string, saved: FoundHead): void {
  const db = openReadOnly(folder);
  const made = hasTables(db);
  db.close();
  if (!made) return refuseIfStored(folder, saved, 'holds no log');
  const reader = new SqliteLogReader(openForReading(folder), folder);
  try {
    checkSavedHead(folder, reader, saved);
    const [problem] = reader.tailProblems(TAIL_CHUNKS);
    if (problem !== undefined) throw damaged(`${join(folder, LOG_FILE)}: ${problem}. ${MEND}`);
  } finally {
    reader.close();
  }
}

function checkSavedHead(folder: string, reader: SqliteLogReader, saved: FoundHead): void {
  // The head file is made after the log and before the first event: a power cut in between may leave it out or spoil it.
  if ((saved === undefined || saved === 'damaged') && reader.head().position === 0) return;
  const problem = savedHeadProblem(reader, saved);
  if (problem !== undefined) throw damaged(`${join(folder, LOG_FILE)}: ${problem}. ${MEND}`);
}

function damaged(message: string): StoreRefused {
  return new StoreRefused('damaged', message);
}
