import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { join } from 'node:path';

import { EventCursor } from '../event-cursor';
import type { Chunk } from '../event-store';
import type { LogVerification, StoreMeta } from '../log-reader';
import { birthChain, chainOfChunk } from './log-frame';
import { LOG_FILE } from './log-schema';

/** Further problems are only counted. */
const PROBLEMS_MAX = 100;
/** Read at once; between two reads the writer can tidy its WAL. */
const PAGE_CHUNKS = 256;

interface Row {
  first_position: number;
  stream: number;
  first_revision: number;
  count: number;
  recorded_at: number;
  chain: Uint8Array;
  bytes: Uint8Array;
}

const PAGE = 'SELECT * FROM chunks WHERE first_position > ? ORDER BY first_position LIMIT ?';

/** Every chunk from the first one on. */
export function verifyChunks(
  db: DatabaseSyncInstance,
  meta: StoreMeta,
  folder: string,
  onProgress: (events: number, ofEvents: number) => void,
): LogVerification {
  const check = new ChunkCheck(namesOf(db), birthChain(meta));
  const total = lastPosition(db);
  try {
    for (const problem of structureProblems(db)) check.problem(`${join(folder, LOG_FILE)}: ${problem}`);
    const page = db.prepare(PAGE);
    for (let after = 0; ; onProgress(check.events, total)) {
      const rows = page.all(after, PAGE_CHUNKS) as unknown as Row[];
      for (const row of rows) check.chunk(row);
      if (rows.length < PAGE_CHUNKS) break;
      after = (rows[rows.length - 1] as Row).first_position;
    }
  } catch (error) {
    check.problem(
      `position ${check.next}: the log cannot be read on: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return check.result();
}

/** The newest chunks only, and the very first one. */
export function tailProblems(db: DatabaseSyncInstance, meta: StoreMeta, chunks: number): string[] {
  const names = namesOf(db);
  const first = new ChunkCheck(names, birthChain(meta));
  for (const row of db.prepare(PAGE).all(0, 1) as unknown as Row[]) first.chunk(row);
  const newest = db
    .prepare('SELECT * FROM chunks ORDER BY first_position DESC LIMIT ?')
    .all(chunks + 1) as unknown as Row[];
  const rows = newest.reverse();
  const [base] = rows;
  if (base === undefined) return first.result().problems;
  const tail = new ChunkCheck(names, base.chain, base);
  for (const row of rows.slice(1)) tail.chunk(row);
  return [...first.result().problems, ...tail.result().problems];
}

/** Follows the chunks one after the other and notes what does not fit. */
class ChunkCheck {
  events = 0;
  next = 1;
  private chunks = 0;
  private untold = 0;
  private recordedAt = 0;
  private readonly problems: string[] = [];
  private readonly revisions = new Map<number, number>();
  private readonly cursor = new EventCursor();

  constructor(
    private readonly names: Map<number, string>,
    private chain: Uint8Array,
    /** Where the walk does not begin at the first chunk: the one before. Revisions are then known from a stream's first sighting on. */
    private readonly after?: Row,
  ) {
    if (after === undefined) return;
    this.next = after.first_position + after.count;
    this.recordedAt = after.recorded_at;
    this.revisions.set(after.stream, after.first_revision + after.count);
  }

  chunk(row: Row): void {
    if (!isReadable(row)) return this.problem(`position ${this.next}: the row of these events cannot be read`);
    const at = `position ${row.first_position}`;
    const stream = this.names.get(row.stream);
    if (stream === undefined) this.problem(`${at}: stream ${row.stream} has no name`);
    if (row.first_position !== this.next)
      this.problem(`${at}: positions ${this.next} to ${row.first_position - 1} are missing`);
    this.revision(row, at, stream);
    if (row.recorded_at < this.recordedAt) this.problem(`${at}: recorded before the event in front of it`);
    const chunk: Chunk = {
      stream: stream ?? '',
      firstPosition: row.first_position,
      firstRevision: row.first_revision,
      recordedAt: row.recorded_at,
      count: row.count,
      bytes: row.bytes,
    };
    if (!chainOfChunk(this.chain, chunk).equals(row.chain))
      this.problem(`${at}: the hash of ${row.count} events does not hold: they were altered`);
    this.records(chunk, at);
    this.chain = row.chain;
    this.next = row.first_position + row.count;
    this.recordedAt = row.recorded_at;
    this.chunks++;
  }

  problem(text: string): void {
    if (this.problems.length < PROBLEMS_MAX) this.problems.push(text);
    else this.untold++;
  }

  result(): LogVerification {
    const problems = this.untold > 0 ? [...this.problems, `and ${this.untold} further problems`] : this.problems;
    return { events: this.events, chunks: this.chunks, problems };
  }

  private revision(row: Row, at: string, stream: string | undefined): void {
    const expected = this.revisions.get(row.stream) ?? (this.after ? row.first_revision : 0);
    if (row.first_revision !== expected)
      this.problem(`${at}: ${stream ?? row.stream} goes on at revision ${row.first_revision} instead of ${expected}`);
    this.revisions.set(row.stream, row.first_revision + row.count);
  }

  private records(chunk: Chunk, at: string): void {
    let count = 0;
    this.cursor.reset(chunk);
    try {
      while (this.cursor.next()) count++;
      if (count !== chunk.count) this.problem(`${at}: ${chunk.count} events announced, ${count} found`);
    } catch (error) {
      this.problem(`${at}: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.events += count;
  }
}

/** A damaged page can put anything into a row. */
function isReadable(row: Row): boolean {
  const numbers = [row.first_position, row.stream, row.first_revision, row.count, row.recorded_at];
  return numbers.every(Number.isSafeInteger) && row.bytes instanceof Uint8Array && row.chain instanceof Uint8Array;
}

function namesOf(db: DatabaseSyncInstance): Map<number, string> {
  const rows = db.prepare('SELECT no, name FROM streams').all() as { no: number; name: string }[];
  return new Map(rows.map(({ no, name }) => [no, name]));
}

function lastPosition(db: DatabaseSyncInstance): number {
  const row = db
    .prepare('SELECT first_position + count - 1 AS last FROM chunks ORDER BY first_position DESC LIMIT 1')
    .get() as { last: number } | undefined;
  return row?.last ?? 0;
}

/** SQLite's own look at its pages and indexes. */
function structureProblems(db: DatabaseSyncInstance): string[] {
  const rows = db.prepare(`PRAGMA integrity_check(${PROBLEMS_MAX})`).all() as { integrity_check: string }[];
  return rows.map((row) => row.integrity_check).filter((text) => text !== 'ok');
}
