/** A RapportEngine in memory that decides nothing: each test says what it shall answer. For tests of the HTTP side alone. */
import {
  type CommandAnswer,
  decisionJson,
  EFFECTS_AT_FIRST,
  type EffectsNow,
  type ReceiverGap,
  effectsNow,
  type EffectsSet,
  type Feed,
  type IngestAnswer,
  type Outcome,
  type Query,
  type QueryAnswer,
  type RapportEngine,
  type StatusSnapshot,
  type Unarmed,
} from '@rapport/engine';
import type { StoredEvent } from '@rapport/event-store';
import type { Decision, PlayCommand, Touchpoint } from '@rapport/journey';

export const RECORDED_AT = Date.UTC(2026, 2, 4, 10, 11, 12, 345);

interface OpenFeed {
  from: number;
  types: string[] | undefined;
  deliver: (event: StoredEvent) => boolean;
  ended: (why: string) => void;
}

export class FakeEngine implements RapportEngine {
  readonly data: string;
  readonly ingested: Touchpoint[] = [];
  readonly asked: Query[] = [];
  readonly settled: (string[] | undefined)[] = [];
  readonly judged: boolean[] = [];
  readonly commands: ({ customerId: string } & PlayCommand)[] = [];
  readonly paused: ['play' | 'channel', string, boolean, string][] = [];
  /** Set to refuse commands. */
  commandAnswer: CommandAnswer | undefined;
  readonly feeds = new Set<OpenFeed>();
  readonly log: StoredEvent[] = [];
  head = 0;
  /** Set to refuse. */
  refusal: Extract<IngestAnswer, { ok: false }> | undefined;
  shows = true;
  outcome: Outcome[] = [];
  answers: (query: Query) => Partial<QueryAnswer> | Promise<Partial<QueryAnswer>> = () => ({});
  effectsSet: EffectsSet = EFFECTS_AT_FIRST;
  unarmed: Unarmed | null = null;
  overlay: Partial<StatusSnapshot> = {};
  closed = 0;

  constructor(data = '/nowhere') {
    this.data = data;
  }

  ingest(touchpoints: Touchpoint[]): Promise<IngestAnswer> {
    if (this.refusal !== undefined) return Promise.resolve(this.refusal);
    const positions = Float64Array.from(touchpoints, () => ++this.head);
    this.ingested.push(...touchpoints);
    return Promise.resolve({ ok: true, position: this.head, recordedAt: RECORDED_AT, positions });
  }

  settle(customerIds?: string[]): Promise<IngestAnswer> {
    this.settled.push(customerIds);
    return this.control();
  }

  retryParked(position: number): Promise<IngestAnswer | { ok: false; reason: 'notParked' }> {
    return position === 7 ? this.control() : Promise.resolve({ ok: false, reason: 'notParked' });
  }

  judgeClock(believe: boolean): Promise<IngestAnswer> {
    this.judged.push(believe);
    return this.control();
  }

  private control(): Promise<IngestAnswer> {
    if (this.refusal !== undefined) return Promise.resolve(this.refusal);
    const position = ++this.head;
    return Promise.resolve({ ok: true, position, recordedAt: RECORDED_AT, positions: Float64Array.of(position) });
  }

  command(customerId: string, command: PlayCommand): Promise<CommandAnswer> {
    this.commands.push({ customerId, ...command });
    return Promise.resolve(this.commandAnswer ?? { ok: true, position: ++this.head });
  }

  pausePlay(play: string, paused: boolean, by: string): Promise<IngestAnswer> {
    this.paused.push(['play', play, paused, by]);
    return this.control();
  }

  pauseChannel(channel: string, paused: boolean, by: string): Promise<IngestAnswer> {
    this.paused.push(['channel', channel, paused, by]);
    return this.control();
  }

  setEffects(effects: EffectsSet): Promise<IngestAnswer> {
    this.effectsSet = effects;
    return this.control();
  }

  arm(): Promise<IngestAnswer> {
    if (this.refusal === undefined) this.unarmed = null;
    return this.control();
  }

  gaps: ReceiverGap[] = [];

  receiverGaps(): ReceiverGap[] {
    return this.gaps;
  }

  effects(): EffectsNow {
    return effectsNow(this.effectsSet, this.unarmed);
  }

  waitFor(): Promise<boolean> {
    return Promise.resolve(this.shows);
  }

  outcomes(positions: Float64Array): Promise<Outcome[]> {
    return Promise.resolve(Array.from(positions, (_, i) => this.outcome[i] ?? 'accepted'));
  }

  async query(query: Query): Promise<QueryAnswer> {
    this.asked.push(query);
    const answer = await this.answers(query);
    const json =
      answer.json ?? JSON.stringify({ items: [], position: this.head, asOf: new Date(RECORDED_AT).toISOString() });
    return { found: true, position: this.head, recordedAt: RECORDED_AT, ...answer, json };
  }

  feed(options: {
    from: number;
    filter: { types?: string[] };
    deliver: OpenFeed['deliver'];
    ended: OpenFeed['ended'];
  }): Feed {
    const feed: OpenFeed = {
      from: options.from,
      types: options.filter.types,
      deliver: options.deliver,
      ended: options.ended,
    };
    this.feeds.add(feed);
    for (const event of this.log) if (event.position > feed.from) this.hand(feed, event);
    return { close: () => this.feeds.delete(feed) };
  }

  /** A decision lands in the log and goes to whoever listens. */
  publish(type: string, customerId: string, data: object): StoredEvent {
    const position = ++this.head;
    const event: StoredEvent = {
      id: new Uint8Array(16),
      type,
      schemaVersion: 1,
      occurredAt: RECORDED_AT,
      subject: customerId,
      data: Buffer.from(decisionJson({ type, ...data } as Decision)),
      stream: 'journey-00',
      revision: position,
      position,
      recordedAt: RECORDED_AT,
    };
    this.log.push(event);
    for (const feed of [...this.feeds]) this.hand(feed, event);
    return event;
  }

  private hand(feed: OpenFeed, event: StoredEvent): void {
    if (feed.types !== undefined && !feed.types.includes(event.type)) return;
    if (feed.deliver(event)) return;
    this.feeds.delete(feed);
    feed.ended('full');
  }

  /** Nothing of this fake is offered further: the protocol endpoint has tests of its own, on real stores. */
  offer(): never {
    throw new Error('The fake engine has no log to offer.');
  }

  status(): StatusSnapshot {
    return {
      head: this.head,
      engine: this.head,
      readModels: this.head,
      lagEvents: 0,
      lagSeconds: 0,
      ingested: this.ingested.length,
      duplicates: 0,
      parked: 0,
      decisions: 0,
      timersDue: 0,
      unsettledCustomers: 0,
      customers: 0,
      fsync: { count: 0, p50: 0, p99: 0, max: 0 },
      flush: { count: 0, lastMs: 0 },
      ready: true,
      generation: 1,
      ...this.overlay,
    };
  }

  close(): Promise<void> {
    this.closed++;
    return Promise.resolve();
  }
}
