/** How many of the newest timings the quantiles are taken from. */
const TIMINGS_KEPT = 1024;

export interface TimingSummary {
  /** Since the store was opened. */
  count: number;
  /** Milliseconds, of the newest TIMINGS_KEPT. */
  p50: number;
  p99: number;
  max: number;
}

/** A ring of the newest timings, in ms. */
export class Timings {
  private readonly ring = new Float64Array(TIMINGS_KEPT);
  private count = 0;

  add(ms: number): void {
    this.ring[this.count % TIMINGS_KEPT] = ms;
    this.count++;
  }

  summary(): TimingSummary {
    const sorted = this.ring.slice(0, Math.min(this.count, TIMINGS_KEPT)).sort();
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    return { count: this.count, p50: at(0.5), p99: at(0.99), max: sorted[sorted.length - 1] ?? 0 };
  }
}
