/** The loop's chunks where a partition is folded by itself: its inputs and its attempts, each from a subscription of their own. */
import { type Chunk, chunksOfEvents, type StoredEvent } from '@rapport/event-store';
import type { EngineCore } from '../../loop/engine-core';
import type { LoopFeed } from '../../loop/engine-loop';
import { actionStream, touchpointStream } from '../../partition';
import type { Followed, FollowStream } from './follow-stream';

/** Events that wait to be folded, of each stream; the subscription is held up while there are more. */
export const WAITING_EVENTS_MAX = 10_000;
/** Events folded before other partitions get their turn. */
const BATCH_EVENTS_MAX = 2_000;

export class PartitionFeed implements LoopFeed {
  /** Revision of the newest input that is known to be in the log. */
  head: number;
  private readonly inputs = new Waiting();
  private readonly attempts = new Waiting();
  private readonly followed: Followed[];

  /** `head`: revision of the last input in the log at present; -1 = none. */
  constructor(
    private readonly core: EngineCore,
    follow: FollowStream,
    head: number,
    private readonly heardNow: (stamp: number) => void,
    private readonly awake: () => void,
  ) {
    this.head = head;
    const { partition, folded } = core.own[0]!;
    const { touchpoints, actions } = folded!;
    this.followed = [
      follow({ stream: touchpointStream(partition), after: touchpoints, deliver: (events) => this.heard(events) }),
      follow({
        stream: actionStream(partition),
        after: actions,
        deliver: (events) => this.took(this.attempts, events),
      }),
    ];
  }

  get caughtUp(): boolean {
    return this.core.own[0]!.folded!.touchpoints >= this.head;
  }

  next(): Chunk[] {
    return [...this.inputs.take(BATCH_EVENTS_MAX), ...this.attempts.take(BATCH_EVENTS_MAX)];
  }

  back(chunks: Chunk[]): void {
    const inputs = chunks.filter((chunk) => chunk.stream === touchpointStream(this.core.own[0]!.partition));
    this.inputs.putBack(inputs);
    this.attempts.putBack(chunks.filter((chunk) => !inputs.includes(chunk)));
  }

  held(chunks: Chunk[]): void {
    this.back(chunks);
  }

  folded(): void {
    this.inputs.free();
    this.attempts.free();
  }

  async close(): Promise<void> {
    this.inputs.close();
    this.attempts.close();
    await Promise.all(this.followed.map((followed) => followed.close()));
  }

  private heard(events: StoredEvent[]): Promise<void> {
    const last = events.at(-1);
    if (last && this.caughtUp) this.heardNow(last.recordedAt);
    this.head = Math.max(this.head, last?.revision ?? -1);
    return this.took(this.inputs, events);
  }

  private async took(waiting: Waiting, events: StoredEvent[]): Promise<void> {
    waiting.add(chunksOfEvents(events));
    this.awake();
    await waiting.room();
  }
}

/** Chunks that are not folded yet. */
class Waiting {
  private chunks: Chunk[] = [];
  private events = 0;
  private full: (() => void)[] = [];
  private closed = false;

  add(chunks: Chunk[]): void {
    for (const chunk of chunks) this.events += chunk.count;
    this.chunks.push(...chunks);
  }

  take(eventsMax: number): Chunk[] {
    const taken: Chunk[] = [];
    for (let events = 0; this.chunks.length > 0 && events < eventsMax;) {
      const chunk = this.chunks.shift()!;
      events += chunk.count;
      taken.push(chunk);
    }
    for (const chunk of taken) this.events -= chunk.count;
    return taken;
  }

  putBack(chunks: Chunk[]): void {
    for (const chunk of chunks) this.events += chunk.count;
    this.chunks.unshift(...chunks);
  }

  /** Resolves when there is room for more. */
  room(): Promise<void> {
    if (this.closed || this.events < WAITING_EVENTS_MAX) return Promise.resolve();
    return new Promise((resolve) => this.full.push(resolve));
  }

  free(): void {
    if (this.events >= WAITING_EVENTS_MAX) return;
    for (const resolve of this.full.splice(0)) resolve();
  }

  close(): void {
    this.closed = true;
    this.chunks = [];
    this.events = 0;
    this.free();
  }
}
