/** A LogReader over a store that cannot be read at once: for threads that may block. */
import { BlockingLine, type LineEnd } from '@rapport/blocking-calls';
import type { EventCursor } from '../event-cursor';
import { EventCursor as Cursor } from '../event-cursor';
import type { Chunk, Head, StoredEvent } from '../event-store';
import { type ChunkFilter, LogReader, type LogVerification, type StoreMeta } from '../log-reader';
import type { LogAnswers } from './log-answers';

/** Positions of one question. */
const POSITIONS_PER_ASK = 5_000;

export class BlockingLogReader extends LogReader {
  private readonly line: BlockingLine<LogAnswers>;
  private known: StoreMeta | undefined;

  constructor(end: LineEnd) {
    super();
    this.line = new BlockingLine(end);
  }

  meta(): StoreMeta {
    return (this.known ??= this.line.ask('meta'));
  }

  head(): Head {
    return this.line.ask('head');
  }

  chunks(afterPosition: number, maxBytes: number, filter: ChunkFilter = {}): Chunk[] {
    return this.line.ask('chunks', afterPosition, maxBytes, filter);
  }

  streamChunks(stream: string, fromRevision: number, maxEvents: number): Chunk[] {
    return this.line.ask('streamChunks', stream, fromRevision, maxEvents);
  }

  at(positions: ArrayLike<number>): (StoredEvent | undefined)[] {
    return this.line.ask('at', Float64Array.from(positions));
  }

  visit(positions: ArrayLike<number>, see: (cursor: EventCursor, recordedAt: number) => void): void {
    const all = Float64Array.from(positions);
    const cursor = new Cursor();
    for (let from = 0; from < all.length; from += POSITIONS_PER_ASK) {
      for (const chunk of this.line.ask('ascending', all.slice(from, from + POSITIONS_PER_ASK))) {
        cursor.reset(chunk);
        while (cursor.next()) see(cursor, chunk.recordedAt);
      }
    }
  }

  streamHead(stream: string): number {
    return this.line.ask('streamHead', stream);
  }

  streams(): string[] {
    throw new Error('this store cannot say which streams it has');
  }

  verify(): LogVerification {
    throw new Error('this store is verified by its own server');
  }

  close(): void {
    this.line.close();
  }
}
