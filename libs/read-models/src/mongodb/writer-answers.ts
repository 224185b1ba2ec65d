/** The writing end in the thread that talks to MongoDB: one flush at a time, tried again while the server cannot be reached. */
import { MongoError } from 'mongodb';
import type { Flush } from '../read-models';
import { FencedError } from './fenced-error';
import type { FlushWriter } from './flush-writer';

const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 5_000;
/** Errors that say that the server is away, changes hands or is overloaded: the same write may succeed later. */
const PASSING_NAMES: ReadonlySet<string> = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongoWaitQueueTimeoutError',
  'MongoPoolClearedError',
  'MongoNotConnectedError',
  'MongoOperationTimeoutError',
]);
const PASSING_LABELS = ['TransientTransactionError', 'UnknownTransactionCommitResult', 'RetryableWriteError'];
/** MaxTimeMSExpired, WriteConcernFailed/Timeout, NotWritablePrimary, InterruptedAtShutdown, InterruptedDueToReplStateChange, PrimarySteppedDown, LockTimeout. */
const PASSING_CODES: ReadonlySet<unknown> = new Set([24, 50, 64, 100, 189, 10107, 11600, 11602, 13435]);

export type Stalled = (detail: string | null) => void;

export class WriterAnswers {
  private last: Promise<unknown> = Promise.resolve();
  private closed = false;

  constructor(
    private readonly open: () => Promise<FlushWriter>,
    private readonly stalled: Stalled,
  ) {}

  private writer: Promise<FlushWriter> | undefined;

  /** Claims the partition. Rejects with FencedError where a newer token has claimed it. */
  async claim(): Promise<void> {
    await this.tried(() => this.opened());
  }

  /** In the order of the calls. After a failure nothing more is written. */
  write(flush: Flush): Promise<void> {
    const written = this.last.then(() => this.writeOne(flush));
    this.last = written;
    // Whoever asked hears of it; the line to the next one must not be an unhandled rejection.
    written.catch(() => undefined);
    return written;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.last.catch(() => undefined);
    const writer = await this.writer?.catch(() => undefined);
    await writer?.close();
  }

  private async writeOne(flush: Flush): Promise<void> {
    const writer = await this.tried(() => this.opened());
    const plan = await this.tried(() => writer.plan(flush));
    await this.tried(() => writer.apply(plan));
  }

  private opened(): Promise<FlushWriter> {
    const opening = (this.writer ??= this.open());
    opening.catch(() => {
      this.writer = undefined;
    });
    return opening;
  }

  private async tried<T>(attempt: () => Promise<T>): Promise<T> {
    for (let pause = RETRY_MS_MIN; ; pause = Math.min(RETRY_MS_MAX, pause * 2)) {
      try {
        const value = await attempt();
        this.stalled(null);
        return value;
      } catch (error) {
        if (this.closed || !isPassing(error)) throw error;
        this.stalled(error instanceof Error ? error.message : String(error));
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }
}

export function isPassing(error: unknown): boolean {
  if (error instanceof FencedError || !(error instanceof MongoError)) return false;
  if (PASSING_NAMES.has(error.name) || PASSING_CODES.has(error.code)) return true;
  return PASSING_LABELS.some((label) => error.hasErrorLabel(label));
}
