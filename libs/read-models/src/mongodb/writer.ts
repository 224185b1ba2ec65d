/** The writer of the port over a line to the thread that talks to MongoDB. */
import { BlockingCallFailed, type LineEnd, WaitingLine } from '@rapport/blocking-calls';
import { type Flush, ReadModelWriter } from '../read-models';
import { ownBytes } from './documents';
import { FencedError } from './fenced-error';
import type { WriterAnswers } from './writer-answers';

export class MongoReadModelWriter extends ReadModelWriter {
  private readonly line: WaitingLine<WriterAnswers>;
  private flushes = 0;
  private lastMs = 0;

  constructor(end: LineEnd) {
    super();
    this.line = new WaitingLine(end);
  }

  /** Claims the partition for its token, and finishes what the owner before has begun. Rejects with FencedError. */
  claim(): Promise<void> {
    return this.line.ask('claim').catch(raise);
  }

  /** How many flushes were written, and how long the last one took (ms). */
  get figures(): { flushes: number; lastMs: number } {
    return { flushes: this.flushes, lastMs: this.lastMs };
  }

  /** Rejects with FencedError where a newer owner has the partition. While the server is away it is tried again, without end. */
  async write(flush: Flush): Promise<void> {
    const from = performance.now();
    await this.line.ask('write', sent(flush)).catch(raise);
    this.flushes++;
    this.lastMs = performance.now() - from;
  }

  /** Waits for what is being written; gives up what is being tried again. */
  async close(): Promise<void> {
    await this.line.ask('close').catch(unlessEnded);
    this.line.close();
  }
}

/** Rows are made while they are read; and a view into a large buffer would take all of it along. */
function sent(flush: Flush): Flush {
  const customers = Array.from(flush.customers, (row) => ({
    ...row,
    state: ownBytes(row.state),
    tail: ownBytes(row.tail),
  }));
  return { ...flush, customers, chunks: flush.chunks.map((row) => ({ ...row, bytes: ownBytes(row.bytes) })) };
}

function raise(error: unknown): never {
  if (error instanceof BlockingCallFailed && error.reason === 'FencedError') throw FencedError.said(error.message);
  throw error;
}

/** The thread has ended: then nothing is being written any more. */
function unlessEnded(error: unknown): void {
  if (!(error instanceof BlockingCallFailed) || error.reason !== 'LineClosed') throw error;
}
