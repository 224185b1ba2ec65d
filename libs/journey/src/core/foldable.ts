/** Whether a touchpoint's amounts can be folded exactly. Asked before anything is changed. */
import type { FoldedTouchpoint } from '../touchpoint';
import type { TypePlan } from './compile-definition';
import { NONE, Num } from './facts-layout';
import type { JourneyState } from './journey-state';
import { AMOUNT_ABS_MAX, scaled, UnfoldableTouchpoint } from './scaled-number';
import { propertyOf } from './selector';

/** One day's amounts come to at most this (1/10,000): hundreds of days still add up without rounding. */
const DAY_AMOUNT_ABS_MAX = 2 ** 44;

/** Throws an UnfoldableTouchpoint. */
export function assertFoldable(state: JourneyState, touchpoint: FoldedTouchpoint, plan: TypePlan): void {
  if (!Number.isFinite(touchpoint.occurredAt))
    throw new UnfoldableTouchpoint(
      touchpoint.touchpointId,
      'occurredAt is no moment. Send it again with a date and zone.',
    );
  if (!plan.amounts) return;
  if (plan.purchase || plan.isReturn) {
    const amount = checkedAmount(touchpoint, 'value');
    assertSafe(touchpoint, state.nums[Num.PurchaseValue]!, amount, Number.MAX_SAFE_INTEGER);
  }
  for (let i = 0; i < plan.facts.length; i++) {
    const sums = plan.facts[i]!.sums;
    for (let j = 0; j < sums.length; j++) {
      const sum = sums[j]!;
      const amount = checkedAmount(touchpoint, sum.property);
      if (sum.total !== NONE) assertSafe(touchpoint, state.nums[sum.total]!, amount, Number.MAX_SAFE_INTEGER);
      if (sum.daily !== NONE) assertSafe(touchpoint, largestDay(state.daily?.[sum.daily]), amount, DAY_AMOUNT_ABS_MAX);
    }
  }
}

/** After a refold: sums may have met in another order. Throws an UnfoldableTouchpoint. */
export function assertSumsExact(state: JourneyState, touchpoint: FoldedTouchpoint): void {
  for (const facts of state.compiled.layout.all) {
    for (const sum of facts.sums) {
      if (sum.total !== NONE) assertSafe(touchpoint, state.nums[sum.total]!, 0, Number.MAX_SAFE_INTEGER);
      if (sum.daily !== NONE) assertSafe(touchpoint, largestDay(state.daily?.[sum.daily]), 0, DAY_AMOUNT_ABS_MAX);
    }
  }
}

function checkedAmount(touchpoint: FoldedTouchpoint, property: string): number {
  const value = propertyOf(touchpoint.properties, property);
  if (typeof value !== 'number') return 0;
  if (Math.abs(value) <= AMOUNT_ABS_MAX) return scaled(value);
  const detail = `properties.${property} is ${value}; amounts are finite and at most ${AMOUNT_ABS_MAX}. Send a smaller unit.`;
  throw new UnfoldableTouchpoint(touchpoint.touchpointId, detail);
}

function assertSafe(touchpoint: FoldedTouchpoint, sum: number, amount: number, max: number): void {
  if (Math.abs(sum) + Math.abs(amount) <= max) return;
  const detail = `a sum would pass ${max / 10_000} and could not be exact any more.`;
  throw new UnfoldableTouchpoint(touchpoint.touchpointId, detail);
}

function largestDay(list: number[] | undefined): number {
  let largest = 0;
  for (let i = 1; i < (list?.length ?? 0); i += 2) largest = Math.max(largest, Math.abs(list![i]!));
  return largest;
}
