/** Whether this process may still act for a partition. Asked before everything that is written. */

/** The partition is another worker's, or may be. */
export class OwnershipLost extends Error {
  constructor(partition: number) {
    super(`partition ${partition} is not this worker's any more`);
  }
}

export class Ownership {
  /** `token` rises with each owner of the partition. `until`: by `steadyMs`. */
  constructor(
    readonly partition: number,
    readonly token: number,
    public until: number,
  ) {}

  renewed(until: number): void {
    if (until > this.until) this.until = until;
  }

  lost(): void {
    this.until = 0;
  }

  get valid(): boolean {
    return steadyMs() < this.until;
  }

  /** Throws OwnershipLost. */
  require(): void {
    if (!this.valid) throw new OwnershipLost(this.partition);
  }
}

const NANOSECONDS_PER_MS = 1_000_000n;

/** Milliseconds of a clock that never goes back, goes on while the process is stopped, and is the same in all threads. */
export function steadyMs(): number {
  return Number(process.hrtime.bigint() / NANOSECONDS_PER_MS);
}
