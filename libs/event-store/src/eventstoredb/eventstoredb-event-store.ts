import {
  type AppendRequest,
  type AppendResult,
  EventStore,
  type Head,
  type LogFilter,
  type ReadAllOptions,
  type ReadStreamOptions,
  type StoredEvent,
  type Subscription,
} from '../event-store';
import { AppendLane } from './append-lane';
import { Appender } from './appender';
import { ClientPool } from './client-pool';
import { Connection } from './connection';
import type { EventStoreDb, EventStoreDbOptions, WriteResult } from './eventstoredb.types';
import { Followed, Following } from './following';
import type { StreamSubscription } from './following.types';
import { FollowedLog } from './followed-log';
import { FollowedStream } from './followed-stream';
import { TIMEOUTS, type Timeouts } from './limits';
import { Reader } from './reader';
import { type ServerFacts, StartCheck } from './start-check';

/** See `openEventStoreDb`. */
export class EventStoreDbEventStore extends EventStore implements EventStoreDb {
  private readonly timeouts: Timeouts;
  private readonly pool: ClientPool;
  private readonly lane: AppendLane;
  private readonly reader: Reader;
  private readonly appender: Appender;
  private readonly subscriptions = new Set<{ close(): Promise<void> }>();
  private readonly say: (problem: string) => void;
  private facts: ServerFacts = { version: 'unknown' };

  private constructor(
    private readonly connection: Connection,
    options: EventStoreDbOptions,
  ) {
    super();
    this.timeouts = { ...TIMEOUTS, ...options.timeouts };
    this.say = options.say ?? (() => undefined);
    const make = () => connection.client();
    this.pool = new ClientPool(make);
    this.lane = new AppendLane(make, this.timeouts.answerMs);
    this.reader = new Reader(this.pool, this.timeouts);
    this.appender = new Appender(this.lane, this.reader, this.timeouts);
  }

  static async open(options: EventStoreDbOptions): Promise<EventStoreDbEventStore> {
    const connection = new Connection(options.url);
    const store = new EventStoreDbEventStore(connection, options);
    const { lane, reader, timeouts } = store;
    try {
      store.facts = await new StartCheck(connection.name, () => connection.client(), lane, reader, timeouts).run();
    } catch (error) {
      await store.close();
      throw error;
    }
    return store;
  }

  get serverVersion(): string {
    return this.facts.version;
  }

  get calls(): { clients: number; calls: number } {
    return this.pool.open;
  }

  async append(requests: AppendRequest[]): Promise<AppendResult[]> {
    return Promise.all(
      this.appender.write(requests).map(async (written, i) => this.placed(requests[i] as AppendRequest, await written)),
    );
  }

  async write(requests: AppendRequest[]): Promise<WriteResult[]> {
    return Promise.all(this.appender.write(requests));
  }

  readStream(stream: string, options: ReadStreamOptions = {}): AsyncIterable<StoredEvent> {
    return this.reader.stream(stream, options);
  }

  readAll(options: ReadAllOptions = {}): AsyncIterable<StoredEvent> {
    return this.reader.all(options);
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

  subscribe(options: { from: number; filter?: LogFilter }): Subscription {
    return this.follow(new FollowedLog(this.reader, options.from, options.filter ?? {}));
  }

  followStream(stream: string, after: number): StreamSubscription {
    return this.follow(new FollowedStream(this.reader, stream, after));
  }

  async close(): Promise<void> {
    this.appender.close();
    await Promise.all([...this.subscriptions].map((subscription) => subscription.close()));
    await this.lane.close();
    await this.pool.close();
  }

  private follow<M>(followed: Followed<M>): Following<M> {
    const following: Following<M> = new Following(
      this.pool,
      this.timeouts,
      followed,
      () => this.subscriptions.delete(following),
      this.say,
    );
    this.subscriptions.add(following);
    return following;
  }

  /** The server says where a call ends, not where it begins nor what its stamp is: the first event of the request tells. */
  private async placed({ stream, events }: AppendRequest, written: WriteResult): Promise<AppendResult> {
    if (!written.ok) return written;
    const { firstRevision } = written;
    if (events.count === 0) {
      const { position, recordedAt } = await this.head();
      return { ok: true, firstRevision, firstPosition: position + 1, recordedAt };
    }
    for await (const first of this.reader.stream(stream, { from: firstRevision, limit: 1 }))
      return { ok: true, firstRevision, firstPosition: first.position, recordedAt: first.recordedAt };
    return {
      ok: false,
      reason: 'unavailable',
      detail: `the events are stored in ${stream} from revision ${firstRevision} on, and could not be read back: were they deleted?`,
    };
  }
}
