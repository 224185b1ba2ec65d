import type { ChunkSubscription } from '../chunk-log';
import { EventCursor } from '../event-cursor';
import type { Chunk, StoredEvent, Subscription, SubscriptionMessage } from '../event-store';

/** The events of a subscription to chunks, as objects. */
export class LogSubscription implements Subscription {
  private readonly cursor = new EventCursor();
  private closed = false;

  constructor(
    private readonly chunks: ChunkSubscription,
    private readonly types: string[] | undefined,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<SubscriptionMessage, void> {
    for await (const message of this.chunks) {
      if (this.closed) return;
      if (message.kind === 'chunk') yield* this.events(message.chunk);
      else if (message.kind === 'caughtUp') yield message;
    }
  }

  close(): Promise<void> {
    this.closed = true;
    return this.chunks.close();
  }

  private *events(chunk: Chunk): Generator<SubscriptionMessage, void> {
    const { types } = this;
    this.cursor.reset(chunk);
    const events: StoredEvent[] = [];
    while (this.cursor.next()) if (!types || types.includes(this.cursor.type)) events.push(this.cursor.event(chunk));
    for (const event of events) {
      if (this.closed) return;
      yield { kind: 'event', event };
    }
  }
}
