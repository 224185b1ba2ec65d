/** The loop's chunks on the embedded store: from the writer as it commits them, or from the log where the engine is behind. */
import { type Chunk, lastPosition, type LogReader } from '@rapport/event-store';
import type { EngineCore } from '../loop/engine-core';
import type { LoopFeed } from '../loop/engine-loop';
import { answerUpTo, type Waiter } from '../loop/waiters';

/** Events folded before other messages of the thread get their turn. */
export const BATCH_EVENTS_MAX = 5_000;
/** Bytes read at once where the feed is behind. */
export const CATCH_UP_BYTES_MAX = 4 * 1024 * 1024;

export interface WriterFeedPorts {
  log: LogReader;
  /** The log was read up to here: the feed may go on behind it. */
  resume(position: number): void;
  awake(): void;
}

export class WriterFeed implements LoopFeed {
  private readonly fed: Chunk[] = [];
  private readonly feeding: Waiter[] = [];
  private resumeWanted = false;
  private head: number;

  constructor(
    private readonly core: EngineCore,
    private readonly ports: WriterFeedPorts,
  ) {
    this.head = ports.log.head().position;
  }

  /** From the writer: what was just committed. Resolves when it is folded, so that the writer's window bounds what waits here. */
  feed(chunks: Chunk[]): Promise<void> {
    const last = chunks.at(-1);
    if (!last) return Promise.resolve();
    const until = lastPosition(last);
    this.head = Math.max(this.head, until);
    for (const chunk of chunks) this.fed.push(chunk);
    this.ports.awake();
    return new Promise((taken) => this.feeding.push({ position: until, done: taken }));
  }

  /** From the writer: the log reaches this far, the events themselves have to be read. */
  behind(head: number): void {
    this.head = Math.max(this.head, head);
    this.resumeWanted = true;
    this.ports.awake();
  }

  get caughtUp(): boolean {
    return this.core.position >= this.head;
  }

  next(): Chunk[] {
    const expected = this.core.position + 1;
    while (this.fed.length > 0 && this.fed[0]!.firstPosition < expected) this.fed.shift();
    if (this.fed.length > 0 && this.fed[0]!.firstPosition === expected) return this.takeFed();
    if (this.caughtUp) {
      if (this.resumeWanted) this.ports.resume(this.core.position);
      this.resumeWanted = false;
      return [];
    }
    return this.ports.log.chunks(this.core.position, CATCH_UP_BYTES_MAX);
  }

  back(chunks: Chunk[]): void {
    this.fed.unshift(...chunks);
  }

  folded(): void {
    answerUpTo(this.feeding, this.core.position);
  }

  /** The log has them. */
  held(): void {
    this.fed.length = 0;
    answerUpTo(this.feeding, Number.MAX_SAFE_INTEGER);
  }

  private takeFed(): Chunk[] {
    const batch: Chunk[] = [];
    let events = 0;
    let expected = this.core.position + 1;
    while (this.fed.length > 0 && this.fed[0]!.firstPosition === expected && events < BATCH_EVENTS_MAX) {
      const chunk = this.fed.shift()!;
      batch.push(chunk);
      events += chunk.count;
      expected += chunk.count;
    }
    return batch;
  }
}
