import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { join } from 'node:path';

import type { AppendRequest, AppendResult, Head } from '../event-store';
import { CommitGroup, type PlannedChunk, type StreamState } from './commit-group';
import type { StoreMeta } from '../log-reader';
import { DiskReserve } from './disk-reserve';
import { chainOf, FRAME_HEADER_BYTES, writeFrameHeader } from './log-frame';
import { LOG_FILE, openForWriting, readMeta, type Synchronous } from './log-schema';
import { isFull } from './sqlite-errors';
import { stillHolds, storedStreams, storedTip, type Tip } from './stored-log';
import { Timings, type TimingSummary } from './timings';
import { prepareWriter, type WriterStatements } from './writer-statements';

/**
 * The writer copies the WAL into the database when it is longer, after the answers have gone out. 1024 pages are 4 MiB: at four times as many
 * the commits that come meanwhile wait 15 ms and more, which is what one request in a hundred then takes.
 */
export const CHECKPOINT_PAGES = 1024;

export interface LogWriterOptions {
  folder: string;
  /** Of a new store; an existing one must have as many. */
  partitions?: number;
  now?: () => number;
  diskReserveBytes?: number;
  /** Free bytes of the disk. */
  freeBytes?: (folder: string) => number;
  /** Only for measuring, and for proving that the power-loss tests notice what is missing. */
  unsafe?: { synchronous?: Synchronous; pageBytes?: number; checkpointPages?: number };
}

/** What one commit added: its frames (see log-frame.ts) in memory that nobody else uses, and where the log ends now. */
export interface CommittedGroup {
  frames: Buffer;
  streams: string[];
  events: number;
  afterPosition: number;
  head: Head;
}

export interface LogWriterStats {
  commits: number;
  events: number;
  bytes: number;
  /** Frames in the WAL that a reader may still need. */
  walPages: number;
  fsync: TimingSummary;
  /** Present while appends are refused. */
  unavailable?: { detail: string; since: number };
  /** Present while the side file `head` cannot be written; appends go on. */
  headProblem?: string;
}

/**
 * The one writer of a log, synchronous, for a thread of its own. A commit group is one transaction; what it answers with `ok` is on disk. A failure of the disk answers
 * `unavailable`, keeps what was acknowledged, and each later group tries again.
 */
export class SqliteLogWriter {
  /** Told after each commit, before `commit` returns. */
  onGroup: ((group: CommittedGroup) => void) | undefined;

  /** Wraps each emptying of the WAL. */
  aroundReset: (reset: () => void) => void = (reset) => reset();

  private db: DatabaseSyncInstance | undefined;
  private statements: WriterStatements | undefined;
  private readonly streams = new Map<string, StreamState>();
  private nextStreamNo = 1;
  private tip: Tip = { position: 0, recordedAt: 0, chain: Buffer.alloc(0) };
  private readonly timings = new Timings();
  private readonly counted = { commits: 0, events: 0, bytes: 0 };
  /** Why appends are refused now, since when. */
  trouble: { detail: string; since: number } | undefined;
  private broken = false;
  private closed = false;
  private readonly reserve: DiskReserve;
  private readonly now: () => number;

  constructor(private readonly options: LogWriterOptions) {
    this.now = options.now ?? Date.now;
    this.reserve = new DiskReserve(options.folder, options.diskReserveBytes, options.freeBytes);
    this.tip = storedTip(this.open(), this.meta);
  }

  get head(): Head {
    return { position: this.tip.position, recordedAt: this.tip.recordedAt };
  }

  /** Hash of the whole log up to its head. */
  get chain(): Buffer {
    return this.tip.chain;
  }

  get meta(): StoreMeta {
    return readMeta(this.db as DatabaseSyncInstance, join(this.options.folder, LOG_FILE));
  }

  /** Empties the WAL and commits to it once, so that from now on it is on disk and never empty. */
  beginRun(): void {
    const db = this.db as DatabaseSyncInstance;
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    db.exec("UPDATE meta SET value = value + 1 WHERE key = 'openings'");
  }

  /** One transaction for all; each request succeeds or fails alone. The bytes are copied. */
  commit(requests: AppendRequest[]): AppendResult[] {
    const refusal = this.refusal();
    const group = new CommitGroup(this.streams, this.nextStreamNo, requests);
    if (group.chunks.length === 0) return group.answer(this.tip.position + 1, this.tip.recordedAt);
    if (refusal !== undefined) return group.unavailable(refusal);
    try {
      const tip = this.store(group);
      this.trouble = undefined;
      return group.answer(tip.firstPosition, tip.recordedAt);
    } catch (error) {
      return group.unavailable(this.failed(error));
    }
  }

  /** Housekeeping for when the answers are out: copies the WAL into the database once it is long enough. */
  maintain(pages = this.options.unsafe?.checkpointPages ?? CHECKPOINT_PAGES): void {
    if (this.broken || this.closed) return;
    try {
      if (this.walPages() > pages) this.statements?.checkpoint.get();
    } catch (error) {
      this.failed(error);
    }
  }

  stats(): LogWriterStats {
    const stats: LogWriterStats = { ...this.counted, walPages: this.walPages(), fsync: this.timings.summary() };
    if (this.trouble) stats.unavailable = { ...this.trouble };
    return stats;
  }

  /**
   * Copies the WAL into the database and empties it. What cannot be copied now stays in the WAL and is found at the next start. The binding frees
   * statements only when they are collected, so the files may stay open until the thread ends; nothing is locked meanwhile.
   */
  close(): void {
    this.closed = true;
    const { db } = this;
    this.statements = undefined;
    if (!db?.isOpen) return;
    try {
      if (!this.broken) db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      this.trouble ??= { detail: `the WAL could not be emptied: ${messageOf(error)}`, since: this.now() };
    } finally {
      db.close();
    }
  }

  private open(): DatabaseSyncInstance {
    const { folder, partitions, unsafe } = this.options;
    const db = openForWriting(folder, partitions, unsafe?.synchronous, unsafe?.pageBytes);
    this.db = db;
    this.statements = prepareWriter(db);
    this.streams.clear();
    for (const stream of storedStreams(db)) {
      this.streams.set(stream.stream, stream);
      this.nextStreamNo = stream.no + 1;
    }
    return db;
  }

  private store(group: CommitGroup): { firstPosition: number; recordedAt: number } {
    const { begin, commit, addStream, addChunk } = this.statements as WriterStatements;
    const recordedAt = Math.max(this.tip.recordedAt, Math.floor(this.now()));
    const firstPosition = this.tip.position + 1;
    const frames = Buffer.allocUnsafeSlow(framesLength(group.chunks));
    let { position, chain } = this.tip;
    let at = 0;
    begin.run();
    for (const { no, stream } of group.newStreams) addStream.run(no, stream);
    for (const chunk of group.chunks) {
      const header = {
        firstPosition: position + 1,
        firstRevision: chunk.firstRevision,
        recordedAt,
        count: chunk.count,
        bytes: chunk.bytes,
      };
      const start = writeFrameHeader(frames, at, chain, header, chunk.stream.name);
      const end = writePieces(frames, start, chunk);
      chain = chainOf(frames.subarray(at, end));
      const { no } = chunk.stream;
      addChunk.run(position + 1, no, chunk.firstRevision, chunk.count, recordedAt, chain, frames.subarray(start, end));
      position += chunk.count;
      at = end;
    }
    const started = performance.now();
    commit.run();
    this.timings.add(performance.now() - started);
    this.committed(group, { position, recordedAt, chain }, frames);
    return { firstPosition, recordedAt };
  }

  private committed(group: CommitGroup, tip: Tip, frames: Buffer): void {
    const afterPosition = this.tip.position;
    this.tip = tip;
    group.apply(this.streams);
    this.nextStreamNo += group.newStreams.length;
    const events = tip.position - afterPosition;
    this.counted.commits++;
    this.counted.events += events;
    this.counted.bytes += frames.length;
    if (this.onGroup === undefined) return;
    const streams = group.chunks.map((chunk) => chunk.stream.stream);
    this.onGroup({ frames, streams, events, afterPosition, head: this.head });
  }

  /** Why nothing can be stored now. */
  private refusal(): string | undefined {
    if (this.closed) return 'the log is closed';
    const full = this.reserve.problem();
    if (full !== undefined) this.trouble ??= { detail: full, since: this.now() };
    return full ?? (this.broken ? this.reopen() : undefined);
  }

  /**
   * Undoes the transaction and remembers why. A full disk leaves the connection sound; after any other fault it is not used again: a failed fsync may have lost
   * what a second one would report as safe.
   */
  private failed(error: unknown): string {
    const detail = `the log could not be written: ${messageOf(error)}`;
    this.trouble ??= { detail, since: this.now() };
    try {
      if (this.db?.isTransaction) this.statements?.rollback.run();
      if (!isFull(error)) this.broken = true;
    } catch {
      this.broken = true;
    }
    return detail;
  }

  /** A new connection, if the log still ends where it was acknowledged to; else why not. */
  private reopen(): string | undefined {
    const { tip } = this;
    try {
      if (this.db?.isOpen) this.db.close();
      const db = this.open();
      const stored = storedTip(db, this.meta);
      if (!stillHolds(db, this.meta, tip))
        return this.stillBroken(`the log ends at position ${stored.position}, but ${tip.position} was acknowledged`);
      this.tip = stored;
      this.aroundReset(() => this.beginRun());
      this.broken = false;
      return undefined;
    } catch (error) {
      return this.stillBroken(messageOf(error));
    }
  }

  private stillBroken(why: string): string {
    const detail = `the log cannot be opened again: ${why}`;
    this.trouble = { detail, since: this.trouble?.since ?? this.now() };
    return detail;
  }

  private walPages(): number {
    if (this.broken || this.closed) return 0;
    const row = this.statements?.walSize.get() as { log: number } | undefined;
    return row?.log ?? 0;
  }
}

function framesLength(chunks: PlannedChunk[]): number {
  let length = 0;
  for (const chunk of chunks) length += FRAME_HEADER_BYTES + chunk.stream.name.length + chunk.bytes;
  return length;
}

function writePieces(target: Buffer, start: number, chunk: PlannedChunk): number {
  let at = start;
  for (const piece of chunk.pieces) {
    target.set(piece.bytes, at);
    at += piece.bytes.length;
  }
  return at;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
