/** How far each partition's read models are, by the checkpoints that all processes see. */
import type { Checkpoint } from '@rapport/read-models';
import { readCheckpoint } from '../../loop/flush-rows';

/** One of each partition that was ever flushed. */
export type ReadCheckpoints = () => Promise<{ partition: number; checkpoint: Checkpoint }[]>;

export interface PartitionProgress {
  position: number;
  recordedAt: number;
  /** Revision of the last input that is shown; -1 = none. */
  inputs: number;
  /** Position of the oldest control event that is not through with everybody. */
  oldestPending: number;
}

/** An input of a partition, by its revision, and what is waited for beside it. */
export interface Awaited {
  partition: number;
  revision: number;
}

/** How often checkpoints are looked at: while somebody waits, and else. */
const LOOK_MS_WAITING = 15;
const LOOK_MS_IDLE = 1_000;
const NOTHING: PartitionProgress = { position: 0, recordedAt: 0, inputs: -1, oldestPending: Number.MAX_SAFE_INTEGER };

interface Waiter {
  done: (shown: boolean) => void;
  shown: () => boolean;
  until: number;
}

export class ProgressWatch {
  private readonly progress: PartitionProgress[];
  private readonly seen: string[] = [];
  private readonly waiters = new Set<Waiter>();
  private timer: NodeJS.Timeout | null = null;
  private looking = false;
  private closed = false;
  /** Why the checkpoints cannot be read at present. */
  trouble: string | null = null;

  constructor(
    partitions: number,
    private readonly read: ReadCheckpoints,
  ) {
    this.progress = Array.from({ length: partitions }, () => NOTHING);
  }

  start(): Promise<void> {
    return this.look();
  }

  of(partition: number): PartitionProgress {
    return this.progress[partition] ?? NOTHING;
  }

  /** Everything in the log up to here is shown. */
  get position(): number {
    return this.progress.reduce((least, own) => Math.min(least, own.position), Number.MAX_SAFE_INTEGER);
  }

  get recordedAt(): number {
    return this.progress.reduce((greatest, own) => Math.max(greatest, own.recordedAt), 0);
  }

  /**
   * True when these inputs are shown; false when the time is over. `through`: control events up to this position must be through
   * with everybody in their partitions too.
   */
  shown(inputs: readonly Awaited[], timeoutMs: number, through = 0): Promise<boolean> {
    const shown = (): boolean =>
      inputs.every(({ partition, revision }) => {
        const own = this.of(partition);
        return own.inputs >= revision && own.oldestPending > through;
      });
    if (shown()) return Promise.resolve(true);
    return new Promise((done) => {
      this.waiters.add({ shown, done, until: performance.now() + timeoutMs });
      this.schedule();
    });
  }

  close(): void {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    for (const waiter of this.waiters) waiter.done(false);
    this.waiters.clear();
  }

  private schedule(): void {
    if (this.timer) clearTimeout(this.timer);
    if (this.closed || this.looking) return;
    this.timer = setTimeout(() => void this.look(), this.waiters.size > 0 ? LOOK_MS_WAITING : LOOK_MS_IDLE);
  }

  private async look(): Promise<void> {
    this.looking = true;
    try {
      for (const { partition, checkpoint } of await this.read()) this.learn(partition, checkpoint);
      this.trouble = null;
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
    } finally {
      this.looking = false;
    }
    this.answer();
    this.schedule();
  }

  private learn(partition: number, checkpoint: Checkpoint): void {
    const before = this.of(partition);
    if (this.seen[partition] === checkpoint.engine && before.position === checkpoint.position) return;
    this.seen[partition] = checkpoint.engine;
    const own = readCheckpoint(checkpoint)?.partitions.find((state) => state.partition === partition);
    this.progress[partition] = {
      position: checkpoint.position,
      recordedAt: checkpoint.recordedAt,
      inputs: own?.folded?.touchpoints ?? -1,
      oldestPending: Math.min(Number.MAX_SAFE_INTEGER, ...(own?.pending.map((control) => control.position) ?? [])),
    };
  }

  private answer(): void {
    const now = performance.now();
    for (const waiter of this.waiters) {
      const shown = waiter.shown();
      if (!shown && now < waiter.until) continue;
      this.waiters.delete(waiter);
      waiter.done(shown);
    }
  }
}
