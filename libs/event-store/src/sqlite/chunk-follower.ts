import { from } from '../chunk-slices';
import type { ChunkMessage, ChunkSubscription } from '../chunk-log';
import type { Chunk } from '../event-store';
import type { ChunkFilter } from '../log-reader';

/** What a subscription holds of live chunks that its consumer has not asked for; beyond it they are forgotten and read again. */
export const SUBSCRIPTION_BUFFER_BYTES = 2 * 1024 * 1024;
/** How much of the log one read takes. */
export const READ_PAGE_BYTES = 256 * 1024;

export interface LiveListener {
  chunks(chunks: Chunk[]): void;
  /** Live chunks were left out: what is missing must be read. */
  missed(): void;
}

export interface SubscriptionSource {
  head(): Promise<{ position: number }>;
  chunks(afterPosition: number, maxBytes: number, filter: ChunkFilter): Promise<Chunk[]>;
  /** From now on everything that is committed comes to the listener, or it is told that it missed something. Answers how to stop that. */
  listen(listener: LiveListener): () => void;
}

/** Reads up to the head, then takes live chunks; falls back to reading whenever the consumer was too slow for them. */
export class ChunkFollower implements ChunkSubscription, LiveListener {
  private readonly stopListening: () => void;
  private buffer: Chunk[] = [];
  private bufferedBytes = 0;
  private mustRead = true;
  private closed = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly source: SubscriptionSource,
    private position: number,
    private readonly streamPrefixes: string[] | undefined,
    private readonly onClose: () => void,
  ) {
    this.stopListening = source.listen(this);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ChunkMessage, void> {
    try {
      while (!this.closed) {
        yield* this.catchUp();
        if (!this.closed) yield { kind: 'caughtUp', position: this.position };
        yield* this.live();
        if (!this.closed && this.mustRead) yield { kind: 'fellBehind' };
      }
    } finally {
      this.end();
    }
  }

  close(): Promise<void> {
    this.end();
    return Promise.resolve();
  }

  chunks(chunks: Chunk[]): void {
    for (const chunk of chunks) {
      this.buffer.push(chunk);
      this.bufferedBytes += chunk.bytes.length;
    }
    if (this.bufferedBytes > SUBSCRIPTION_BUFFER_BYTES) this.missed();
    this.wake();
  }

  missed(): void {
    this.buffer = [];
    this.bufferedBytes = 0;
    this.mustRead = true;
    this.wake();
  }

  private async *catchUp(): AsyncGenerator<ChunkMessage, void> {
    const filter = this.streamPrefixes ? { streamPrefixes: this.streamPrefixes } : {};
    while (!this.closed) {
      this.mustRead = false;
      const head = await this.source.head();
      if (this.closed || head.position <= this.position) return;
      const chunks = await this.source.chunks(this.position, READ_PAGE_BYTES, filter);
      for (const chunk of chunks) {
        if (this.closed) return;
        yield this.taken(chunk);
      }
      if (chunks.length === 0) yield this.searched(Math.max(this.position, head.position));
    }
  }

  private async *live(): AsyncGenerator<ChunkMessage, void> {
    while (!this.closed && !this.mustRead) {
      const chunk = this.buffer.shift();
      if (chunk === undefined) {
        await new Promise<void>((resolve) => (this.wake = resolve));
        continue;
      }
      this.bufferedBytes -= chunk.bytes.length;
      if (chunk.firstPosition > this.position + 1) return;
      const rest = from(chunk, this.position + 1 - chunk.firstPosition);
      if (rest === undefined) continue;
      if (this.lets(rest.stream)) yield this.taken(rest);
      else yield this.searched(rest.firstPosition + rest.count - 1);
    }
  }

  private taken(chunk: Chunk): ChunkMessage {
    this.position = chunk.firstPosition + chunk.count - 1;
    return { kind: 'chunk', chunk };
  }

  private searched(position: number): ChunkMessage {
    this.position = position;
    return { kind: 'searched', position };
  }

  private lets(stream: string): boolean {
    return !this.streamPrefixes || this.streamPrefixes.some((prefix) => stream.startsWith(prefix));
  }

  private end(): void {
    if (this.closed) return;
    this.closed = true;
    this.buffer = [];
    this.stopListening();
    this.onClose();
    this.wake();
  }
}
