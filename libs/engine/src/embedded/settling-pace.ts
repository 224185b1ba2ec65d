/**
 * Settled customers are written once each, so that waiting gathers nothing: a settling's rows go to the read models' writer as soon as
 * it is free, and it works beside the next settling.
 */

/** A chunk that settles so many is a settling's control event: its decisions and rows are work for the other threads. */
export const SETTLED_ENOUGH_CUSTOMERS = 200;
/** Settled customers that are not with the writer of the read models yet: settling waits for it then. About 8 kB each. */
export const SETTLED_UNFLUSHED_CUSTOMERS_MAX = 4_000;

export class SettlingPace {
  private unflushed = 0;

  constructor(private unsettled: number) {}

  /** After each chunk, with the number of customers that are unsettled now. True where it settled enough to be written. */
  folded(unsettled: number): boolean {
    const settled = this.unsettled - unsettled;
    this.unsettled = unsettled;
    if (settled > 0) this.unflushed += settled;
    return settled >= SETTLED_ENOUGH_CUSTOMERS;
  }

  get due(): boolean {
    return this.unflushed >= SETTLED_ENOUGH_CUSTOMERS;
  }

  get full(): boolean {
    return this.unflushed >= SETTLED_UNFLUSHED_CUSTOMERS_MAX;
  }

  /** Everything settled so far is with the writer. */
  flushed(): void {
    this.unflushed = 0;
  }
}
