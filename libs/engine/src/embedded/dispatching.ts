/** Dispatch of an embedded store: started where there is something to carry out. What happens to it stops nothing else. */
import type { MessagePort } from 'node:worker_threads';
import { type AppendRequest, type AppendResult, type LogReader, openLogReader } from '@rapport/event-store';
import type { PlaysPart } from '@rapport/journey';
import { type ReceiverGap, receiverGaps } from '../channels/receiver-gaps';
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

/** How long opening a store waits for dispatch to have read its part of the log; it goes on reading afterwards. */
const READY_WAIT_MS_MAX = 2_000;
/** How long a change of effects waits for dispatch to have heard of it; it stands in the log all the same. */
const HEARD_WAIT_MS_MAX = 5_000;
const HEARD_LOOK_MS = 5;
/** After a failure it is started again: soon at first, then after twice as long each time, up to the greatest. */
export const DISPATCH_RESTART_MS_MIN = 1_000;
export const DISPATCH_RESTART_MS_MAX = 60_000;
/** Having run for so long it is well: the next failure is a first one again. */
const DISPATCH_WELL_MS = 300_000;
/** How long one that has failed may take to write down what is under way. */
const FAILED_END_MS_MAX = 5_000;

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
  private failure: DispatchFailure | null = null;
  private generation = 0;
  private startedAt = 0;
  private failuresInARow = 0;
  private restarts = 0;
  private timer: NodeJS.Timeout | null = null;
  private restarting: Promise<void> = Promise.resolve();

  constructor(private readonly ports: DispatchingPorts) {}

  /** Never rejects: a failure is said, shown by `snapshot`, and mended by another start. */
  async start(generation: number): Promise<void> {
    this.thread = null;
    this.failure = null;
    this.generation = generation;
    if (this.ports.options === 'off' || !withLog(this.ports.folder, hasSomethingToCarryOut)) return;
    await this.launch(this.ports.options);
    this.warnOfGaps();
  }

  /** Of what the sandbox needs not: nothing before it is live. */
  private warnOfGaps(): void {
    const now = this.effects();
    for (const { channel, lacks, problem, mend } of this.receiverGaps()) {
      if (lacks === 'server' && now.modeOf(channel) !== 'live') continue;
      this.ports.say({ level: 'warn', message: `${problem}. Mend: ${mend}.` });
    }
  }

  /** Resolves when every attempt under way is written down. */
  async stop(): Promise<void> {
    const { thread, failure } = this;
    this.thread = null;
    if (this.timer) clearTimeout(this.timer);
    await (failure ? thread?.end(FAILED_END_MS_MAX) : thread?.stop());
    await this.restarting;
  }

  effects(): EffectsNow {
    const status = this.thread?.status;
    if (status && !this.failure) return effectsNow(status.effects, status.unarmed);
    return withLog(this.ports.folder, (log) => effectsInLog(this.ports.folder, log));
  }

  receiverGaps(): ReceiverGap[] {
    const { folder, options } = this.ports;
    if (options === 'off') return [];
    return withLog(folder, (log) => receiverGaps(playsInForce(log), options.channels));
  }

  /** Undefined where nothing is carried out. */
  snapshot(): DispatchSnapshot | undefined {
    const { thread, failure, restarts } = this;
    if (!thread) return undefined;
    const { unarmed = null, open = 0, underWay = 0, pausedChannels = [], position = 0 } = thread.status ?? {};
    return { unarmed, open, underWay, pausedChannels, position, restarts, ...(failure && { failure }) };
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

  private async launch(options: DispatchOptions): Promise<void> {
    const { folder, connect, say } = this.ports;
    const data = { folder, generation: this.generation, options };
    const thread: DispatchThread = DispatchThread.start(data, connect(), say, (error) =>
      this.failed(thread, options, error),
    );
    this.thread = thread;
    this.startedAt = Date.now();
    // A failure is told by onFailure already.
    const ready = thread.ready().then(
      () => this.runs(thread),
      () => undefined,
    );
    await inTime(ready, READY_WAIT_MS_MAX);
  }

  private runs(thread: DispatchThread): void {
    if (this.thread !== thread || !this.failure) return;
    this.failure = null;
    this.ports.say({ level: 'info', message: 'dispatch runs again' });
  }

  private failed(thread: DispatchThread, options: DispatchOptions, error: Error): void {
    if (this.thread !== thread) return;
    const now = Date.now();
    this.failuresInARow = now - this.startedAt > DISPATCH_WELL_MS ? 1 : this.failuresInARow + 1;
    const wait = Math.min(DISPATCH_RESTART_MS_MAX, DISPATCH_RESTART_MS_MIN * 2 ** (this.failuresInARow - 1));
    this.failure = { detail: error.message, since: this.failure?.since ?? now, nextTry: now + wait };
    this.ports.say({
      level: 'error',
      message: `${error.message}. Nothing is sent until it runs again, which is tried in ${wait / 1_000} s; touchpoints and queries go on.`,
    });
    this.timer = setTimeout(() => {
      this.restarting = this.startAgain(thread, options);
    }, wait);
    this.timer.unref();
  }

  /** Two at a time would send twice: the one that failed has ended before the next one reads what it did. */
  private async startAgain(thread: DispatchThread, options: DispatchOptions): Promise<void> {
    await thread.end(FAILED_END_MS_MAX);
    if (this.thread !== thread) return;
    this.restarts += 1;
    await this.launch(options);
  }
}

type DispatchFailure = NonNullable<DispatchSnapshot['failure']>;

function playsInForce(log: LogReader): PlaysPart | undefined {
  const definitions = Definitions.read(log);
  return definitions.latest === 0 ? undefined : definitions.get(definitions.latest).definition.plays;
}

/** Plays in force, or actions of plays that were. */
function hasSomethingToCarryOut(log: LogReader): boolean {
  if ((playsInForce(log)?.plays.length ?? 0) > 0) return true;
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
