/** Dispatch of an embedded store: started where there is something to carry out. What happens to it stops nothing else. */
import type { MessagePort } from 'node:worker_threads';
import { type AppendRequest, type AppendResult, type LogReader, openLogReader } from '@rapport/event-store';
import { NO_CHANNEL_OPTIONS } from '../channels/registry';
import { effectsNow } from '../dispatch/effects';
import { effectsInLog } from '../dispatch/effects-in-log';
import { armInstance, effectsRequest } from '../dispatch/instance';
import { EFFECTS_EVENT, type EffectsNow, type EffectsSet } from '../dispatch/instance.types';
import { Definitions } from '../loop/definitions';
import { actionStream } from '../partition';
import type { DispatchSnapshot, IngestAnswer, LogEntry } from '../rapport.types';
import type { DispatchOptions } from './dispatch-protocol';
import { DispatchThread } from './dispatch-thread';
import { inTime } from './in-time';
import { RETRY_AFTER_SECONDS } from './ingest-batcher';
import type { Failure } from './status';

/** How long opening a store waits for dispatch to have read its part of the log; it goes on reading afterwards. */
const READY_WAIT_MS_MAX = 2_000;
/** How long a change of effects waits for dispatch to have heard of it; it stands in the log all the same. */
const HEARD_WAIT_MS_MAX = 5_000;
const HEARD_LOOK_MS = 5;

/** Links that nobody can follow, so that a message without a server behind it is told apart. */
export const DISPATCH_DEFAULTS: DispatchOptions = {
  channels: NO_CHANNEL_OPTIONS,
  publicUrl: 'http://localhost:3000',
  linkSecrets: [],
};

export interface DispatchingPorts {
  folder: string;
  /** `off`: whoever opened the store carries nothing out. */
  options: DispatchOptions | 'off';
  connect: () => MessagePort;
  append: (requests: AppendRequest[]) => Promise<AppendResult[]>;
  say: (entry: LogEntry) => void;
}

export class Dispatching {
  private thread: DispatchThread | null = null;
  private failure: Failure | null = null;

  constructor(private readonly ports: DispatchingPorts) {}

  /** Never rejects: a failure is said, and shown by `snapshot`. */
  async start(generation: number): Promise<void> {
    const { folder, options, connect, say } = this.ports;
    this.thread = null;
    this.failure = null;
    if (options === 'off' || !withLog(folder, hasSomethingToCarryOut)) return;
    const data = { folder, generation, options };
    const thread = DispatchThread.start(data, connect(), say, (error) => this.failed(error));
    this.thread = thread;
    // A failure is told by onFailure already.
    const ready = thread.ready().catch(() => undefined);
    await inTime(ready, READY_WAIT_MS_MAX);
  }

  /** Resolves when every attempt under way is written down. */
  async stop(): Promise<void> {
    const { thread } = this;
    this.thread = null;
    await thread?.stop();
  }

  effects(): EffectsNow {
    const status = this.thread?.status;
    if (status && !this.failure) return effectsNow(status.effects, status.unarmed);
    return withLog(this.ports.folder, (log) => effectsInLog(this.ports.folder, log));
  }

  /** Undefined where nothing is carried out. */
  snapshot(): DispatchSnapshot | undefined {
    const { thread, failure } = this;
    if (!thread) return undefined;
    const { unarmed = null, open = 0, underWay = 0, position = 0 } = thread.status ?? {};
    return { unarmed, open, underWay, position, ...(failure && { failure }) };
  }

  async setEffects(effects: EffectsSet): Promise<IngestAnswer> {
    const [result] = await this.ports.append([effectsRequest(EFFECTS_EVENT.effectsSet, effects, Date.now())]);
    return this.heard(result!);
  }

  async arm(by: string): Promise<IngestAnswer> {
    const { folder, append } = this.ports;
    return this.heard(await armInstance(folder, by, Date.now(), append));
  }

  /** Whoever switches effects off finds them off when this resolves. */
  private async heard(result: AppendResult): Promise<IngestAnswer> {
    if (!result.ok) {
      const detail = result.reason === 'unavailable' ? result.detail : 'the stream moved';
      return { ok: false, reason: 'unavailable', detail, retryAfterSeconds: RETRY_AFTER_SECONDS };
    }
    const { firstPosition: position, recordedAt } = result;
    const until = performance.now() + HEARD_WAIT_MS_MAX;
    while (this.thread && !this.failure && (this.thread.status?.position ?? 0) < position) {
      if (performance.now() > until) break;
      await new Promise((done) => setTimeout(done, HEARD_LOOK_MS));
    }
    return { ok: true, position, recordedAt, positions: Float64Array.of(position) };
  }

  private failed(error: Error): void {
    this.failure = { detail: error.message, since: Date.now() };
    this.ports.say({
      level: 'error',
      message: `${error.message}. Nothing is sent until the store is opened again; touchpoints and queries go on.`,
    });
  }
}

/** Plays in force, or actions of plays that were. */
function hasSomethingToCarryOut(log: LogReader): boolean {
  const definitions = Definitions.read(log);
  const part = definitions.latest === 0 ? undefined : definitions.get(definitions.latest).definition.plays;
  if (part && part.plays.length > 0) return true;
  const { partitions } = log.meta();
  return Array.from({ length: partitions }, (_, i) => i).some((i) => log.streamHead(actionStream(i)) >= 0);
}

function withLog<T>(folder: string, ask: (log: LogReader) => T): T {
  const log = openLogReader(folder);
  try {
    return ask(log);
  } finally {
    log.close();
  }
}
