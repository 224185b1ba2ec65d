/** Effects in a cluster: the stream that says how far they go, and the dispatcher of this process where it carries out. */
import { randomUUID } from 'node:crypto';
import { chunksOfEvents } from '@rapport/event-store';
import { Effects, effectsNow } from '../../dispatch/effects';
import { effectsRequest } from '../../dispatch/instance';
import {
  EFFECTS_EVENT,
  EFFECTS_STREAM,
  type EffectsNow,
  type EffectsSet,
  type InstanceArmed,
} from '../../dispatch/instance.types';
import { inTime } from '../../embedded/in-time';
import { RETRY_AFTER_SECONDS } from '../../embedded/ingest-batcher';
import type { DispatchSnapshot, IngestAnswer } from '../../rapport.types';
import type { Followed } from '../run/follow-stream';
import { appendTo, type ClusterLog, followerOf } from '../store/cluster-log';

/** How long a change of effects waits for this process to have heard of it; it stands in the log all the same. */
const HEARD_WAIT_MS_MAX = 5_000;

export class ClusterDispatching {
  private readonly known = new Effects();
  private revision = -1;
  private waiting: { revision: number; done: () => void }[] = [];
  private readonly followed: Followed;

  private constructor(private readonly log: ClusterLog) {
    this.followed = followerOf(
      log,
      () => undefined,
    )({
      stream: EFFECTS_STREAM,
      after: -1,
      deliver: (events) => {
        for (const chunk of chunksOfEvents(events)) this.known.fold(chunk);
        this.revision = events.at(-1)!.revision;
        this.answer();
        return Promise.resolve();
      },
    });
  }

  static async open(log: ClusterLog): Promise<ClusterDispatching> {
    const dispatching = new ClusterDispatching(log);
    await dispatching.heard(await log.streamHead(EFFECTS_STREAM));
    return dispatching;
  }

  effects(): EffectsNow {
    return effectsNow(this.known.set, this.known.armed === null ? 'noInstanceFile' : null);
  }

  /** Undefined where nothing is carried out. */
  snapshot(): DispatchSnapshot | undefined {
    return undefined;
  }

  setEffects(effects: EffectsSet): Promise<IngestAnswer> {
    return this.put(EFFECTS_EVENT.effectsSet, effects);
  }

  arm(by: string): Promise<IngestAnswer> {
    const armed: InstanceArmed = { instance: randomUUID(), by };
    return this.put(EFFECTS_EVENT.instanceArmed, armed);
  }

  stop(): Promise<void> {
    return this.followed.close();
  }

  private async put(
    type: (typeof EFFECTS_EVENT)[keyof typeof EFFECTS_EVENT],
    data: EffectsSet | InstanceArmed,
  ): Promise<IngestAnswer> {
    const [result] = await appendTo(this.log, [effectsRequest(type, data, Date.now())]);
    if (!result?.ok) {
      const detail = result?.reason === 'unavailable' ? result.detail : 'the stream moved';
      return { ok: false, reason: 'unavailable', detail, retryAfterSeconds: RETRY_AFTER_SECONDS };
    }
    const { firstPosition: position, firstRevision, recordedAt } = result;
    await inTime(this.heard(firstRevision), HEARD_WAIT_MS_MAX);
    return { ok: true, position, recordedAt, positions: Float64Array.of(position) };
  }

  private heard(revision: number): Promise<void> {
    if (this.revision >= revision) return Promise.resolve();
    return new Promise((done) => this.waiting.push({ revision, done }));
  }

  private answer(): void {
    for (const waiter of this.waiting) if (waiter.revision <= this.revision) waiter.done();
    this.waiting = this.waiting.filter((waiter) => waiter.revision > this.revision);
  }
}
