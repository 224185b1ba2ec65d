/** The tables of a read-model file, its format number, and how connections are opened. */
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';

/** Raised by one with every change of the tables. A file of another format is rebuilt, never migrated: it is a fold. */
export const READ_MODEL_FORMAT = 2;
/** ASCII "RapM": marks the file as ours. */
const APPLICATION_ID = 0x5261704d;

/** A flush touches nearly every page of a growing store: half as many pages are half as many to checksum, write and copy. */
const PAGE_BYTES = 8_192;
export const WRITER_CACHE_KIB = 131_072;
export const BULK_CACHE_KIB = 262_144;
export const READER_CACHE_KIB = 32_768;
/** The bound of the WAL: a commit that leaves more pages than this checkpoints at once. Below it, the writer chooses when. */
export const AUTOCHECKPOINT_PAGES = 50_000;
/** What the WAL file shrinks to once it has been checkpointed. */
export const WAL_KEPT_BYTES = 67_108_864;
/** Backup tools and checkpoints hold short locks. */
const BUSY_TIMEOUT_MS = 5_000;

/** The file cannot be used: what is wrong and how to mend it. */
export class ReadModelFormatError extends Error {}

/** Before every moment: stands for "not known" where rows are sorted by a moment. */
export const NO_MOMENT = Number.MIN_SAFE_INTEGER;
/** The kind that nearly every customer has. The others have an index of their own. */
export const COMMON_KIND = 'person';
/** Its number in `names`, given when the tables are made, so that an index can leave it out. */
export const COMMON_KIND_NUMBER = 1;

/*
 * Stages, engagements, kinds and channels are numbers of `names` (0 = none), so that no index holds text but the one on
 * customer ids and the one on those that wait for a settling. An unknown stage_since is NO_MOMENT, so that a page can
 * go on after it. `change_days` counts the changes in force by UTC day, for reports. Wide columns stand last in `customers`: a list page never
 * reads them.
 */
const TABLES = `
CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
INSERT INTO names VALUES (${COMMON_KIND_NUMBER}, '${COMMON_KIND}');
CREATE TABLE customers (
  no INTEGER PRIMARY KEY, customer_id TEXT NOT NULL, partition INTEGER NOT NULL,
  stage INTEGER NOT NULL, stage_since INTEGER NOT NULL, engagement INTEGER NOT NULL, kind INTEGER NOT NULL,
  last_touchpoint_at INTEGER NOT NULL, last_channel INTEGER NOT NULL, due INTEGER, unsettled INTEGER NOT NULL,
  definition_version INTEGER NOT NULL, details BLOB NOT NULL);
CREATE TABLE channel_members (channel INTEGER, no INTEGER, PRIMARY KEY (channel, no)) WITHOUT ROWID;
CREATE TABLE timeline_chunks (no INTEGER, chunk INTEGER, bytes BLOB NOT NULL, PRIMARY KEY (no, chunk)) WITHOUT ROWID;
CREATE TABLE profiles (no INTEGER PRIMARY KEY, traits TEXT NOT NULL, personal TEXT NOT NULL);
CREATE TABLE changes (
  no INTEGER, axis INTEGER, at INTEGER, position INTEGER, part INTEGER, from_ INTEGER NOT NULL, to_ INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL, definition_version INTEGER NOT NULL,
  history INTEGER NOT NULL, chain INTEGER NOT NULL, hidden INTEGER NOT NULL,
  PRIMARY KEY (no, axis, at, position, part)) WITHOUT ROWID;
CREATE TABLE change_days (
  axis INTEGER, day INTEGER, from_ INTEGER, to_ INTEGER, changes INTEGER NOT NULL,
  PRIMARY KEY (axis, day, from_, to_)) WITHOUT ROWID;
CREATE TABLE parked (
  position INTEGER PRIMARY KEY, no INTEGER NOT NULL, customer_id TEXT NOT NULL, touchpoint_id TEXT NOT NULL,
  reason TEXT NOT NULL, detail TEXT NOT NULL, parked_at INTEGER NOT NULL);
CREATE TABLE counters (
  partition INTEGER, stage INTEGER, engagement INTEGER, customers INTEGER NOT NULL,
  PRIMARY KEY (partition, stage, engagement)) WITHOUT ROWID;
CREATE TABLE checkpoint (
  one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL, recorded_at INTEGER NOT NULL, engine TEXT NOT NULL);
`;

/** Made with the tables, or at the end of a bulk load. */
const INDEXES = `
CREATE UNIQUE INDEX customers_by_id ON customers (customer_id);
CREATE INDEX customers_by_last ON customers (
  stage, engagement, last_touchpoint_at, no, kind, last_channel, unsettled, stage_since);
CREATE INDEX customers_by_since ON customers (stage, engagement, stage_since, no);
CREATE INDEX customers_by_rare_kind ON customers (kind) WHERE kind <> ${COMMON_KIND_NUMBER};
CREATE INDEX customers_by_due ON customers (partition, due) WHERE due IS NOT NULL;
CREATE INDEX customers_unsettled ON customers (partition, customer_id) WHERE unsettled = 1;
CREATE INDEX changes_by_at ON changes (axis, at, hidden, history, to_, from_);
CREATE INDEX changes_by_step ON changes (axis, hidden, history, to_, from_, position, part);
`;

export function createTables(db: DatabaseSyncInstance): void {
  db.exec(TABLES);
}

export function createIndexes(db: DatabaseSyncInstance): void {
  db.exec(INDEXES);
}

/** Last step of making a file: a file without the mark is unfinished. */
export function markFormat(db: DatabaseSyncInstance): void {
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${READ_MODEL_FORMAT};`);
}

export function pragma(db: DatabaseSyncInstance, name: string): string | number | null {
  const row = db.prepare(`PRAGMA ${name}`).get() as Record<string, string | number | null> | undefined;
  return row === undefined ? null : (Object.values(row)[0] ?? null);
}

export function isEmptyFile(db: DatabaseSyncInstance): boolean {
  const row = db.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as { n: number };
  return row.n === 0;
}

/** Refuses a file that is not of this format, in words that say what to do. */
export function assertFormat(db: DatabaseSyncInstance, path: string): void {
  const id = Number(pragma(db, 'application_id'));
  const format = Number(pragma(db, 'user_version'));
  if (id !== APPLICATION_ID) {
    throw new ReadModelFormatError(
      `${path} is not a finished read-model file of Rapport. Remove it and run \`rapport rebuild\`.`,
    );
  }
  if (format > READ_MODEL_FORMAT) {
    throw new ReadModelFormatError(
      `${path} has format ${format}, newer than format ${READ_MODEL_FORMAT} that this version reads. ` +
        'Start a newer Rapport, or run `rapport rebuild` with this one.',
    );
  }
  if (format < READ_MODEL_FORMAT) {
    throw new ReadModelFormatError(
      `${path} has the older format ${format}; this version writes format ${READ_MODEL_FORMAT}. Run \`rapport rebuild\`.`,
    );
  }
}

const SAFE = `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;`;

/** The one read-write connection of a live file. Makes the tables of a new file. */
export function openLive(path: string): DatabaseSyncInstance {
  const db = new DatabaseSync(path);
  try {
    db.exec(`${SAFE} PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = FAST;
      PRAGMA cache_size = -${WRITER_CACHE_KIB}; PRAGMA wal_autocheckpoint = ${AUTOCHECKPOINT_PAGES};
      PRAGMA journal_size_limit = ${WAL_KEPT_BYTES};`);
    if (isEmptyFile(db)) makeNew(db);
    assertFormat(db, path);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function makeNew(db: DatabaseSyncInstance): void {
  db.exec('BEGIN IMMEDIATE');
  createTables(db);
  createIndexes(db);
  markFormat(db);
  db.exec('COMMIT');
}

/** A read-only connection. It holds no read transaction between calls, so it never blocks a checkpoint. */
export function openReadOnly(path: string): DatabaseSyncInstance {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    db.exec(`${SAFE} PRAGMA query_only = ON; PRAGMA cache_size = -${READER_CACHE_KIB};`);
    assertFormat(db, path);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A fresh file for a bulk load: nothing is durable before it is finished. */
export function openBulk(path: string): DatabaseSyncInstance {
  const db = new DatabaseSync(path);
  db.exec(`${SAFE} PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
    PRAGMA cache_size = -${BULK_CACHE_KIB}; PRAGMA temp_store = FILE;`);
  if (!isEmptyFile(db)) {
    db.close();
    throw new ReadModelFormatError(
      `${path} exists already. A bulk load needs a fresh file: remove it and start again.`,
    );
  }
  createTables(db);
  return db;
}
