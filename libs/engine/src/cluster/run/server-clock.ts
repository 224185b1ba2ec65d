/** The log server's clock as its stamps show it: ticks are asked for by it, not by the clocks of the hosts. */
import { steadyMs } from './ownership';

/** A stamp that is older than this says nothing about the clock now; the host's own is asked instead. */
const STAMP_TRUSTED_MS = 10 * 60_000;

export class ServerClock {
  private seen: { stamp: number; at: number } | null = null;

  /** A stamp of an event that was written a moment ago: one that came while everything before it was read already. */
  heard(stamp: number): void {
    if (this.seen !== null && stamp <= this.estimate(this.seen)) return;
    this.seen = { stamp, at: steadyMs() };
  }

  now(): number {
    const { seen } = this;
    if (seen === null || steadyMs() - seen.at > STAMP_TRUSTED_MS) return Date.now();
    return this.estimate(seen);
  }

  private estimate(seen: { stamp: number; at: number }): number {
    return seen.stamp + steadyMs() - seen.at;
  }
}
