import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { join } from 'node:path';

import { from, upTo } from '../chunk-slices';
import { EventCursor } from '../event-cursor';
import type { Chunk, Head, StoredEvent } from '../event-store';
import { type ChunkFilter, LogReader, type LogVerification, type StoreMeta } from '../log-reader';
import { readHeadFile, savedHeadProblem } from './head-file';
import { birthChain } from './log-frame';
import { LOG_FILE, openForReading, readMeta } from './log-schema';
import { tailProblems, verifyChunks } from './verify-chunks';

/** Chunks that `at` keeps between calls. */
const CHUNKS_KEPT = 64;

type Row = [position: number, stream: number, revision: number, count: number, recordedAt: number, bytes: Uint8Array];

const COLUMNS = 'first_position, stream, first_revision, count, recorded_at, bytes';

export function openLogReader(folder: string): LogReader {
  return new SqliteLogReader(openForReading(folder), folder);
}

/** See LogReader. A connection of its own, closed with it. */
export class SqliteLogReader extends LogReader {
  private readonly names = new Map<number, string>();
  private readonly numbers = new Map<string, number>();
  private readonly cursor = new EventCursor();
  private readonly kept = new Map<number, Chunk>();
  private readonly statements: Record<
    'head' | 'chainEnding' | 'chunkHolding' | 'holding' | 'after' | 'holdingRevision' | 'ofStream' | 'streamHead',
    StatementSyncInstance
  >;

  constructor(
    readonly connection: DatabaseSyncInstance,
    private readonly folder: string,
  ) {
    super();
    this.statements = prepare(connection);
  }

  meta(): StoreMeta {
    return readMeta(this.connection, join(this.folder, LOG_FILE));
  }

  head(): Head {
    const row = this.statements.head.get() as [number, number] | undefined;
    return row ? { position: row[0], recordedAt: row[1] } : { position: 0, recordedAt: 0 };
  }

  chunks(position: number, maxBytes: number, filter: ChunkFilter = {}): Chunk[] {
    const wanted = this.streamsWanted(filter);
    if (wanted?.length === 0) return [];
    const chunks: Chunk[] = [];
    let bytes = 0;
    for (const row of this.rows(position, wanted, filter.backwards === true)) {
      const whole = this.chunk(row);
      const chunk = filter.backwards ? upTo(whole, position - row[0]) : from(whole, position + 1 - row[0]);
      if (chunk === undefined) continue;
      chunks.push(chunk);
      bytes += chunk.bytes.length;
      if (bytes >= maxBytes) break;
    }
    return chunks;
  }

  streamChunks(stream: string, fromRevision: number, maxEvents: number): Chunk[] {
    const no = this.numberOf(stream);
    if (no === undefined || maxEvents <= 0) return [];
    const first = this.statements.holdingRevision.get(no, fromRevision) as [number] | undefined;
    const rows = this.statements.ofStream.iterate(no, first?.[0] ?? 0) as IterableIterator<Row>;
    const chunks: Chunk[] = [];
    let events = 0;
    for (const row of rows) {
      const chunk = upTo(from(this.chunk(row), fromRevision - row[2]), maxEvents - events);
      if (chunk === undefined) continue;
      chunks.push(chunk);
      events += chunk.count;
      if (events >= maxEvents) break;
    }
    return chunks;
  }

  at(positions: ArrayLike<number>): (StoredEvent | undefined)[] {
    const order = Array.from(positions, (position, place) => ({ position, place })).sort(
      (a, b) => a.position - b.position,
    );
    const found = new Array<StoredEvent | undefined>(positions.length).fill(undefined);
    let chunk: Chunk | undefined;
    for (const { position, place } of order) {
      if (chunk === undefined || position >= chunk.firstPosition + chunk.count) {
        chunk = this.chunkHolding(position);
        if (chunk !== undefined) this.cursor.reset(chunk);
      }
      if (chunk !== undefined) found[place] = this.eventAt(chunk, position);
    }
    return found;
  }

  visit(positions: ArrayLike<number>, see: (cursor: EventCursor, recordedAt: number) => void): void {
    const cursor = new EventCursor();
    let chunk: Chunk | undefined;
    for (let i = 0; i < positions.length; i++) {
      const position = positions[i] as number;
      if (chunk === undefined || position >= chunk.firstPosition + chunk.count) {
        const row = this.statements.chunkHolding.get(position) as Row | undefined;
        if (row === undefined || position >= row[0] + row[3]) continue;
        chunk = this.chunk(row);
        cursor.reset(chunk);
      }
      cursor.skip(position - cursor.position - 1);
      if (cursor.next()) see(cursor, chunk.recordedAt);
    }
  }

  streamHead(stream: string): number {
    const no = this.numberOf(stream);
    if (no === undefined) return -1;
    return (this.statements.streamHead.get(no) as [number] | undefined)?.[0] ?? -1;
  }

  streams(): string[] {
    this.loadNames();
    return [...this.numbers.keys()];
  }

  /** Hash of the log up to the chunk that ends at this position (0 = of its birth); undefined where no chunk ends there. */
  chainAt(position: number): Buffer | undefined {
    if (position === 0) return birthChain(this.meta());
    const row = this.statements.chainEnding.get(position) as [number, Uint8Array] | undefined;
    return row?.[0] === position ? Buffer.from(row[1]) : undefined;
  }

  tailProblems(chunks: number): string[] {
    return tailProblems(this.connection, this.meta(), chunks);
  }

  verify(onProgress: (events: number, ofEvents: number) => void = () => undefined): LogVerification {
    const saved = readHeadFile(this.folder);
    const found = verifyChunks(this.connection, this.meta(), this.folder, onProgress);
    const problem = savedHeadProblem(this, saved);
    return problem === undefined ? found : { ...found, problems: [problem, ...found.problems] };
  }

  close(): void {
    this.kept.clear();
    if (this.connection.isOpen) this.connection.close();
  }

  /** Moves the cursor on to the position; it stands in this chunk, before or at it. */
  private eventAt(chunk: Chunk, position: number): StoredEvent | undefined {
    if (position < chunk.firstPosition || !Number.isSafeInteger(position)) return undefined;
    if (this.cursor.position >= position) this.cursor.reset(chunk);
    this.cursor.skip(position - this.cursor.position - 1);
    return this.cursor.next() ? this.cursor.event(chunk) : undefined;
  }

  private chunkHolding(position: number): Chunk | undefined {
    const first = this.statements.holding.get(position) as [number, number] | undefined;
    if (first === undefined || position >= first[0] + first[1]) return undefined;
    const known = this.kept.get(first[0]);
    this.kept.delete(first[0]);
    const chunk = known ?? this.chunk(this.statements.after.get(first[0]) as Row);
    this.kept.set(first[0], chunk);
    if (this.kept.size > CHUNKS_KEPT) this.kept.delete(this.kept.keys().next().value as number);
    return chunk;
  }

  private chunk(row: Row): Chunk {
    const [firstPosition, no, firstRevision, count, recordedAt, bytes] = row;
    return { stream: this.nameOf(no), firstPosition, firstRevision, count, recordedAt, bytes };
  }

  /** Numbers of the streams that pass; undefined = all. */
  private streamsWanted(filter: ChunkFilter): number[] | undefined {
    const prefixes = filter.streamPrefixes;
    if (prefixes === undefined) return undefined;
    this.loadNames();
    return [...this.numbers].filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix))).map(([, no]) => no);
  }

  private rows(position: number, wanted: number[] | undefined, backwards: boolean): IterableIterator<Row> {
    const among = wanted ? `AND +stream IN (${wanted.join(',')})` : '';
    if (backwards)
      return this.select(`first_position < ? ${among} ORDER BY first_position DESC`).iterate(
        position,
      ) as IterableIterator<Row>;
    const first = this.statements.holding.get(position + 1) as [number] | undefined;
    const after = wanted ? this.select(`first_position >= ? ${among} ORDER BY first_position`) : this.statements.after;
    return after.iterate(first?.[0] ?? 0) as IterableIterator<Row>;
  }

  private select(condition: string): StatementSyncInstance {
    return arrays(this.connection.prepare(`SELECT ${COLUMNS} FROM chunks WHERE ${condition}`));
  }

  private nameOf(no: number): string {
    const name = this.names.get(no);
    if (name !== undefined) return name;
    this.loadNames();
    const loaded = this.names.get(no);
    if (loaded === undefined)
      throw new Error(`${join(this.folder, LOG_FILE)}: stream ${no} has no name. Run rapport verify.`);
    return loaded;
  }

  private numberOf(stream: string): number | undefined {
    if (!this.numbers.has(stream)) this.loadNames();
    return this.numbers.get(stream);
  }

  private loadNames(): void {
    for (const [no, name] of arrays(this.connection.prepare('SELECT no, name FROM streams')).all() as unknown as [
      number,
      string,
    ][]) {
      this.names.set(no, name);
      this.numbers.set(name, no);
    }
  }
}

function prepare(db: DatabaseSyncInstance) {
  const statement = (sql: string) => arrays(db.prepare(sql));
  return {
    chainEnding: statement(
      'SELECT first_position + count - 1, chain FROM chunks WHERE first_position <= ? ORDER BY first_position DESC LIMIT 1',
    ),
    head: statement('SELECT first_position + count - 1, recorded_at FROM chunks ORDER BY first_position DESC LIMIT 1'),
    chunkHolding: statement(
      `SELECT ${COLUMNS} FROM chunks WHERE first_position <= ? ORDER BY first_position DESC LIMIT 1`,
    ),
    holding: statement(
      'SELECT first_position, count FROM chunks WHERE first_position <= ? ORDER BY first_position DESC LIMIT 1',
    ),
    after: statement(`SELECT ${COLUMNS} FROM chunks WHERE first_position >= ? ORDER BY first_position`),
    holdingRevision: statement(
      'SELECT first_revision FROM chunks WHERE stream = ? AND first_revision <= ? ORDER BY first_revision DESC LIMIT 1',
    ),
    ofStream: statement(
      `SELECT ${COLUMNS} FROM chunks WHERE stream = ? AND first_revision >= ? ORDER BY first_revision`,
    ),
    streamHead: statement(
      'SELECT first_revision + count - 1 FROM chunks WHERE stream = ? ORDER BY first_revision DESC LIMIT 1',
    ),
  };
}

function arrays(statement: StatementSyncInstance): StatementSyncInstance {
  statement.setReturnArrays(true);
  return statement;
}
