/** Conditions and rules over plain arrays: filter, count, compare. */
import type { Comparison, Condition, Rule, Selector } from '../definition';
import type { FoldedTouchpoint } from '../touchpoint';
import { naiveDay } from './naive-day';
import { naiveEngagement } from './naive-engagement';
import { amount, lowering, matches, matching, testHolds, valueOf, type World } from './naive-world';

export interface NaiveAnswer {
  holds: boolean;
  value: number | string | boolean | null;
  /** What the value stands on, newest last. */
  standsOn: FoldedTouchpoint[];
}

const VALUE_CHARACTERS_SHOWN = 64;

export function naiveRule(world: World, rule: Rule, at: number): boolean {
  if ('measure' in rule) return naiveCondition(world, rule, at).holds;
  if ('not' in rule) return !naiveRule(world, rule.not, at);
  if ('all' in rule) return rule.all.every((one) => naiveRule(world, one, at));
  return rule.any.some((one) => naiveRule(world, one, at));
}

export function naiveCondition(world: World, condition: Condition, at: number): NaiveAnswer {
  switch (condition.measure) {
    case 'count':
      return counted(condition.compare, inWindow(matching(world, condition.of), condition.within, at));
    case 'distinctDays':
      return counted(
        condition.compare,
        newestOfDays(world, inWindow(matching(world, condition.of), condition.within, at)),
      );
    case 'sum':
      return summed(world, condition, at);
    case 'since':
      return aged(condition.compare, matching(world, condition.of).slice(-1), at);
    case 'tenure':
      return aged(condition.compare, matching(world, condition.of).slice(0, 1), at);
    case 'last':
      return lastValue(world, condition);
    case 'share':
      return shared(world, condition, at);
    case 'engagement': {
      const { value } = naiveEngagement(world, at);
      return { holds: condition.oneOf.includes(value), value, standsOn: [] };
    }
  }
}

function inWindow(touchpoints: FoldedTouchpoint[], within: number | undefined, at: number): FoldedTouchpoint[] {
  return touchpoints.filter((one) => within === undefined || one.occurredAt >= at - within);
}

function inDays(world: World, touchpoints: FoldedTouchpoint[], within: number | undefined, at: number) {
  if (within === undefined) return touchpoints;
  const { timeZone } = world.definition;
  const first = naiveDay(at - within, timeZone);
  return touchpoints.filter((one) => naiveDay(one.occurredAt, timeZone) >= first);
}

function newestOfDays(world: World, touchpoints: FoldedTouchpoint[]): FoldedTouchpoint[] {
  const newest = new Map<number, FoldedTouchpoint>();
  for (const one of touchpoints) newest.set(naiveDay(one.occurredAt, world.definition.timeZone), one);
  return [...newest.values()].sort((a, b) => a.occurredAt - b.occurredAt);
}

function compares(compare: Comparison, value: number): boolean {
  return value >= (compare.atLeast ?? -Infinity) && value <= (compare.atMost ?? Infinity);
}

function counted(compare: Comparison, standsOn: FoldedTouchpoint[]): NaiveAnswer {
  return { holds: compares(compare, standsOn.length), value: standsOn.length, standsOn };
}

function aged(compare: Comparison, standsOn: FoldedTouchpoint[], at: number): NaiveAnswer {
  const [one] = standsOn;
  if (one === undefined) return { holds: false, value: null, standsOn };
  const age = Math.max(0, at - one.occurredAt);
  return { holds: compares(compare, age), value: age, standsOn };
}

function summed(world: World, condition: Condition & { measure: 'sum' }, at: number): NaiveAnswer {
  const { of, property, within, compare } = condition;
  let sum = 0n;
  // A cancelled purchase stays in the sum: its return lowers it, on the return's own date.
  const added = world.touchpoints.filter((one) => matches(world, of, one));
  for (const one of inDays(world, added, within, at)) sum += amount(one, property);
  if (property === 'value')
    for (const one of inDays(world, world.touchpoints, within, at))
      if (lowers(world, of, one)) sum -= lowering(world, one);
  const holds =
    (compare.atLeast === undefined || sum >= BigInt(Math.round(compare.atLeast * 10_000))) &&
    (compare.atMost === undefined || sum <= BigInt(Math.round(compare.atMost * 10_000)));
  return { holds, value: Number(sum) / 10_000, standsOn: inDays(world, matching(world, of), within, at) };
}

function lowers(world: World, of: Selector, one: FoldedTouchpoint): boolean {
  if (!world.meanings(one.type).includes('return')) return false;
  const purchase = world.purchaseOf.get(one);
  return purchase === undefined ? of.meaning === 'purchase' : matches(world, of, purchase);
}

function lastValue(world: World, condition: Condition & { measure: 'last' }): NaiveAnswer {
  const newest = matching(world, condition.of).at(-1);
  if (newest === undefined) return { holds: false, value: null, standsOn: [] };
  const value = valueOf(newest, condition.property);
  const holds = testHolds(condition.test, value);
  const text = typeof value === 'object' ? JSON.stringify(value) : value;
  const shown = typeof text === 'string' ? text.slice(0, VALUE_CHARACTERS_SHOWN) : (text ?? null);
  return { holds, value: shown, standsOn: [newest] };
}

function shared(world: World, condition: Condition & { measure: 'share' }, at: number): NaiveAnswer {
  const whole = inDays(world, matching(world, condition.among), condition.within, at);
  const own = new Set(matching(world, condition.of));
  const part = whole.filter((one) => own.has(one));
  if (whole.length === 0) return { holds: false, value: null, standsOn: [] };
  const value = part.length / whole.length;
  return { holds: compares(condition.compare, value), value, standsOn: part };
}
