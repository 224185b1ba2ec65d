import { mkdirSync } from 'node:fs';
import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads';

import type { ChunkLog, ChunkSubscription } from '../chunk-log';
import { EventCursor, unpack } from '../event-cursor';
import {
  type AppendRequest,
  type AppendResult,
  type Chunk,
  EventStore,
  type Head,
  type LogFilter,
  type ReadAllOptions,
  type ReadStreamOptions,
  type StoredEvent,
  type Subscription,
} from '../event-store';
import type { ChunkFilter, StoreMeta } from '../log-reader';
import { startWorker } from '../worker-thread';
import { LogClient, type LogFeed } from './log-client';
import type { FromWorker, LogWorkerData, ToWorker } from './log-protocol';
import { ChunkFollower, type LiveListener, READ_PAGE_BYTES } from './chunk-follower';
import { LogSubscription } from './log-subscription';
import type { LogWriterStats } from './log-writer';
import { ReaderClient } from './reader-client';
import { StoreRefused } from './store-refused';

/** Events that one read of a stream takes. */
const STREAM_PAGE_EVENTS = 256;

export interface SqliteStoreOptions extends LogWorkerData {
  /** Told if the writer's thread dies; every append is answered `unavailable` from then on. */
  onFailure?: (error: Error) => void;
}

/** Opens the log in this folder (made if absent), with the writer and a reader in threads of their own. Throws StoreRefused. */
export async function openSqliteEventStore(options: SqliteStoreOptions): Promise<SqliteEventStore> {
  mkdirSync(options.folder, { recursive: true });
  const { onFailure, ...workerData } = options;
  const worker = startWorker('log.worker', __dirname, workerData satisfies LogWorkerData);
  const ready = await firstWord(worker);
  return new SqliteEventStore(options.folder, worker, ready, onFailure ?? (() => undefined));
}

type Ready = FromWorker & { kind: 'ready' };

function firstWord(worker: Worker): Promise<Ready> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (message: FromWorker) => {
      worker.off('error', reject);
      if (message.kind === 'ready') return resolve(message);
      const text = message.kind === 'refused' ? message.message : 'The log writer did not start.';
      const refused = message.kind === 'refused' && message.reason !== 'error' ? message.reason : undefined;
      reject(refused ? new StoreRefused(refused, text) : new Error(text));
    });
  });
}

/** The embedded event store, as the thread that opened it sees it. Other threads take part through `connect`. */
export class SqliteEventStore extends EventStore implements ChunkLog {
  readonly meta: StoreMeta;
  /** This thread's line to the writer: for appends that hand over their bytes, and for feeds. */
  readonly client: LogClient;
  private readonly reader: ReaderClient;
  private readonly subscriptions = new Set<ChunkSubscription>();
  private readonly tap: LiveTap;
  private newest: LogWriterStats | undefined;
  private readonly closed: Promise<void>;
  private closing = false;

  constructor(
    readonly folder: string,
    private readonly worker: Worker,
    ready: Ready,
    onFailure: (error: Error) => void,
  ) {
    super();
    this.meta = ready.meta;
    this.reader = new ReaderClient(folder);
    this.client = new LogClient(this.connect());
    this.tap = new LiveTap(this.client, ready.head.position);
    worker.on('error', (error) => onFailure(error instanceof Error ? error : new Error(String(error))));
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'stats' || message.kind === 'closed') this.newest = message.stats;
    });
    this.closed = new Promise((resolve) => worker.on('exit', () => resolve()));
  }

  /** A port for another thread's LogClient: hand it over in a transfer list. */
  connect(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.worker.postMessage({ kind: 'connect', port: port2 } satisfies ToWorker, [port2]);
    return port1;
  }

  /** As of the last second with a commit, and of each change between able and unable. Undefined before the first. */
  stats(): LogWriterStats | undefined {
    return this.newest;
  }

  append(requests: AppendRequest[]): Promise<AppendResult[]> {
    return this.client.append(requests, true);
  }

  async *readStream(stream: string, options: ReadStreamOptions = {}): AsyncGenerator<StoredEvent, void> {
    let left = options.limit ?? Infinity;
    if (options.backwards) return yield* this.streamBackwards(stream, options.from, left);
    for (let revision = options.from ?? 0; left > 0;) {
      const chunks = await this.reader.streamChunks(stream, revision, Math.min(left, STREAM_PAGE_EVENTS));
      if (chunks.length === 0) return;
      for (const chunk of chunks) {
        yield* unpack(chunk);
        left -= chunk.count;
        revision = chunk.firstRevision + chunk.count;
      }
    }
  }

  async *readAll(options: ReadAllOptions = {}): AsyncGenerator<StoredEvent, void> {
    const { backwards = false, filter = {} } = options;
    let position = options.from ?? (backwards ? Infinity : 0);
    let left = options.limit ?? Infinity;
    const pages = filter.streamPrefixes ? { backwards, streamPrefixes: filter.streamPrefixes } : { backwards };
    while (left > 0) {
      const chunks = await this.reader.chunks(Math.min(position, Number.MAX_SAFE_INTEGER), READ_PAGE_BYTES, pages);
      if (chunks.length === 0) return;
      for (const chunk of chunks) {
        for (const event of passing(chunk, filter, backwards)) {
          yield event;
          if (--left <= 0) return;
        }
        position = backwards ? chunk.firstPosition : chunk.firstPosition + chunk.count - 1;
      }
    }
  }

  readAt(positions: number[]): Promise<(StoredEvent | undefined)[]> {
    return this.reader.at(positions);
  }

  streamHead(stream: string): Promise<number> {
    return this.reader.streamHead(stream);
  }

  head(): Promise<Head> {
    return this.reader.head();
  }

  subscribe({ from, filter = {} }: { from: number; filter?: LogFilter }): Subscription {
    return new LogSubscription(this.follow(from, filter.streamPrefixes), filter.types);
  }

  chunks(position: number, maxBytes: number, filter: ChunkFilter): Promise<Chunk[]> {
    return this.reader.chunks(position, maxBytes, filter);
  }

  streamChunks(stream: string, fromRevision: number, maxEvents: number): Promise<Chunk[]> {
    return this.reader.streamChunks(stream, fromRevision, maxEvents);
  }

  follow(from: number, streamPrefixes?: string[]): ChunkSubscription {
    const source = {
      head: () => this.head(),
      chunks: (after: number, maxBytes: number, filter: ChunkFilter) => this.reader.chunks(after, maxBytes, filter),
      listen: (listener: LiveListener) => this.tap.listen(listener),
    };
    const follower = new ChunkFollower(source, from, streamPrefixes, () => this.subscriptions.delete(follower));
    this.subscriptions.add(follower);
    return follower;
  }

  /** Writes what waits, copies the WAL into the database, frees the folder. Subscriptions end. */
  async close(): Promise<void> {
    if (!this.closing) {
      this.closing = true;
      for (const subscription of this.subscriptions) await subscription.close();
      await this.reader.close();
      this.worker.postMessage({ kind: 'close' } satisfies ToWorker);
    }
    await this.closed;
    this.client.close();
  }

  private async *streamBackwards(
    stream: string,
    start: number | undefined,
    limit: number,
  ): AsyncGenerator<StoredEvent, void> {
    const head = await this.streamHead(stream);
    let last = Math.min(start ?? head, head);
    for (let left = limit; left > 0 && last >= 0;) {
      const page = Math.min(left, STREAM_PAGE_EVENTS, last + 1);
      const chunks = await this.reader.streamChunks(stream, last - page + 1, page);
      yield* chunks.flatMap((chunk) => unpack(chunk)).reverse();
      last -= page;
      left -= page;
    }
  }
}

function passing(chunk: Chunk, filter: LogFilter, backwards: boolean): StoredEvent[] {
  const events: StoredEvent[] = [];
  const cursor = new EventCursor().reset(chunk);
  while (cursor.next()) if (!filter.types || filter.types.includes(cursor.type)) events.push(cursor.event(chunk));
  return backwards ? events.reverse() : events;
}

/** One feed from the writer for all subscriptions of this thread; runs while there is one. */
class LiveTap {
  private readonly listeners = new Set<LiveListener>();
  private feed: LogFeed | undefined;

  constructor(
    private readonly client: LogClient,
    private readonly firstHead: number,
  ) {}

  listen(listener: LiveListener): () => void {
    this.listeners.add(listener);
    this.feed ??= this.start();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      this.feed?.stop();
      this.feed = undefined;
    };
  }

  private start(): LogFeed {
    const feed = this.client.startFeed(Math.max(this.client.head.position, this.firstHead), {
      onChunks: (chunks) => {
        for (const listener of this.listeners) listener.chunks(chunks);
      },
      onBehind: (head) => {
        feed.resume(head.position);
        for (const listener of this.listeners) listener.missed();
      },
    });
    return feed;
  }
}
