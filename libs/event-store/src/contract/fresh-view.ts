import type {
  AppendRequest,
  AppendResult,
  Head,
  LogFilter,
  ReadAllOptions,
  ReadStreamOptions,
  StoredEvent,
  Subscription,
  SubscriptionMessage,
} from '../event-store';
import { EventStore } from '../event-store';

/**
 * A new, empty store inside one that others have written to: what stands behind `base`, in streams of its own. For servers that every test shares. Nobody
 * else may write meanwhile.
 */
export class FreshView extends EventStore {
  constructor(
    private readonly store: EventStore,
    private readonly prefix: string,
    private readonly base: Head,
  ) {
    super();
  }

  append(requests: AppendRequest[]): Promise<AppendResult[]> {
    return this.store.append(requests.map((request) => ({ ...request, stream: this.prefix + request.stream })));
  }

  async *readStream(stream: string, options?: ReadStreamOptions): AsyncGenerator<StoredEvent, void> {
    for await (const event of this.store.readStream(this.prefix + stream, options)) yield this.shown(event);
  }

  async *readAll(options: ReadAllOptions = {}): AsyncGenerator<StoredEvent, void> {
    const { from, backwards, filter } = options;
    const start = backwards ? {} : { from: Math.max(from ?? 0, this.base.position) };
    for await (const event of this.store.readAll({ ...options, ...start, ...this.filtered(filter) })) {
      if (event.position <= this.base.position) return;
      yield this.shown(event);
    }
  }

  async readAt(positions: number[]): Promise<(StoredEvent | undefined)[]> {
    return (await this.store.readAt(positions)).map((event) => event && this.shown(event));
  }

  streamHead(stream: string): Promise<number> {
    return this.store.streamHead(this.prefix + stream);
  }

  head(): Promise<Head> {
    return this.store.head();
  }

  subscribe(options: { from: number; filter?: LogFilter }): Subscription {
    const from = Math.max(options.from, this.base.position);
    const subscription = this.store.subscribe({ from, ...this.filtered(options.filter) });
    return { close: () => subscription.close(), [Symbol.asyncIterator]: () => this.messages(subscription) };
  }

  close(): Promise<void> {
    return this.store.close();
  }

  private async *messages(subscription: Subscription): AsyncGenerator<SubscriptionMessage, void> {
    for await (const message of subscription)
      yield message.kind === 'event' ? { kind: 'event', event: this.shown(message.event) } : message;
  }

  private filtered(filter: LogFilter | undefined): { filter?: LogFilter } {
    const { streamPrefixes } = filter ?? {};
    if (!filter || !streamPrefixes) return filter ? { filter } : {};
    return { filter: { ...filter, streamPrefixes: streamPrefixes.map((prefix) => this.prefix + prefix) } };
  }

  private shown(event: StoredEvent): StoredEvent {
    return { ...event, stream: event.stream.slice(this.prefix.length) };
  }
}
