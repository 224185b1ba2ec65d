/**
 * Drives the core: takes chunks from its feed, appends what is decided, flushes behind, does the idle work. One append of decisions and
 * one flush are under way at a time.
 */
import type { AppendRequest, AppendResult, Chunk } from '@rapport/event-store';
import type { ReadModelWriter } from '@rapport/read-models';
import { streamRole } from '../partition';
import { DecisionSender } from './decision-sender';
import type { EngineCore } from './engine-core';
import { IdleWork } from './idle-work';
import { answerUpTo, type Waiter } from './waiters';
import { HISTORY_FLUSH_INPUTS_MAX, HISTORY_FLUSH_INTERVAL_MS, HISTORY_PAUSE_MS, SettlingPace } from './settling-pace';

export const FLUSH_INTERVAL_MS = 1_000;
export const FLUSH_INPUTS_MAX = 100_000;
/** Inputs folded while a flush is being written; then folding waits for it, and what is not written yet cannot outgrow the memory. */
export const UNFLUSHED_INPUTS_MAX = 2 * FLUSH_INPUTS_MAX;
/** An engine that has caught up flushes at once, but not more often than this unless somebody waits. */
export const IDLE_FLUSH_INTERVAL_MS = 100;
const IDLE_LOOK_MS = 200;
/** Folding waits while more of its decisions than this are not on disk. */
export const DECISIONS_PENDING_BYTES_MAX = 16 * 1024 * 1024;

/** Brings the loop its chunks in order. Calls the loop's `awake` when something has come. */
export interface LoopFeed {
  /** Nothing is left that is known of. */
  readonly caughtUp: boolean;
  /** What is to be folded next; empty = nothing at present. */
  next(): Chunk[];
  /** These were taken and not folded: they come again first. */
  back(chunks: Chunk[]): void;
  /** Everything taken and not given back is folded. */
  folded(): void;
  /** These cannot be folded before a verdict is in the log: they come again later. */
  held(chunks: Chunk[]): void;
}

export interface LoopPorts {
  append(requests: AppendRequest[]): Promise<AppendResult[]>;
  writer: ReadModelWriter;
  feed: LoopFeed;
  /** Called after each batch and each flush. */
  progress(): void;
  /** What ticks are asked for by; ms since the epoch. Absent = this machine's clock. */
  now?(): number;
  /** `log` = ticks and the like stand in the log already: none are asked for. */
  controls?: 'own' | 'log';
}

export class EngineLoop {
  /** Position that the read models show. */
  flushed: number;
  lastFlushMs = 0;
  flushes = 0;
  /** Set while a stamp of the log waits for a verdict. */
  held: { stamp: number } | null = null;
  private readonly idle: IdleWork;
  private readonly sender: DecisionSender;
  private readonly settling: SettlingPace;
  private wake: (() => void) | null = null;
  private flushing: Promise<void> | null = null;
  private lastFlushAt = 0;
  private lastFoldAt = 0;
  private lastIdleLook = 0;
  private stopping = false;
  private readonly waiters: Waiter[] = [];
  private failure: Error | null = null;

  constructor(
    private readonly core: EngineCore,
    private readonly ports: LoopPorts,
    settleQuietMs?: number,
  ) {
    this.idle = new IdleWork(core, settleQuietMs);
    this.settling = new SettlingPace(core.unsettledCustomers);
    this.sender = new DecisionSender(
      core.decisions,
      (requests) => ports.append(requests),
      (failure) => {
        this.failure ??= failure;
        this.wake?.();
      },
    );
    this.flushed = core.position;
  }

  /** Resolves when the read models show everything up to `position`. */
  async shown(position: number): Promise<void> {
    if (this.flushed >= position && position < this.core.oldestPending) return;
    await new Promise<void>((done) => {
      this.waiters.push({ position, done });
      this.wake?.();
    });
  }

  async run(): Promise<void> {
    while (!this.stopping) {
      await this.room();
      if (this.failure) throw this.failure;
      const chunks = this.ports.feed.next();
      if (chunks.length > 0 && this.foldBatch(chunks)) {
        this.sender.send();
        this.ports.progress();
        await turn();
      } else {
        await this.rest();
      }
      if (this.flushDue(Date.now())) await this.startFlush();
      if (this.flushing && this.core.inputsSinceFlush >= UNFLUSHED_INPUTS_MAX) await this.flushing;
    }
    await this.finish();
  }

  stop(): void {
    this.stopping = true;
    this.wake?.();
  }

  get caughtUp(): boolean {
    return this.ports.feed.caughtUp;
  }

  /** What is decided and settled faster than it is written must not pile up. */
  private async room(): Promise<void> {
    while (this.core.decisions.pendingBytes > DECISIONS_PENDING_BYTES_MAX && this.sender.busy) await this.sender.busy;
    while (this.settling.full && this.flushing) await this.flushing;
  }

  /** False where the first chunk is held back. */
  private foldBatch(chunks: Chunk[]): boolean {
    this.core.preload(chunks);
    this.lastFoldAt = Date.now();
    for (const [i, chunk] of chunks.entries()) {
      if (!this.core.foldChunk(chunk)) {
        this.held = { stamp: chunk.recordedAt };
        this.ports.feed.held(chunks.slice(i));
        return chunk !== chunks[0];
      }
      this.held = null;
      const role = streamRole(chunk.stream);
      if (role?.role === 'touchpoints') this.idle.folded(role.partition, chunk);
      if (!this.settling.folded(this.core.unsettledCustomers)) continue;
      // What it decided goes on its way before more is settled; a settling that has customers left goes on at once.
      this.lastIdleLook = 0;
      this.ports.feed.back(chunks.slice(i + 1));
      break;
    }
    this.ports.feed.folded();
    return true;
  }

  /** Something has come for the loop. */
  readonly awake = (): void => this.wake?.();

  /** Nothing to fold: idle work, or sleep until something comes. */
  private async rest(): Promise<void> {
    const now = Date.now();
    if (!this.held && this.caughtUp && !this.core.decisions.replaying && now - this.lastIdleLook >= IDLE_LOOK_MS) {
      this.lastIdleLook = now;
      this.doIdleWork(this.ports.now?.() ?? now);
    }
    if (this.flushDue(Date.now())) return;
    const pause = this.held || this.caughtUp ? this.pauseMs() : 0;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pause);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = null;
  }

  private pauseMs(): number {
    return this.core.hasChanges && !this.flushing ? IDLE_FLUSH_INTERVAL_MS : IDLE_LOOK_MS;
  }

  private doIdleWork(now: number): void {
    if (this.ports.controls === 'log') return;
    const requests = this.idle.wanted(now);
    if (requests.length === 0) return;
    this.ports.append(requests).then(
      (results) =>
        results.forEach((result, i) => {
          if (!result.ok) this.idle.answered(streamRole(requests[i]!.stream)!.partition);
        }),
      (error: unknown) => {
        this.failure ??= error instanceof Error ? error : new Error(String(error));
      },
    );
  }

  private flushDue(now: number): boolean {
    if (this.flushing || this.core.decisions.replaying) return false;
    if (
      this.waiters.some((waiter) => waiter.position <= this.core.position && waiter.position < this.core.oldestPending)
    )
      return true;
    if (this.settling.due) return true;
    const since = now - this.lastFlushAt;
    // Decisions alone move the position too: shown in their time, so that an idle store shows all of its log.
    if (!this.core.hasChanges) return since >= FLUSH_INTERVAL_MS && this.core.position > this.flushed;
    const loading = this.settling.loading(this.core.decisions.decided) && now - this.lastFoldAt < HISTORY_PAUSE_MS;
    if (since >= (loading ? HISTORY_FLUSH_INTERVAL_MS : FLUSH_INTERVAL_MS)) return true;
    if (this.core.inputsSinceFlush >= (loading ? HISTORY_FLUSH_INPUTS_MAX : FLUSH_INPUTS_MAX)) return true;
    return !loading && this.caughtUp && since >= IDLE_FLUSH_INTERVAL_MS;
  }

  /** Decisions first: rows may never show what the log does not hold. Folding pauses until they are on disk, writing goes on beside. */
  private async startFlush(): Promise<void> {
    while (this.sender.busy) await this.sender.busy;
    if (this.failure) throw this.failure;
    const started = Date.now();
    this.lastFlushAt = started;
    const { flush, number } = this.core.takeFlush();
    this.settling.flushed(this.core.decisions.decided);
    const { oldestPending } = this.core;
    this.flushing = this.ports.writer
      .write(flush)
      .then(() => {
        this.core.written(number);
        this.flushed = flush.checkpoint.position;
        this.lastFlushMs = Date.now() - started;
        this.flushes++;
        answerUpTo(this.waiters, Math.min(this.flushed, oldestPending - 1));
        this.ports.progress();
      })
      .catch((error: unknown) => {
        this.failure = error instanceof Error ? error : new Error(String(error));
      })
      .then(() => {
        this.flushing = null;
        this.wake?.();
      });
  }

  /** No append of decisions and no flush is under way. */
  private async quiet(): Promise<void> {
    for (let busy = this.busy; busy; busy = this.busy) await busy;
  }

  private get busy(): Promise<void> | null {
    return this.sender.busy ?? this.flushing;
  }

  private async finish(): Promise<void> {
    await this.quiet();
    if (this.core.position > this.flushed && !this.core.decisions.replaying && !this.failure) await this.startFlush();
    await this.quiet();
    if (this.failure) throw this.failure;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
