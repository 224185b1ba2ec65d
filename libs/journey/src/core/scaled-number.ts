/** Amounts are folded as whole numbers of 1/10,000, so that no order of adding them can change the sum. */
export const SUM_SCALE = 10_000;
/** A single amount is at most this, either sign. */
export const AMOUNT_ABS_MAX = 1e9;

/** The touchpoint cannot be folded; nothing was changed. The engine parks it with this message. */
export class UnfoldableTouchpoint extends Error {
  constructor(
    readonly touchpointId: string,
    detail: string,
  ) {
    super(`Touchpoint ${touchpointId} cannot be folded: ${detail}`);
    this.name = 'UnfoldableTouchpoint';
  }
}

/** The nearest whole number of 1/10,000. */
export function scaled(amount: number): number {
  return Math.round(amount * SUM_SCALE);
}
