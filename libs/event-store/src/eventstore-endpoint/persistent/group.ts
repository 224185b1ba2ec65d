import type { ChunkLog } from '../../chunk-log';
import type { Consumer } from './consumer';
import { type Dealing, dealingOf } from './dealing';
import type { GroupItem } from './group-item';
import type { GroupMemory } from './group-memory';
import { ALL, groupDropped, groupFull, groupId, type GroupName } from './group-name';
import type { GroupSettings } from './group-settings';
import { eventsAfter } from './group-source';
import { Outstanding } from './outstanding';

/** How often it is looked for what was not acknowledged in time. */
const LOOK_MS = 50;
/** Events that are read and not handed out yet, in bytes; their number is bounded by the settings. */
const BUFFER_BYTES_MAX = 8 * 1024 * 1024;
/** With "pinned", how far behind an event that must wait others are looked at. */
const LOOK_BEHIND_EVENTS = 200;

export type NackAction = 'park' | 'retry' | 'skip' | 'stop';

/** A persistent subscription at work: reads ahead, deals out, waits for acknowledgements, tries again, parks. */
export class Group {
  readonly consumers: Consumer[] = [];
  /** Done since the start of the server. */
  finished = 0;
  private readonly dealing: Dealing;
  private retries: GroupItem[] = [];
  private fresh: GroupItem[] = [];
  private freshBytes = 0;
  private outstanding: Outstanding | undefined;
  private saved = -1;
  private sinceSaved = 0;
  private lastSave = Date.now();
  private saving: Promise<void> | undefined;
  private readonly ticker: NodeJS.Timeout;
  private wakeReader: () => void = () => undefined;
  private closeSource: () => void = () => undefined;
  private started: Promise<void> | undefined;
  private closed = false;

  constructor(
    readonly name: GroupName,
    readonly settings: GroupSettings,
    private readonly log: ChunkLog,
    readonly memory: GroupMemory,
    private readonly say: (problem: string) => void,
  ) {
    this.dealing = dealingOf(settings.strategy);
    this.ticker = setInterval(() => this.look(), LOOK_MS);
    this.ticker.unref();
  }

  /** What is known of the checkpoint and of how far was read; for reports. */
  get progress(): { saved: number; newest: number } {
    return { saved: this.saved, newest: this.outstanding?.newest ?? -1 };
  }

  get waiting(): { fresh: number; retries: number; inFlight: number } {
    const inFlight = this.consumers.reduce((sum, consumer) => sum + consumer.inFlight.size, 0);
    return { fresh: this.fresh.length, retries: this.retries.length, inFlight };
  }

  /** Throws where there are as many already as may be. */
  async join(consumer: Consumer): Promise<void> {
    const { maxSubscriberCount } = this.settings;
    if (maxSubscriberCount > 0 && this.consumers.length >= maxSubscriberCount) throw groupFull(this.name);
    this.consumers.push(consumer);
    await (this.started ??= this.start());
    consumer.confirm(groupId(this.name));
    this.deal();
  }

  /** What it had in work goes to others. */
  leave(consumer: Consumer): void {
    const at = this.consumers.indexOf(consumer);
    if (at < 0) return;
    this.consumers.splice(at, 1);
    for (const item of consumer.takeAll()) this.again(item);
    this.deal();
  }

  ack(consumer: Consumer, keys: string[]): void {
    for (const key of keys) this.finish(consumer.take(key));
    this.deal();
  }

  nack(consumer: Consumer, keys: string[], action: NackAction, reason: string): void {
    for (const key of keys) {
      const item = consumer.take(key);
      if (item === undefined) continue;
      if (action === 'park') this.park(item, reason);
      else if (action === 'retry') this.again(item);
      else this.finish(item);
    }
    this.deal();
  }

  async replayParked(count: number): Promise<void> {
    this.retries.push(...(await this.memory.unpark(count)));
    this.deal();
  }

  /** Ends it for all consumers; what is done is saved. */
  async close(dropConsumers: boolean): Promise<void> {
    this.closed = true;
    clearInterval(this.ticker);
    this.closeSource();
    this.wakeReader();
    if (dropConsumers) for (const consumer of [...this.consumers]) consumer.drop(groupDropped(this.name));
    await this.saving;
  }

  private async start(): Promise<void> {
    const saved = await this.memory.checkpoint();
    this.saved = saved ?? -1;
    const after = saved ?? (await this.firstBefore());
    this.outstanding = new Outstanding(after);
    void this.read(after).catch((error: unknown) => this.failed(error));
  }

  /** The number after which a new group begins. */
  private async firstBefore(): Promise<number> {
    const { startFrom } = this.settings;
    if (startFrom !== 'end') return startFrom - 1;
    const { source } = this.name;
    return source === ALL ? (await this.log.head()).position : this.log.streamHead(source);
  }

  private async read(after: number): Promise<void> {
    const { filter, historyBufferSize, liveBufferSize } = this.settings;
    const room = Math.max(historyBufferSize, liveBufferSize);
    const events = eventsAfter(this.log, this.name, after, filter, (close) => (this.closeSource = close));
    for await (const item of events) {
      if (this.closed) return;
      this.outstanding?.read(item.number);
      this.fresh.push(item);
      this.freshBytes += item.event.data.length;
      this.deal();
      while (!this.closed && (this.fresh.length >= room || this.freshBytes >= BUFFER_BYTES_MAX))
        await new Promise<void>((resolve) => (this.wakeReader = resolve));
    }
  }

  /** Hands out what waits, what is tried again first, as far as there is room. */
  private deal(): void {
    if (this.consumers.length === 0) return;
    this.retries = this.dealFrom(this.retries);
    if (this.retries.length < LOOK_BEHIND_EVENTS) {
      this.fresh = this.dealFrom(this.fresh);
      this.freshBytes = this.fresh.reduce((bytes, { event }) => bytes + event.data.length, 0);
    }
    this.wakeReader();
  }

  private dealFrom(items: GroupItem[]): GroupItem[] {
    const held: GroupItem[] = [];
    const until = Date.now() + this.settings.messageTimeoutMs;
    for (let at = 0; at < items.length; at++) {
      const item = items[at] as GroupItem;
      const consumer = this.dealing.to(item, this.consumers);
      if (consumer !== undefined) consumer.send(item, this.settings.messageTimeoutMs === 0 ? Infinity : until);
      else if (held.push(item) >= LOOK_BEHIND_EVENTS || !this.consumers.some(({ free }) => free > 0))
        return [...held, ...items.slice(at + 1)];
    }
    return held;
  }

  private again(item: GroupItem): void {
    const { maxRetryCount } = this.settings;
    if (item.retries >= maxRetryCount) return this.park(item, `Reached retry count of ${maxRetryCount}`);
    this.retries.push({ ...item, retries: item.retries + 1 });
  }

  private park(item: GroupItem, reason: string): void {
    this.memory.park(item, reason).then(
      () => this.finish(item),
      // Not parked is not done: it is tried again.
      (error: unknown) => {
        this.failed(error);
        this.retries.push(item);
      },
    );
  }

  private finish(item: GroupItem | undefined): void {
    if (item === undefined) return;
    this.finished++;
    // What comes from the parked ones was done with, as far as the source goes, when it was parked.
    if (item.link !== undefined) return;
    this.outstanding?.done(item.number);
    this.sinceSaved++;
    const { minCheckPointCount, maxCheckPointCount } = this.settings;
    const many = maxCheckPointCount > 0 && this.sinceSaved >= maxCheckPointCount;
    if (many || (minCheckPointCount <= 1 && maxCheckPointCount <= 1)) this.save();
  }

  private look(): void {
    const now = Date.now();
    let late = 0;
    for (const consumer of this.consumers)
      for (const item of consumer.overdue(now)) {
        this.again(item);
        late++;
      }
    if (late > 0 || this.retries.length > 0) this.deal();
    const { checkPointAfterMs, minCheckPointCount } = this.settings;
    if (this.sinceSaved >= Math.max(1, minCheckPointCount) && now - this.lastSave >= checkPointAfterMs) this.save();
  }

  /** One at a time; where enough was done meanwhile, once more. */
  private save(): void {
    this.saving ??= this.saveWhatIsDone()
      .catch((error: unknown) => this.failed(error))
      .finally(() => (this.saving = undefined));
  }

  private async saveWhatIsDone(): Promise<void> {
    do {
      this.sinceSaved = 0;
      this.lastSave = Date.now();
      const checkpoint = this.outstanding?.checkpoint ?? -1;
      if (checkpoint <= this.saved || this.closed) return;
      await this.memory.saveCheckpoint(checkpoint);
      this.saved = checkpoint;
    } while (this.sinceSaved >= Math.max(1, this.settings.maxCheckPointCount));
  }

  private failed(error: unknown): void {
    if (!this.closed) this.say(`${groupId(this.name)}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
