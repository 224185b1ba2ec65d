/**
 * Live feeds of one process: one filtered subscription to the log for all of them. Who is behind what it remembers catches up with a
 * subscription of its own first.
 */
import type { EventStore, LogFilter, StoredEvent } from '@rapport/event-store';
import type { FollowOptions } from '../../embedded/follow-log';
import type { Feed } from '../../rapport.types';

/** Newest events that are remembered for feeds that begin or fall behind. */
export const REMEMBERED_EVENTS = 10_000;
/** After a subscription that ended although nobody closed it. */
const AGAIN_MS = 500;

export class LiveHub {
  private readonly recent: StoredEvent[] = [];
  private readonly feeds = new Set<HubFeed>();
  /** Everything that passes the filter and stands behind this position is in `recent`. */
  private since: number | null = null;
  /** Everything up to here has been heard. */
  upTo = 0;
  private subscription: ReturnType<EventStore['subscribe']> | null = null;
  private closed = false;

  constructor(
    private readonly store: EventStore,
    /** Of all feeds together: each may be narrower. */
    private readonly filter: LogFilter,
  ) {
    void this.listen();
  }

  follow(options: FollowOptions): Feed {
    const feed = new HubFeed(options, this.store, this);
    this.feeds.add(feed);
    void feed.run().finally(() => this.feeds.delete(feed));
    return feed;
  }

  /** Events behind a position, where all of them are remembered. */
  after(position: number): StoredEvent[] | null {
    if (this.since === null || position < this.since) return null;
    return this.recent.filter((event) => event.position > position);
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const feed of this.feeds) feed.close();
    await this.subscription?.close();
  }

  private async listen(): Promise<void> {
    while (!this.closed) {
      try {
        const from = this.since === null ? (await this.store.head()).position : this.upTo;
        this.since ??= from;
        this.upTo = from;
        this.subscription = this.store.subscribe({ from, filter: this.filter });
        for await (const message of this.subscription) {
          if (message.kind === 'event') this.heard(message.event);
          else this.upTo = Math.max(this.upTo, message.position);
        }
      } catch {
        // Feeds that catch up by themselves say what is wrong; this one begins again where it was.
        await new Promise((done) => setTimeout(done, AGAIN_MS));
      }
    }
  }

  private heard(event: StoredEvent): void {
    this.upTo = event.position;
    this.recent.push(event);
    if (this.recent.length > REMEMBERED_EVENTS * 2) {
      const dropped = this.recent.splice(0, REMEMBERED_EVENTS);
      this.since = dropped.at(-1)!.position;
    }
    for (const feed of this.feeds) feed.awake();
  }
}

class HubFeed implements Feed {
  private position: number;
  private ended = false;
  private wake: (() => void) | null = null;
  private catchingUp: ReturnType<EventStore['subscribe']> | null = null;

  constructor(
    private readonly options: FollowOptions,
    private readonly store: EventStore,
    private readonly hub: LiveHub,
  ) {
    this.position = options.from;
  }

  awake(): void {
    this.wake?.();
  }

  close(): void {
    this.ended = true;
    void this.catchingUp?.close();
    this.wake?.();
  }

  async run(): Promise<void> {
    const why = await this.follow().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    if (!this.ended) this.options.ended(why);
  }

  private async follow(): Promise<string> {
    while (!this.ended) {
      const events = this.hub.after(this.position);
      if (events === null) {
        if (!(await this.catchUp())) return 'the receiver is too slow';
      } else if (!this.deliver(events)) return 'the receiver is too slow';
      else await this.rest();
    }
    return 'closed';
  }

  private deliver(events: StoredEvent[]): boolean {
    for (const event of events) {
      this.position = event.position;
      if (passes(event, this.options.filter) && !this.options.deliver(event)) return false;
    }
    return true;
  }

  /** Until the hub remembers all that follows. */
  private async catchUp(): Promise<boolean> {
    this.catchingUp = this.store.subscribe({ from: this.position, filter: this.options.filter });
    try {
      for await (const message of this.catchingUp) {
        if (message.kind === 'event') {
          this.position = message.event.position;
          if (!this.options.deliver(message.event)) return false;
        } else this.position = Math.max(this.position, message.position);
        if (this.ended || this.hub.after(this.position) !== null) return true;
      }
      return true;
    } finally {
      await this.catchingUp.close();
      this.catchingUp = null;
    }
  }

  private async rest(): Promise<void> {
    if (this.ended || (this.hub.after(this.position)?.length ?? 0) > 0) return;
    await new Promise<void>((resolve) => (this.wake = resolve));
    this.wake = null;
  }
}

function passes({ type, stream }: StoredEvent, { types, streamPrefixes }: LogFilter): boolean {
  if (types && !types.includes(type)) return false;
  return !streamPrefixes || streamPrefixes.some((prefix) => stream.startsWith(prefix));
}
