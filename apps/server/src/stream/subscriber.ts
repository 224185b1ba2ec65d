/**
 * One client of a live stream. What it has not taken yet stands in a buffer with a bound: when that is full, the feed from
 * the log ends, and starts again after the last event written as soon as the client has taken the rest. So a slow
 * client costs no memory and misses nothing; one that takes nothing at all for SSE_STALLED_MS is cut off.
 */
import type { ServerResponse } from 'node:http';
import { JOURNEY_PREFIX } from '@rapport/engine';
import type { Feed, RapportEngine } from '@rapport/engine';
import type { StoredEvent } from '@rapport/event-store';
import { SSE_RETRY_MS, SSE_STALLED_MS } from '../config/limits';
import type { Frame, Told } from './change-frames';
import type { FrameCache } from './frame-cache';

export interface Wanted {
  told: Told;
  /** Log events that may be told. */
  types: string[];
  to: ReadonlySet<string> | undefined;
  customerId: string | undefined;
  chains: boolean;
}

export interface SubscriberNeeds {
  engine: RapportEngine;
  frames: FrameCache;
  bufferBytesMax: number;
  /** Called once, whatever ended it. */
  gone: (subscriber: Subscriber) => void;
}

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
};

export class Subscriber {
  private feed: Feed | undefined;
  /** Position of the last event that was looked at: where a resumed client need not look again. */
  private seen: number;
  private fullSince: number | undefined;
  private over = false;

  constructor(
    private readonly response: ServerResponse,
    private readonly wanted: Wanted,
    start: number,
    private readonly needs: SubscriberNeeds,
  ) {
    this.seen = start;
  }

  start(): void {
    this.response.on('close', () => this.end());
    this.response.on('error', () => this.end());
    this.response.on('drain', () => this.goOn());
    this.response.writeHead(200, { ...HEADERS, 'rapport-position': String(this.seen) });
    this.response.write(`retry: ${SSE_RETRY_MS}\n: after position ${this.seen}\n\n`);
    this.open();
  }

  /** A sign of life; the id lets a client resume where this stream has looked to, although nothing was sent. */
  beat(now: number): void {
    if (this.fullSince === undefined) this.response.write(`: heartbeat\nid: ${this.seen}\n\n`);
    else if (now - this.fullSince > SSE_STALLED_MS) this.end();
  }

  /** Ends the stream; the client comes back with its last id. */
  end(): void {
    if (this.over) return;
    this.over = true;
    this.feed?.close();
    this.response.end();
    // Ending waits for what is buffered; a client that takes nothing must not hold the connection.
    if (this.fullSince !== undefined) this.response.destroy();
    this.needs.gone(this);
  }

  private open(): void {
    this.feed = this.needs.engine.feed({
      from: this.seen,
      filter: { types: this.wanted.types, streamPrefixes: [JOURNEY_PREFIX] },
      deliver: (event) => this.deliver(event),
      ended: () => {
        if (this.fullSince === undefined) this.end();
      },
    });
    // The feed may have filled the buffer before it could be stored here.
    if (this.over || this.fullSince !== undefined) this.feed.close();
  }

  private goOn(): void {
    if (this.over || this.fullSince === undefined) return;
    this.fullSince = undefined;
    this.open();
  }

  private deliver(event: StoredEvent): boolean {
    if (this.over || this.fullSince !== undefined) return false;
    this.seen = event.position;
    const frame = this.needs.frames.frame(event, this.wanted.told);
    if (frame === undefined || !this.wants(frame)) return true;
    this.response.write(frame.text);
    if (this.response.writableLength <= this.needs.bufferBytesMax) return true;
    this.fullSince = Date.now();
    this.feed?.close();
    return false;
  }

  private wants(frame: Frame): boolean {
    const { chains, customerId, to } = this.wanted;
    if (frame.chain && !chains) return false;
    if (customerId !== undefined && frame.customerId !== customerId) return false;
    return to === undefined || frame.to === undefined || to.has(frame.to);
  }
}
