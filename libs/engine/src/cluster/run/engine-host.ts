/** The partitions that this thread runs. What happens to one stops none of the others. */
import type { LogEntry } from '../../rapport.types';
import { touchpointStream } from '../../partition';
import { OtherEngineWrote } from '../../loop/decision-sender';
import { SemanticsUnknown } from '../../loop/definitions';
import { type Ownership, OwnershipLost } from './ownership';
import { PartitionRun, type RunPorts } from './partition-run';

/** How a partition stands that this process owns. */
export interface PartitionStanding {
  partition: number;
  /** `held` = a jump of the clock waits for a verdict; `stopped` = it cannot go on, and is tried again later. */
  state: 'takingOver' | 'running' | 'held' | 'stopped';
  /** Why it is held or stopped. */
  detail?: string;
  /** Everything in the log up to here is folded / shown by the read models. */
  position: number;
  shown: number;
  recordedAt: number;
  /** Inputs in the log that are not folded. */
  lag: number;
  duplicates: number;
  parked: number;
  decisions: number;
  timersDue: number;
  unsettled: number;
  customers: number;
  flushes: number;
  lastFlushMs: number;
}

/** A partition that could not go on is tried again after this long, twice as long each time, up to the greatest. */
const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 60_000;
/** How often the head of the log is looked at for partitions that hear nothing. */
const WATERMARK_MS = 500;

interface Held {
  ownership: Ownership;
  run: PartitionRun | null;
  failure: string | null;
  done: Promise<void>;
  running: boolean;
  leaving: boolean;
  wake: () => void;
}

export class EngineHost {
  private readonly held = new Map<number, Held>();
  private readonly watermark: NodeJS.Timeout;
  private looking = false;

  constructor(
    private readonly ports: RunPorts,
    private readonly say: (entry: LogEntry) => void,
  ) {
    this.watermark = setInterval(() => void this.look(), WATERMARK_MS);
    this.watermark.unref();
  }

  own(ownership: Ownership): void {
    const { partition } = ownership;
    const before = this.held.get(partition);
    before?.ownership.lost();
    const held: Held = {
      ...{ ownership, run: null, failure: null, leaving: false, running: true },
      ...{ wake: () => undefined, done: Promise.resolve() },
    };
    held.done = (before?.done ?? Promise.resolve()).then(() => this.keepRunning(held));
    this.held.set(partition, held);
  }

  /** It lasts until then. Where it had run out already, because this thread heard of it too late, the partition is taken up again. */
  renewed(partition: number, until: number): void {
    const held = this.held.get(partition);
    if (!held || held.leaving) return;
    held.ownership.renewed(until);
    if (held.running) return;
    held.running = true;
    held.done = this.keepRunning(held);
  }

  ownershipOf(partition: number): Ownership | undefined {
    return this.held.get(partition)?.ownership;
  }

  /** The lease is gone: nothing more is written. Resolves when the partition is let go of. */
  async lost(partition: number): Promise<void> {
    this.held.get(partition)?.ownership.lost();
    await this.giveBack(partition);
  }

  /** Writes what is decided and lets go of the partition. */
  async giveBack(partition: number): Promise<void> {
    const held = this.held.get(partition);
    if (!held) return;
    held.leaving = true;
    held.run?.stop();
    held.wake();
    await held.done;
    if (this.held.get(partition) === held) this.held.delete(partition);
  }

  async stop(): Promise<void> {
    clearInterval(this.watermark);
    await Promise.all([...this.held.keys()].map((partition) => this.giveBack(partition)));
  }

  standing(): PartitionStanding[] {
    return [...this.held.values()].map(standingOf);
  }

  /** Until it is told to leave or the lease is lost: a conflict starts the take-over anew, a failure after a pause. */
  private async keepRunning(held: Held): Promise<void> {
    await this.untilLost(held);
    held.running = false;
  }

  private async untilLost(held: Held): Promise<void> {
    const { partition } = held.ownership;
    let pause = RETRY_MS_MIN;
    while (!held.leaving && held.ownership.valid) {
      try {
        held.run = await PartitionRun.takeOver(this.ports, held.ownership);
        held.failure = null;
        if (held.leaving) held.run.stop();
        await held.run.run();
      } catch (error) {
        if (error instanceof OwnershipLost || !held.ownership.valid) return;
        const detail = error instanceof Error ? error.message : String(error);
        this.say({ level: 'warn', message: `partition ${partition}: ${detail}`, partition });
        if (error instanceof SemanticsUnknown) this.ports.unfit(detail);
        if (!(error instanceof OtherEngineWrote)) {
          held.failure = detail;
          await paused(held, pause);
          pause = Math.min(RETRY_MS_MAX, pause * 2);
        }
      } finally {
        held.run = null;
      }
    }
  }

  /** Partitions that hear nothing show that they are up to date all the same. */
  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      await this.raise((await this.ports.store.head()).position);
    } catch (error) {
      // The log cannot be read at present: whoever folds says so.
      this.say({ level: 'debug', message: error instanceof Error ? error.message : String(error) });
    } finally {
      this.looking = false;
    }
  }

  private async raise(position: number): Promise<void> {
    for (const { run, ownership } of this.held.values()) {
      if (!run || run.core.position >= position) continue;
      const last = await this.ports.store.streamHead(touchpointStream(ownership.partition));
      run.reached(position, last);
    }
  }
}

function paused(held: Held, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    held.wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

const NOT_RUNNING = {
  ...{ position: 0, shown: 0, recordedAt: 0, lag: 0, duplicates: 0, parked: 0, decisions: 0, timersDue: 0 },
  ...{ unsettled: 0, customers: 0, flushes: 0, lastFlushMs: 0 },
};

function standingOf({ ownership, run, failure }: Held): PartitionStanding {
  const { partition } = ownership;
  if (!run)
    return {
      ...NOT_RUNNING,
      partition,
      state: failure ? 'stopped' : 'takingOver',
      ...(failure && { detail: failure }),
    };
  const { core, loop, feed } = run;
  const own = core.own[0]!;
  return {
    partition,
    state: loop.held ? 'held' : 'running',
    ...(loop.held && { detail: `its stamps jumped ahead to ${new Date(loop.held.stamp).toISOString()}` }),
    position: core.position,
    shown: loop.flushed,
    recordedAt: core.recordedAt,
    lag: Math.max(0, feed.head - own.folded!.touchpoints),
    duplicates: core.stats.duplicates,
    parked: core.stats.parked,
    decisions: core.decisions.decided,
    timersDue: own.tickOpen > 0 ? 1 : 0,
    unsettled: core.unsettledCustomers,
    customers: core.counters.customers(),
    flushes: loop.flushes,
    lastFlushMs: loop.lastFlushMs,
  };
}
