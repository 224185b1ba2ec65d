import type { MessagePort } from 'node:worker_threads';

import { isHandedOver } from '../event-packer';
import type { AppendRequest, AppendResult, Chunk, Head } from '../event-store';
import { readFrames } from './log-frame';
import {
  expectedToNumber,
  FEED_WINDOW_BYTES,
  type FromWriter,
  QUEUE_BYTES_MAX,
  QUEUE_EVENTS_MAX,
  type ToWriter,
} from './log-protocol';

export interface FeedOptions {
  /** Only chunks of streams whose name begins with one of these. */
  streamPrefixes?: string[];
  /**
   * Committed chunks in position order, without a gap as far as the filter lets through. The next ones may come before a promise is settled; only when it is settled do they
   * count as taken. `head` is where the log ended when they were committed.
   */
  onChunks(chunks: Chunk[], head: Head): void | Promise<void>;
  /** The receiver was too slow, or began too far back: read the log up to `head` (or further), then `resume` from there. */
  onBehind(head: Head): void;
}

export interface LogFeed {
  /** Goes on after this position: everything up to it was read from the log. Answered by onChunks, or by onBehind if that is still too far back. */
  resume(afterPosition: number): void;
  stop(): void;
}

interface Pending {
  resolve: (results: AppendResult[]) => void;
  requests: number;
  events: number;
  bytes: number;
}

/** A thread's line to the log writer. Made from a port that the store gave out (`store.connect()`). */
export class LogClient {
  private readonly pending = new Map<number, Pending>();
  private readonly feeds = new Map<number, Receiver>();
  private readonly headWatchers: ((head: Head) => void)[] = [];
  private waiting = { events: 0, bytes: 0 };
  private lastId = 0;
  private known: Head = { position: 0, recordedAt: 0 };
  private closed = false;

  constructor(private readonly port: MessagePort) {
    port.on('message', (message: FromWriter) => this.receive(message));
    port.on('close', () => this.abandon());
  }

  /** The newest head this client has heard of. */
  get head(): Head {
    return this.known;
  }

  /** Events that wait for their acknowledgement. */
  get queued(): number {
    return this.waiting.events;
  }

  /**
   * Each request succeeds or fails alone; `ok` means on disk. Bytes that an EventPacker gave are moved to the writer and cannot be used afterwards, unless
   * `keepBytes`; others are copied.
   */
  append(requests: AppendRequest[], keepBytes = false): Promise<AppendResult[]> {
    let events = 0;
    let bytes = 0;
    for (const request of requests) {
      events += request.events.count;
      bytes += request.events.bytes.length;
    }
    const refusal = this.refusal(events, bytes);
    if (refusal !== undefined) return Promise.resolve(requests.map(() => refusal));
    const id = ++this.lastId;
    this.waiting.events += events;
    this.waiting.bytes += bytes;
    return new Promise((resolve) => {
      this.pending.set(id, { resolve, requests: requests.length, events, bytes });
      this.send(id, requests, keepBytes);
    });
  }

  /** Everything committed after this position, as it is committed. */
  startFeed(afterPosition: number, options: FeedOptions): LogFeed {
    const feed = ++this.lastId;
    this.feeds.set(feed, new Receiver(options, (bytes) => this.post({ kind: 'taken', feed, bytes })));
    const start: ToWriter = { kind: 'feed', feed, after: afterPosition };
    if (options.streamPrefixes) start.prefixes = options.streamPrefixes;
    this.post(start);
    return {
      resume: (after) => this.post({ kind: 'resume', feed, after }),
      stop: () => {
        this.feeds.delete(feed);
        this.post({ kind: 'stopFeed', feed });
      },
    };
  }

  /** Told of the head after each commit group. */
  watchHead(onHead: (head: Head) => void): void {
    if (this.headWatchers.push(onHead) === 1) this.post({ kind: 'watchHead' });
  }

  /** Appends that are not answered yet are answered `unavailable`; they may have been stored. */
  close(): void {
    this.port.close();
    this.abandon();
  }

  private refusal(events: number, bytes: number): AppendResult | undefined {
    if (this.closed) return unavailable('the log writer has stopped');
    const full = this.waiting.events + events > QUEUE_EVENTS_MAX || this.waiting.bytes + bytes > QUEUE_BYTES_MAX;
    if (!full) return undefined;
    const detail = `${this.waiting.events} events (${this.waiting.bytes} bytes) wait to be written and ${events} more (${bytes} bytes) would exceed the limit of ${QUEUE_EVENTS_MAX} events or ${QUEUE_BYTES_MAX} bytes. Send less at once, or later.`;
    return { ...unavailable(detail), overloaded: true };
  }

  private send(id: number, requests: AppendRequest[], keepBytes: boolean): void {
    const streams: string[] = [];
    const expected: number[] = [];
    const counts: number[] = [];
    const bytes: Uint8Array[] = [];
    const moved: ArrayBuffer[] = [];
    for (const request of requests) {
      streams.push(request.stream);
      expected.push(expectedToNumber(request.expected));
      counts.push(request.events.count);
      const move = !keepBytes && isHandedOver(request.events.bytes);
      const sent = move ? request.events.bytes : new Uint8Array(request.events.bytes);
      bytes.push(sent);
      if (!moved.includes(sent.buffer as ArrayBuffer)) moved.push(sent.buffer as ArrayBuffer);
    }
    this.port.postMessage({ kind: 'append', id, streams, expected, counts, bytes } satisfies ToWriter, moved);
  }

  private post(message: ToWriter): void {
    if (!this.closed) this.port.postMessage(message);
  }

  private receive(message: FromWriter): void {
    this.known = message.head.position > this.known.position ? message.head : this.known;
    switch (message.kind) {
      case 'appended':
        return this.appended(message);
      case 'frames':
        return this.feeds.get(message.feed)?.frames(message.buffer, message.head);
      case 'behind':
        return this.feeds.get(message.feed)?.behind(message.head);
      case 'head':
        for (const onHead of this.headWatchers) onHead(message.head);
        return;
    }
  }

  private appended({ numbers, failures, head }: FromWriter & { kind: 'appended' }): void {
    for (let at = 0; at < numbers.length;) {
      const id = numbers[at++] as number;
      const count = numbers[at++] as number;
      const results: AppendResult[] = [];
      for (let i = 0; i < count; i++) {
        const firstRevision = numbers[at++] as number;
        const firstPosition = numbers[at++] as number;
        results.push(
          firstRevision < 0
            ? (failures[-1 - firstRevision] as AppendResult)
            : { ok: true, firstRevision, firstPosition, recordedAt: head.recordedAt },
        );
      }
      this.settle(id, results);
    }
  }

  private settle(id: number, results: AppendResult[]): void {
    const pending = this.pending.get(id);
    if (pending === undefined) return;
    this.pending.delete(id);
    this.waiting.events -= pending.events;
    this.waiting.bytes -= pending.bytes;
    pending.resolve(results);
  }

  private abandon(): void {
    if (this.closed) return;
    this.closed = true;
    const result = unavailable('the log writer stopped before it answered; the events may have been stored');
    for (const { resolve, requests } of this.pending.values()) resolve(new Array<AppendResult>(requests).fill(result));
    this.pending.clear();
    this.feeds.clear();
  }
}

function unavailable(detail: string): AppendResult & { ok: false; reason: 'unavailable' } {
  return { ok: false, reason: 'unavailable', detail };
}

/** One feed at the receiving end. */
class Receiver {
  private readonly names = new Map<string, string>();
  private untold = 0;

  constructor(
    private readonly options: FeedOptions,
    private readonly tell: (bytes: number) => void,
  ) {}

  frames(buffer: ArrayBuffer, head: Head): void {
    const all = readFrames(new Uint8Array(buffer), this.names);
    const prefixes = this.options.streamPrefixes;
    const chunks = prefixes ? all.filter((chunk) => prefixes.some((prefix) => chunk.stream.startsWith(prefix))) : all;
    const taken = this.options.onChunks(chunks, head);
    if (taken === undefined) this.taken(buffer.byteLength);
    else void taken.finally(() => this.taken(buffer.byteLength));
  }

  behind(head: Head): void {
    this.options.onBehind(head);
  }

  /** Told seldom: the writer only needs to know before its window is full. */
  private taken(bytes: number): void {
    this.untold += bytes;
    if (this.untold < FEED_WINDOW_BYTES / 4) return;
    this.tell(this.untold);
    this.untold = 0;
  }
}
