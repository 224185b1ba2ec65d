/**
 * Carries out what plays have requested: one attempt after the other, each written down before it starts. It decides nothing about
 * customers; what became of an action goes back as a touchpoint. Driven from outside: `fold` what the log says, `pump` when
 * `nextWake` has come.
 */
import { type Chunk, EventCursor } from '@rapport/event-store';
import type { ActionResult, OutcomeReason } from '@rapport/journey';
import type { Channel } from '../channels/channel.types';
import { streamRole } from '../partition';
import { ACTION_EVENT, DISPATCH_CHECKPOINT_EVENTS, DISPATCH_CHECKPOINT_INPUTS } from './action-events';
import { actionEvent } from './action-event';
import { ActionLog } from './action-log';
import { AttemptRun, type AttemptRunEnd } from './attempt-run';
import { AwaitingModels } from './awaiting-models';
import { DestinationQueue } from './destination-queue';
import type { DispatcherPorts } from './dispatcher-ports';
import { endOf } from './follow-up';
import { checkpointOf } from './checkpoint';
import type { OpenAction } from './open-action';
import { outcomeOfEnd } from './outcome-touchpoint';
import { PartitionDispatch } from './partition-dispatch';
import { PermissionWatch } from './permission-watch';
import { verdictOf, type Verdict } from './verdict';
import { WakeHeap } from './wake-heap';

/** Attempts under way at all destinations together. */
export const ATTEMPTS_AT_ONCE_MAX = 512;

export class Dispatcher {
  readonly partitions: PartitionDispatch[];
  readonly log: ActionLog;
  private readonly timers = new WakeHeap<OpenAction>((action) => this.isOpen(action));
  private readonly queues = new Map<string, DestinationQueue>();
  private readonly held = new Set<OpenAction>();
  private readonly unshown: AwaitingModels;
  private readonly running = new Set<Promise<void>>();
  private readonly sinceCheckpoint: number[];
  private readonly permissions: PermissionWatch;
  private readonly cursor = new EventCursor();
  private live = false;
  private stopped = false;

  constructor(
    partitions: number,
    readonly ports: DispatcherPorts,
  ) {
    this.permissions = new PermissionWatch(ports.addressOf, ports.suppressed, (request) => this.log.also(request));
    this.unshown = new AwaitingModels(() => ports.shownUpTo());
    const news = {
      changed: (action: OpenAction) => this.changed(action),
      resumed: () => this.release(),
      permission: this.permissions.add,
    };
    this.partitions = Array.from({ length: partitions }, (_, partition) => new PartitionDispatch(partition, news));
    this.sinceCheckpoint = new Array<number>(partitions).fill(0);
    this.log = new ActionLog(
      partitions,
      (requests) => ports.append(requests),
      (error) => this.fail(error),
    );
  }

  /** A chunk of `journey-<pp>` or `touchpoints-<pp>`, in the order of the log; others are none of its business. */
  fold(chunk: Chunk): void {
    const found = streamRole(chunk.stream);
    if (found?.role !== 'journey' && found?.role !== 'touchpoints') return;
    this.partitions[found.partition]!.fold(found.role, this.cursor, chunk);
  }

  /** A chunk of `actions-<pp>`, at a start: what the last run has done. */
  foldOwn(partition: number, chunk: Chunk): void {
    const { cursor } = this;
    this.partitions[partition]!.foldOwn(cursor, chunk);
    this.log.resume(partition, chunk.firstRevision + chunk.count - 1);
  }

  /** Everything that was in the log is folded: from here on it acts. What the last run left under way is in doubt. */
  begin(): void {
    this.live = true;
    for (const partition of this.partitions) {
      for (const action of [...partition.open.values()]) {
        if (action.ended && action.outcomeSeen !== action.ended.result) this.sendOutcome(action);
        else if (action.started && this.channelOf(action)) this.keep(this.run(action, null));
        else this.changed(action);
      }
    }
    this.pump();
  }

  /** Effects or the instance have changed. */
  release(): void {
    if (!this.live) return;
    const held = [...this.held];
    this.held.clear();
    for (const action of held) this.changed(action);
    this.pump();
  }

  /** Starts everything that may start now. */
  pump(): void {
    if (!this.live || this.stopped) return;
    const now = this.ports.now();
    this.permissions.look(now);
    for (let action = this.timers.take(now); action; action = this.timers.take(now)) this.consider(action, now);
    for (const action of this.unshown.look(now)) if (this.isOpen(action)) this.consider(action, now);
    for (const queue of this.queues.values()) this.startFrom(queue, now);
    this.checkpoints(now);
    this.ports.wake();
  }

  /** ms since the epoch; Infinity = only news from the log or the end of an attempt changes anything. */
  nextWake(): number {
    const now = this.ports.now();
    let next = Math.min(this.timers.next, this.unshown.nextLook, this.permissions.nextLook(now));
    if (this.running.size >= ATTEMPTS_AT_ONCE_MAX) return next;
    for (const queue of this.queues.values()) next = Math.min(next, queue.nextLook(now));
    return next;
  }

  /** Moments that are waited for, give or take those that have become needless. */
  get timersHeld(): number {
    return this.timers.size;
  }

  get underWay(): number {
    return this.running.size;
  }

  /** Starts nothing more; resolves when every attempt under way has ended and is written down. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.quiet();
  }

  /** Resolves when no attempt is under way and everything is written. */
  async quiet(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
    await this.log.quiet();
  }

  channelOf(action: OpenAction): Channel | undefined {
    return this.ports.channels.get(action.request.channel);
  }

  verdict(action: OpenAction, now: number): Verdict {
    const { channel } = action.request;
    const paused = this.partitions[action.partition]!.pausedChannels.has(channel);
    return verdictOf(action, now, this.ports.effects().modeOf(channel), paused);
  }

  /** Writes down that it is over, then tells the log its outcome. A task that only expires stays with people. */
  async end(action: OpenAction, result: ActionResult, reason?: OutcomeReason, at = this.ports.now()): Promise<void> {
    const doubt = action.doubt && (result === 'expired' || result === 'withdrawn' || result === 'failed');
    action.ended = endOf(action, doubt ? 'in-doubt' : result, at, reason);
    this.written(action.partition, 1);
    const event = actionEvent(ACTION_EVENT.actionEnded, at, action.customerId, action.ended);
    await this.log.write(action.partition, [event]);
    this.sendOutcome(action);
  }

  /** The same, without anybody waiting for it to be written. */
  endBeside(action: OpenAction, result: ActionResult, reason?: OutcomeReason): void {
    this.keep(this.end(action, result, reason));
  }

  written(partition: number, events: number): void {
    this.sinceCheckpoint[partition]! += events;
  }

  sendOutcome(action: OpenAction): void {
    this.log.outcome(action.partition, outcomeOfEnd(action.customerId, action.request, action.ended!));
  }

  wakeAt(at: number, action: OpenAction): void {
    this.timers.add(at, action);
  }

  private isOpen(action: OpenAction): boolean {
    return this.partitions[action.partition]!.open.get(action.request.action) === action;
  }

  private changed(action: OpenAction): void {
    if (!this.live) return;
    this.timers.add(action.request.sendBefore + 1, action);
    this.consider(action, this.ports.now());
  }

  /** Looks at an action that nothing is under way for. */
  private consider(action: OpenAction, now: number): void {
    if (this.stopped || action.place === 'busy') return;
    if (action.settled) return this.settledByEngine(action);
    if (action.ended || action.queued) return;
    // A channel of another version of the code, say: better said than held for ever.
    if (!this.channelOf(action)) return this.keep(this.end(action, action.started ? 'in-doubt' : 'failed', 'refused'));
    const verdict = this.verdict(action, now);
    if (verdict.do === 'end') return this.endUntried(action, verdict);
    if (action.place === 'waiting') return;
    this.held.delete(action);
    if (verdict.do === 'wait') this.timers.add(verdict.until, action);
    const send = verdict.do === 'send' && !this.unshown.mustWait(action, now);
    action.place = send ? 'waiting' : verdict.do === 'hold' ? 'held' : 'idle';
    if (verdict.do === 'hold') this.held.add(action);
    if (send) this.queueOf(action).add(action);
  }

  private endUntried(action: OpenAction, { result, reason }: Verdict & { do: 'end' }): void {
    this.held.delete(action);
    // A task that nobody could be told of is in its queue all the same; the engine ends it with its enrolment.
    if (this.channelOf(action)?.spec.reachesCustomer === false) action.queued = true;
    else this.keep(this.end(action, result, reason));
  }

  /**
   * The engine has settled what this dispatcher has not: a task that was done, a doubt that somebody resolved. Its outcome goes into
   * the log, for the ledger is a fold of touchpoints. Otherwise there is nothing to send any more.
   */
  private settledByEngine(action: OpenAction): void {
    const { settled, ended } = action;
    if (!settled || (ended && ended.result !== 'in-doubt')) return;
    const { result, sentAt, at, reason } = settled;
    const people = ended !== null || this.channelOf(action)?.spec.reachesCustomer === false;
    if (people && (result === 'delivered' || result === 'failed')) {
      action.doubt = false;
      return this.keep(this.end(action, result, reason, sentAt ?? at));
    }
    if (people) return this.partitions[action.partition]!.remove(action);
    action.settled = null;
    if (result === 'answeredElsewhere' || result === 'stopped') action.block ??= 'left';
    this.consider(action, this.ports.now());
  }

  private startFrom(queue: DestinationQueue, now: number): void {
    while (this.running.size < ATTEMPTS_AT_ONCE_MAX) {
      const action = queue.take(now);
      if (!action) return;
      action.place = 'idle';
      const over = action.ended || action.queued || action.settled;
      if (!over && this.verdict(action, now).do === 'send') this.keep(this.run(action, queue));
      else {
        queue.done(now, null);
        this.consider(action, now);
      }
    }
  }

  /** @param queue null = it was under way when the last run ended. */
  private async run(action: OpenAction, queue: DestinationQueue | null): Promise<void> {
    action.place = 'busy';
    let end: AttemptRunEnd = { failed: null, retryAfterMs: 0 };
    try {
      const run = new AttemptRun(this, action);
      end = queue ? await run.attempt() : await run.leftUnderWay();
    } finally {
      queue?.done(this.ports.now(), end.failed, end.retryAfterMs);
      action.place = 'idle';
    }
    if (this.live) this.consider(action, this.ports.now());
  }

  private keep(work: Promise<void>): void {
    const kept: Promise<void> = work
      .catch((error: unknown) => this.fail(error instanceof Error ? error : new Error(String(error))))
      .then(() => {
        this.running.delete(kept);
        this.pump();
      });
    this.running.add(kept);
  }

  private queueOf(action: OpenAction): DestinationQueue {
    const channel = this.channelOf(action)!;
    const name = `${channel.spec.name} ${channel.destinationOf(action.request)}`;
    const known = this.queues.get(name) ?? new DestinationQueue(name, channel.spec);
    this.queues.set(name, known);
    return known;
  }

  private checkpoints(now: number): void {
    // Not while an address waits to be suppressed, which only its touchpoint tells.
    if (this.permissions.waiting > 0) return;
    for (const own of this.partitions) {
      const few = this.sinceCheckpoint[own.partition]! < DISPATCH_CHECKPOINT_EVENTS;
      if (few && own.sinceCheckpoint < DISPATCH_CHECKPOINT_INPUTS) continue;
      const event = checkpointOf(own, now);
      if (!event) continue;
      this.sinceCheckpoint[own.partition] = own.sinceCheckpoint = 0;
      this.log.write(own.partition, [event]).catch((error: Error) => this.fail(error));
    }
  }

  private fail(error: Error): void {
    if (this.stopped) return;
    this.stopped = true;
    this.ports.failed(error);
  }
}
