/**
 * How history that is loaded in bulk reaches the read models. While it comes in, a customer's row changes again and again, and nothing is decided: it
 * is written seldom. Settled customers are written once each, so that waiting gathers nothing: a settling's rows go to the read models' writer as soon as
 * it is free, and it works beside the next settling.
 */

/** While nothing but unsettled history comes in, the read models are written no more often than this, or than after so many inputs. */
export const HISTORY_FLUSH_INTERVAL_MS = 5_000;
export const HISTORY_FLUSH_INPUTS_MAX = 250_000;
/** History that stops coming for so long is shown at once. */
export const HISTORY_PAUSE_MS = 200;

/** A chunk that settles so many is a settling's control event: its decisions and rows are work for the other threads. */
export const SETTLED_ENOUGH_CUSTOMERS = 200;
/** Settled customers that are not with the writer of the read models yet: settling waits for it then. About 8 kB each. */
export const SETTLED_UNFLUSHED_CUSTOMERS_MAX = 4_000;

export class SettlingPace {
  private unflushed = 0;
  private decidedAtFlush = 0;

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

  /** True while nothing was decided since the last flush and history waits to be settled. @param decided decisions so far */
  loading(decided: number): boolean {
    return this.unsettled > 0 && decided === this.decidedAtFlush;
  }

  /** Everything settled so far is with the writer. */
  flushed(decided: number): void {
    this.unflushed = 0;
    this.decidedAtFlush = decided;
  }
}
