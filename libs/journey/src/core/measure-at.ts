/**
 * One condition at one moment: whether it holds, and the earliest moment at which time alone changes that. Windows include
 * both ends: what is exactly `within` old still counts, one millisecond later it does not. They have no upper end.
 */
import { Num } from './facts-layout';
import { AT, clock, FLIP } from './evaluation-clock';
import type { JourneyState } from './journey-state';
import { Measure, type Leaf } from './rule-node';

/** At `clock[AT]`. Leaves the moment of the next change in `clock[FLIP]`. */
export function leafHolds(state: JourneyState, leaf: Leaf): boolean {
  clock[FLIP] = Infinity;
  switch (leaf.measure) {
    case Measure.Count:
      return inBounds(leaf, state.nums[leaf.facts!.count]!);
    case Measure.CountWithin:
      return holdsInWindow(state, leaf, leaf.facts!.newest, leaf.facts!.newestKept);
    case Measure.DistinctDays:
      return holdsInWindow(state, leaf, leaf.facts!.days, leaf.facts!.daysKept);
    case Measure.Since:
      return holdsForAge(leaf, state.nums[leaf.facts!.newest]!);
    case Measure.Tenure:
      return holdsForAge(leaf, state.nums[leaf.facts!.oldest]!);
    case Measure.Last:
      return state.nums[leaf.facts!.newest]! !== -Infinity && state.nums[leaf.last!.passed] === 1;
    case Measure.Sum:
      return inBounds(leaf, state.nums[leaf.sum!.total]!);
    case Measure.Share:
      return inBounds(leaf, state.nums[leaf.facts!.count]! / state.nums[leaf.among!.count]!);
    case Measure.SumWithin:
    case Measure.ShareWithin:
      return holdsByDays(state, leaf);
    case Measure.Engagement:
      return ((leaf.engagements >> state.nums[Num.Engagement]!) & 1) === 1;
  }
}

/** How many of the kept moments (newest first) are in the window. */
export function countWithin(nums: number[], first: number, kept: number, from: number): number {
  let count = 0;
  while (count < kept && nums[first + count]! >= from && nums[first + count]! !== -Infinity) count++;
  return count;
}

/** Sum over the days from this one on. */
export function sumFrom(list: number[], from: number): number {
  let sum = 0;
  for (let i = list.length - 2; i >= 0 && list[i]! >= from; i -= 2) sum += list[i + 1]!;
  return sum;
}

/** What a leaf by days compares: its list, and for a share the list that it is a share of. */
export function dayLists(state: JourneyState, leaf: Leaf): [list: number[], among: number[] | null] {
  const daily = state.daily ?? [];
  if (leaf.measure === Measure.SumWithin) return [daily[leaf.sum!.daily] ?? [], null];
  return [daily[leaf.facts!.daily] ?? [], daily[leaf.among!.daily] ?? []];
}

/** NaN is in no bounds. */
function inBounds(leaf: Leaf, value: number): boolean {
  return value >= leaf.low && value <= leaf.high;
}

function holdsInWindow(state: JourneyState, leaf: Leaf, first: number, kept: number): boolean {
  const { within, low, high } = leaf;
  const n = state.nums;
  const count = countWithin(n, first, kept, clock[AT]! - within);
  if (count < low) return false;
  // The count only falls: above the upper bound it comes back to it when the moment just beyond leaves, ...
  if (count > high) {
    const lowest = Math.floor(high);
    if (lowest >= low && lowest >= 0) clock[FLIP] = n[first + lowest]! + within + 1;
    return false;
  }
  // ... and inside the bounds it holds until the last moment that the lower bound needs leaves.
  const needed = Math.ceil(low);
  if (needed >= 1) clock[FLIP] = n[first + needed - 1]! + within + 1;
  return true;
}

/** For since and tenure; no touchpoint is an infinite moment, and nothing holds for it. */
function holdsForAge(leaf: Leaf, moment: number): boolean {
  if (moment === Infinity || moment === -Infinity) return false;
  const at = clock[AT]!;
  const age = at > moment ? at - moment : 0;
  if (age < leaf.low) {
    if (leaf.low <= leaf.high) clock[FLIP] = moment + leaf.low;
    return false;
  }
  if (age > leaf.high) return false;
  clock[FLIP] = moment + leaf.high + 1;
  return true;
}

/** Windowed sums and shares change when a day with something in it leaves the window, at the end of that day. */
function holdsByDays(state: JourneyState, leaf: Leaf): boolean {
  const calendar = state.compiled.calendar;
  const from = calendar.day(clock[AT]! - leaf.within);
  const [list, among] = dayLists(state, leaf);
  const days = among ?? list;
  let part = sumFrom(list, from);
  let whole = among === null ? 1 : sumFrom(among, from);
  const holds = inBounds(leaf, part / whole);
  let next = 0;
  for (let i = 0; i < days.length; i += 2) {
    const day = days[i]!;
    if (day < from) continue;
    while (next < list.length && list[next]! < day) next += 2;
    if (list[next] === day) part -= list[next + 1]!;
    if (among !== null) whole -= among[i + 1]!;
    if (inBounds(leaf, part / whole) === holds) continue;
    clock[FLIP] = calendar.dayEnd(day) + leaf.within;
    break;
  }
  return holds;
}
