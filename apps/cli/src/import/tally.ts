/** What an import has seen so far. */
import type { BatchItem } from './batch';
import type { BadRowEntry } from './error-file';
import type { SentTouchpoint } from './mapping/compile-mapping';

/** Kept for people to look at. */
export const TOUCHPOINTS_SHOWN_MAX = 3;
export const BAD_ROWS_SHOWN_MAX = 10;
/** Distinct customers are counted up to here; beyond it says "at least". */
export const CUSTOMERS_COUNTED_MAX = 2_000_000;
/** Reasons of skipped rows are the mapping's own, so there are few. */
export const SKIP_REASONS_MAX = 100;

export class Tally {
  rows = 0;
  good = 0;
  bad = 0;
  skipped = 0;
  /** Good rows that an earlier, interrupted run had sent already. */
  resumed = 0;
  readonly byType = new Map<string, number>();
  readonly skipReasons = new Map<string, number>();
  readonly first: SentTouchpoint[] = [];
  readonly firstBad: BadRowEntry[] = [];
  firstAt = Infinity;
  lastAt = -Infinity;
  private readonly customerIds = new Set<string>();

  /** @param countCustomers false = the store counts them, which costs nothing here */
  constructor(private readonly countCustomers: boolean) {}

  goodRow(item: BatchItem): void {
    const { type, customerId, occurredAt } = item.touchpoint;
    this.good++;
    this.byType.set(type, (this.byType.get(type) ?? 0) + 1);
    if (this.first.length < TOUCHPOINTS_SHOWN_MAX) this.first.push(item.sent);
    if (this.countCustomers && this.customerIds.size < CUSTOMERS_COUNTED_MAX) this.customerIds.add(customerId);
    if (occurredAt < this.firstAt) this.firstAt = occurredAt;
    if (occurredAt > this.lastAt) this.lastAt = occurredAt;
  }

  badRow(entry: BadRowEntry): void {
    this.bad++;
    if (this.firstBad.length < BAD_ROWS_SHOWN_MAX) this.firstBad.push(entry);
  }

  skippedRow(reason: string): void {
    this.skipped++;
    const known = this.skipReasons.has(reason) || this.skipReasons.size < SKIP_REASONS_MAX;
    const name = known ? reason : 'other reasons';
    this.skipReasons.set(name, (this.skipReasons.get(name) ?? 0) + 1);
  }

  /** Distinct customers of the good rows; undefined where they are not counted. */
  customers(): { customers: number; exact: boolean } | undefined {
    if (!this.countCustomers) return undefined;
    return { customers: this.customerIds.size, exact: this.customerIds.size < CUSTOMERS_COUNTED_MAX };
  }
}
