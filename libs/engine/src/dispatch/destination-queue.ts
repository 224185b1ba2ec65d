/**
 * What waits for one destination. Each has its own queue, limits and circuit breaker, so that one that hangs, is slow or is down
 * delays nobody but itself.
 */
import type { ChannelSpec } from '../channels/channel.types';
import type { OpenAction } from './open-action';

/** Failures in a row after which a destination gets a rest. */
export const CIRCUIT_FAILURES = 5;
/** The first rest; each further one is twice as long, up to the longest. One attempt then tries whether it is back. */
export const CIRCUIT_REST_MS = 15_000;
export const CIRCUIT_REST_MAX_MS = 15 * 60_000;
const SECOND_MS = 1_000;

export class DestinationQueue {
  private readonly waiting: OpenAction[] = [];
  private taken = 0;
  private active = 0;
  private failures = 0;
  private rests = 0;
  private restUntil = 0;
  /** Attempts that may start now, at most `perSecond`. */
  private allowance: number;
  private refilledAt = 0;

  constructor(
    readonly name: string,
    private readonly spec: ChannelSpec,
  ) {
    this.allowance = spec.perSecond;
  }

  get length(): number {
    return this.waiting.length - this.taken;
  }

  get resting(): boolean {
    return this.failures >= CIRCUIT_FAILURES;
  }

  add(action: OpenAction): void {
    this.waiting.push(action);
  }

  /** The next one where the limits and the circuit let it start; counts as started. Call `done` for each. */
  take(now: number): OpenAction | undefined {
    if (this.length === 0 || !this.mayStart(now)) return undefined;
    const action = this.waiting[this.taken++]!;
    if (this.taken > 1_024 && this.taken * 2 > this.waiting.length) {
      this.waiting.splice(0, this.taken);
      this.taken = 0;
    }
    this.active++;
    this.allowance--;
    return action;
  }

  /** `failed`: the destination did not answer as one that works. null = it was not asked after all. */
  done(now: number, failed: boolean | null, retryAfterMs = 0): void {
    this.active--;
    if (failed === null) this.allowance = Math.min(this.spec.perSecond, this.allowance + 1);
    else if (failed) this.failedAt(now, retryAfterMs);
    else this.failures = this.rests = 0;
  }

  /** When `take` may answer otherwise than now without anything being done; Infinity = only `done` or `add` changes it. */
  nextLook(now: number): number {
    if (this.length === 0 || this.active >= this.concurrency()) return Infinity;
    if (this.restUntil > now) return this.restUntil;
    this.refill(now);
    if (this.allowance >= 1) return now;
    return now + Math.ceil(((1 - this.allowance) * SECOND_MS) / this.spec.perSecond);
  }

  private mayStart(now: number): boolean {
    if (this.active >= this.concurrency() || this.restUntil > now) return false;
    this.refill(now);
    return this.allowance >= 1;
  }

  /** After a rest one attempt goes first; only when it works the others follow. */
  private concurrency(): number {
    return this.resting ? 1 : this.spec.concurrency;
  }

  private refill(now: number): void {
    const gained = (Math.max(0, now - this.refilledAt) * this.spec.perSecond) / SECOND_MS;
    this.allowance = Math.min(this.spec.perSecond, this.allowance + gained);
    this.refilledAt = now;
  }

  private failedAt(now: number, retryAfterMs: number): void {
    this.failures++;
    if (this.resting) {
      const rest = Math.min(CIRCUIT_REST_MAX_MS, CIRCUIT_REST_MS * 2 ** this.rests++);
      this.restUntil = Math.max(this.restUntil, now + rest);
    }
    this.restUntil = Math.max(this.restUntil, now + retryAfterMs);
  }
}
