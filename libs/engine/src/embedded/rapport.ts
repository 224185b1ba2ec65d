/** The embedded Rapport: one process, the log, the engine and the queries in threads of their own. */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { type AppendRequest, openSqliteEventStore, type SqliteEventStore } from '@rapport/event-store';
import type { PlayCommand, Touchpoint } from '@rapport/journey';
import { currentGeneration, removeOldGenerations, switchGeneration } from '@rapport/read-models';
import { EVENT, HISTORY_QUIET_MS, SETTLE_CAP_CUSTOMERS } from '../loop/control-events';
import { controlRequest } from '../loop/idle-work';
import { partitionOf } from '../partition';
import type { ReceiverGap } from '../channels/receiver-gaps';
import type { EffectsNow, EffectsSet } from '../dispatch/instance.types';
import type { CommandAnswer, PauseAnswer } from '../plays.types';
import type {
  Feed,
  IngestAnswer,
  LogEntry,
  LogOffer,
  Outcome,
  Query,
  QueryAnswer,
  RapportEngine,
  RapportOptions,
  StatusSnapshot,
} from '../rapport.types';
import { offerOf } from './customer-streams';
import { DISPATCH_DEFAULTS, Dispatching } from './dispatching';
import { EngineThread } from './engine-thread';
import { followLog, type FollowOptions } from './follow-log';
import { inTime } from './in-time';
import { IngestBatcher, RETRY_AFTER_SECONDS, unavailable } from './ingest-batcher';
import { PlayInputs } from './play-inputs';
import { prepareStore } from './prepare-store';
import { reached } from './reached';
import { QueryThread } from './query-thread';
import { type Failure, statusSnapshot } from './status';

/** Partitions of a new embedded store; fixed for ever once it is made. */
export const EMBEDDED_PARTITIONS = 8;
/** Inputs that the engine may be behind before new ones are held back, and for how long they are. */
export const ENGINE_LAG_EVENTS_MAX = 60_000;
export const HOLD_BACK_MS_MAX = 5_000;
const HOLD_BACK_LOOK_MS = 5;
/** How soon a generation that a rebuild has finished is taken into use. */
const GENERATION_LOOK_MS = 500;
const FIRST_GENERATION = 1;

export async function openRapport(options: RapportOptions): Promise<RapportEngine> {
  const data = resolve(options.data);
  mkdirSync(data, { recursive: true });
  const say = options.log ?? (() => undefined);
  const store = await openSqliteEventStore({ folder: data, partitions: EMBEDDED_PARTITIONS });
  try {
    const given = { file: options.definitionFile, plays: options.plays };
    const partitions = await prepareStore(store, data, given, say);
    const { settleQuietMs = HISTORY_QUIET_MS, dispatch = DISPATCH_DEFAULTS } = options;
    const rapport = new EmbeddedRapport(data, store, partitions, { settleQuietMs, dispatch }, say);
    await rapport.start();
    return rapport;
  } catch (error) {
    await store.close();
    throw error;
  }
}

class EmbeddedRapport implements RapportEngine {
  private readonly batcher: IngestBatcher;
  private readonly playInputs: PlayInputs;
  private readonly dispatching: Dispatching;
  private engine!: EngineThread;
  private queries!: QueryThread;
  private generation = 0;
  private generationWatch: NodeJS.Timeout | null = null;
  private switching: Promise<void> | null = null;
  private failure: Failure | null = null;
  private closing = false;

  constructor(
    readonly data: string,
    private readonly store: SqliteEventStore,
    private readonly partitions: number,
    private readonly options: Required<Pick<RapportOptions, 'settleQuietMs' | 'dispatch'>>,
    private readonly say: (entry: LogEntry) => void,
  ) {
    this.batcher = new IngestBatcher(partitions, (requests) => this.store.client.append(requests));
    this.playInputs = new PlayInputs({
      partitions,
      append: (requests) => this.append(requests),
      // Not `waitFor`, which also waits for settlings under way to be through with everybody.
      decided: (position, timeoutMs) => reached(position, timeoutMs, () => (this.failure ? null : this.shownUpTo)),
      refusal: (position) => this.engine.refusal(position),
      query: (query) => this.query(query),
    });
    this.dispatching = new Dispatching({
      ...{ folder: data, options: options.dispatch, say, connect: () => store.connect() },
      append: (requests) => store.append(requests),
    });
  }

  async start(): Promise<void> {
    let generation = currentGeneration(this.data);
    if (generation === null) {
      generation = FIRST_GENERATION;
      switchGeneration(this.data, generation);
    }
    await this.startThreads(generation);
    this.generationWatch = setInterval(() => this.lookForGeneration(), GENERATION_LOOK_MS);
    this.generationWatch.unref();
  }

  async ingest(touchpoints: Touchpoint[]): Promise<IngestAnswer> {
    if (this.failure) return unavailable(this.failure.detail);
    if (this.lag() > ENGINE_LAG_EVENTS_MAX && !(await this.engineCatchesUp())) return OVERLOADED;
    return this.batcher.add(touchpoints);
  }

  async settle(customerIds?: string[]): Promise<IngestAnswer> {
    const now = Date.now();
    if (!customerIds) {
      const all = Array.from({ length: this.partitions }, (_, partition) => partition);
      return this.append(
        all.map((partition) => controlRequest(partition, EVENT.historySettled, { cap: SETTLE_CAP_CUSTOMERS }, now)),
      );
    }
    const byPartition = new Map<number, string[]>();
    for (const id of new Set(customerIds)) {
      const partition = partitionOf(id, this.partitions);
      byPartition.set(partition, [...(byPartition.get(partition) ?? []), id]);
    }
    return this.append(
      [...byPartition].map(([partition, customers]) =>
        controlRequest(partition, EVENT.historySettled, { cap: SETTLE_CAP_CUSTOMERS, customers }, now),
      ),
    );
  }

  async waitFor(position: number, timeoutMs: number): Promise<boolean> {
    const until = performance.now() + timeoutMs;
    for (;;) {
      const left = until - performance.now();
      if (left <= 0 || this.failure) return false;
      const thread = this.engine;
      if (await inTime(thread.shown(position), left)) return true;
      // Asked again where a rebuilt generation has taken over meanwhile.
      if (thread === this.engine) return false;
    }
  }

  outcomes(positions: Float64Array): Promise<Outcome[]> {
    return this.engine.outcomes(positions);
  }

  async retryParked(position: number): Promise<IngestAnswer | { ok: false; reason: 'notParked' }> {
    const parked = await this.query({ name: 'parkedAt', params: { position } });
    if (!parked.found) return { ok: false, reason: 'notParked' };
    const { customerId } = JSON.parse(parked.json) as { customerId: string };
    return this.append([
      controlRequest(partitionOf(customerId, this.partitions), EVENT.parkedRetried, { position }, Date.now()),
    ]);
  }

  judgeClock(believe: boolean): Promise<IngestAnswer> {
    const now = Date.now();
    const all = Array.from({ length: this.partitions }, (_, partition) => partition);
    const judged = { believe, stamp: now, by: 'operator' };
    return this.append(all.map((partition) => controlRequest(partition, EVENT.clockJudged, judged, now)));
  }

  command(customerId: string, command: PlayCommand): Promise<CommandAnswer> {
    return this.playInputs.command(customerId, command);
  }

  pausePlay(play: string, paused: boolean, by: string): Promise<PauseAnswer> {
    return this.playInputs.pausePlay(play, paused, by);
  }

  pauseChannel(channel: string, paused: boolean, by: string): Promise<IngestAnswer> {
    return this.playInputs.pauseChannel(channel, paused, by);
  }

  setEffects(effects: EffectsSet): Promise<IngestAnswer> {
    return this.dispatching.setEffects(effects);
  }

  arm(by: string): Promise<IngestAnswer> {
    return this.dispatching.arm(by);
  }

  effects(): EffectsNow {
    return this.dispatching.effects();
  }

  receiverGaps(): ReceiverGap[] {
    return this.dispatching.receiverGaps();
  }

  query(query: Query): Promise<QueryAnswer> {
    return this.queries.ask(query);
  }

  feed(options: FollowOptions): Feed {
    return followLog(this.store, options);
  }

  offer(): LogOffer {
    return offerOf(this.store, this.partitions, this, (query) => this.queries.ask(query));
  }

  status(): StatusSnapshot {
    const { store, engine, batcher, failure, dispatching } = this;
    return statusSnapshot(store, engine.status, batcher.ingested, failure, dispatching.snapshot());
  }

  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    if (this.generationWatch) clearInterval(this.generationWatch);
    await this.switching;
    await this.dispatching.stop();
    await this.engine.stop();
    await this.queries.stop();
    await this.store.close();
  }

  private get shownUpTo(): number {
    return this.engine.status?.readModels ?? 0;
  }

  private lag(): number {
    return this.store.client.head.position - (this.engine.status?.engine ?? 0);
  }

  private async engineCatchesUp(): Promise<boolean> {
    const until = performance.now() + HOLD_BACK_MS_MAX;
    while (this.lag() > ENGINE_LAG_EVENTS_MAX) {
      if (performance.now() > until || this.failure) return false;
      await new Promise((done) => setTimeout(done, HOLD_BACK_LOOK_MS));
    }
    return true;
  }

  private async append(requests: AppendRequest[]): Promise<IngestAnswer> {
    const positions = new Float64Array(requests.length);
    let recordedAt = 0;
    const results = await this.store.append(requests);
    for (const [i, result] of results.entries()) {
      if (!result.ok) return unavailable(result.reason === 'unavailable' ? result.detail : 'the stream moved');
      positions[i] = result.firstPosition;
      recordedAt = result.recordedAt;
    }
    return { ok: true, position: positions.reduce((a, b) => Math.max(a, b), 0), recordedAt, positions };
  }

  private async startThreads(generation: number): Promise<void> {
    const { data: folder, options } = this;
    const data = { folder, generation, settleQuietMs: options.settleQuietMs };
    const engine = EngineThread.start(data, this.store.connect(), (error) => this.failed(error));
    this.engine = engine;
    await engine.opened();
    this.queries = QueryThread.start({ folder, generation });
    this.generation = generation;
    await engine.ready();
    await this.dispatching.start(generation);
  }

  private failed(error: Error): void {
    this.failure = { detail: error.message, since: Date.now() };
    this.say({ level: 'error', message: error.message });
  }

  private lookForGeneration(): void {
    if (this.switching || this.closing || this.failure) return;
    const current = currentGeneration(this.data);
    if (current === null || current === this.generation) return;
    this.switching = this.switchTo(current)
      .catch((error: unknown) => this.failed(error instanceof Error ? error : new Error(String(error))))
      .then(() => {
        this.switching = null;
      });
  }

  /** Queries go on answering from the old generation until the new one has caught up. */
  private async switchTo(generation: number): Promise<void> {
    const before = this.queries;
    await this.dispatching.stop();
    await this.engine.stop();
    await this.startThreads(generation);
    await before.stop();
    removeOldGenerations(this.data);
    this.say({ level: 'info', message: `the read models were switched to generation ${generation}` });
  }
}

const OVERLOADED: IngestAnswer = {
  ok: false,
  reason: 'overloaded',
  detail: `the engine is more than ${ENGINE_LAG_EVENTS_MAX} inputs behind; send again after a moment`,
  retryAfterSeconds: RETRY_AFTER_SECONDS,
};
