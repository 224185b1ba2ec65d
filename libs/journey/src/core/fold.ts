/**
 * Folds touchpoints into facts. What comes out does not depend on the order: newest and oldest are by (occurredAt,
 * touchpointId), sums are whole numbers. Only returns and complaints need more than one look; see returns.ts, complaints.ts.
 */
import type { FoldedTouchpoint } from '../touchpoint';
import type { TypePlan } from './compile-definition';
import { NONE, Num, Str, type LastFact, type SelectorFacts } from './facts-layout';
import type { JourneyState } from './journey-state';
import { returnName } from './purchase-name';
import { scaled } from './scaled-number';
import { propertyOf } from './selector';

/** Characters of a value kept to show what a `last` condition saw. */
export const LAST_VALUE_CHARACTERS_KEPT = 64;

/** Counts that stand for everything recorded, whether settled or not. */
export function addToTotals(state: JourneyState, touchpoint: FoldedTouchpoint, plan: TypePlan): void {
  const n = state.nums;
  const at = touchpoint.occurredAt;
  n[Num.Touchpoints]! += 1;
  if (touchpoint.direction === 'inbound') n[Num.Inbound]! += 1;
  if (at < n[Num.FirstAt]!) n[Num.FirstAt] = at;
  if (at >= n[Num.LastAt]!) noteLast(state, touchpoint);
  if (plan.purchase) {
    n[Num.Purchases]! += 1;
    n[Num.PurchaseValue]! += amountOf(touchpoint, 'value');
  }
  if (plan.isReturn) {
    n[Num.Returns]! += 1;
    if (returnName(touchpoint) === undefined) n[Num.UnnamedReturns]! += 1;
  }
}

/** Of several at one moment, the channel that sorts last: whatever the order of arrival. Written only where it changes. */
function noteLast(state: JourneyState, { occurredAt, channel }: FoldedTouchpoint): void {
  const known = state.lastChannel;
  if (channel !== known && (occurredAt > state.nums[Num.LastAt]! || channel > known)) {
    state.lastChannel = channel;
  }
  state.nums[Num.LastAt] = occurredAt;
}

/** `cancelled` = a purchase that was returned in full: an interaction still, and in the sums, but no purchase. */
export function foldTouchpoint(state: JourneyState, touchpoint: FoldedTouchpoint, plan: TypePlan, cancelled: boolean) {
  const n = state.nums;
  const day = state.compiled.calendar.day(touchpoint.occurredAt);
  n[Num.Folded]! += 1;
  if (touchpoint.direction === 'inbound') foldInbound(state, touchpoint, day);
  else if (n[Num.NewestInbound] === -Infinity) foldUnanswered(state, touchpoint);
  const facts = plan.facts;
  for (let i = 0; i < facts.length; i++) {
    const one = facts[i]!;
    if (one.selector.depends && !one.selector.matchesRest(touchpoint)) continue;
    if (one.sums.length > 0) addAmounts(state, one, touchpoint, day);
    if (!cancelled || !one.selector.leavesOutCancelled) foldFacts(state, one, touchpoint, day);
  }
}

/** Whole 1/10,000; 0 where the property is no number. */
export function amountOf(touchpoint: FoldedTouchpoint, property: string): number {
  const value = propertyOf(touchpoint.properties, property);
  return typeof value === 'number' ? scaled(value) : 0;
}

/** Adds to a total, a list of days, or both. */
export function addAmount(
  state: JourneyState,
  sum: { total: number; daily: number },
  day: number,
  amount: number,
): void {
  if (amount === 0) return;
  if (sum.total !== NONE) state.nums[sum.total]! += amount;
  if (sum.daily !== NONE && state.daily !== null) addToDay(state.daily[sum.daily]!, day, amount);
}

function addAmounts(state: JourneyState, facts: SelectorFacts, touchpoint: FoldedTouchpoint, day: number): void {
  for (const sum of facts.sums) addAmount(state, sum, day, amountOf(touchpoint, sum.property));
}

/** Keeps the list ascending by day. */
function addToDay(list: number[], day: number, amount: number): void {
  let i = list.length;
  while (i > 0 && list[i - 2]! > day) i -= 2;
  if (i === 0 || list[i - 2] !== day) list.splice(i, 0, day, amount);
  else list[i - 1]! += amount;
}

function foldFacts(state: JourneyState, facts: SelectorFacts, touchpoint: FoldedTouchpoint, day: number): void {
  const n = state.nums;
  if (facts.count !== NONE) n[facts.count]! += 1;
  if (facts.newestKept > 0) keepNewest(state, facts, touchpoint);
  if (facts.daysKept > 0) keepDay(state, facts, touchpoint, day);
  if (facts.daily !== NONE && state.daily !== null) addToDay(state.daily[facts.daily]!, day, 1);
  if (facts.oldest !== NONE) keepOldest(state, facts.oldest, facts.oldestId, touchpoint);
}

function keepNewest(state: JourneyState, facts: SelectorFacts, touchpoint: FoldedTouchpoint): void {
  const n = state.nums;
  const s = state.strings;
  const at = touchpoint.occurredAt;
  const id = touchpoint.touchpointId;
  let place = facts.newestKept;
  while (place > 0 && isOlder(n, s, facts, place - 1, at, id)) place--;
  if (place === facts.newestKept) return;
  for (let i = facts.newestKept - 1; i > place; i--) n[facts.newest + i] = n[facts.newest + i - 1]!;
  n[facts.newest + place] = at;
  if (place < facts.newestIdsKept) {
    for (let i = facts.newestIdsKept - 1; i > place; i--) s[facts.newestIds + i] = s[facts.newestIds + i - 1]!;
    s[facts.newestIds + place] = id;
  }
  if (place === 0) for (let i = 0; i < facts.lasts.length; i++) keepValue(state, facts.lasts[i]!, touchpoint);
}

/** Beyond the ids that are kept, equal moments may stand in any order: they are the same moment. */
function isOlder(n: number[], s: string[], facts: SelectorFacts, place: number, at: number, id: string): boolean {
  const moment = n[facts.newest + place]!;
  if (moment !== at) return moment < at;
  return place < facts.newestIdsKept && s[facts.newestIds + place]! < id;
}

function keepValue(state: JourneyState, last: LastFact, touchpoint: FoldedTouchpoint): void {
  const value = propertyOf(touchpoint.properties, last.property);
  state.nums[last.passed] = last.passes(value) ? 1 : 0;
  const shown = typeof value === 'object' ? JSON.stringify(value) : value;
  const cut = typeof shown === 'string' ? shown.slice(0, LAST_VALUE_CHARACTERS_KEPT) : shown;
  state.strings[last.text] = cut === undefined ? '' : JSON.stringify(cut);
}

function keepDay(state: JourneyState, facts: SelectorFacts, touchpoint: FoldedTouchpoint, day: number): void {
  const n = state.nums;
  const s = state.strings;
  const at = touchpoint.occurredAt;
  const moments = facts.days;
  const numbers = facts.days + facts.daysKept;
  let end = facts.daysKept - 1;
  for (let i = 0; i <= end; i++) if (n[numbers + i] === day) end = i;
  if (n[numbers + end] === day) {
    if (at < n[moments + end]! || (at === n[moments + end]! && !isLater(s, facts, end, touchpoint.touchpointId)))
      return;
  } else if (at <= n[moments + end]!) return;
  let place = end;
  while (place > 0 && n[moments + place - 1]! < at) place--;
  for (let i = end; i > place; i--) {
    n[moments + i] = n[moments + i - 1]!;
    n[numbers + i] = n[numbers + i - 1]!;
    if (i < facts.dayIdsKept) s[facts.dayIds + i] = s[facts.dayIds + i - 1]!;
  }
  n[moments + place] = at;
  n[numbers + place] = day;
  if (place < facts.dayIdsKept) s[facts.dayIds + place] = touchpoint.touchpointId;
}

function isLater(s: string[], facts: SelectorFacts, place: number, id: string): boolean {
  return place < facts.dayIdsKept && id > s[facts.dayIds + place]!;
}

function keepOldest(state: JourneyState, place: number, idPlace: number, touchpoint: FoldedTouchpoint): void {
  const at = touchpoint.occurredAt;
  const oldest = state.nums[place]!;
  if (at > oldest || (at === oldest && touchpoint.touchpointId >= state.strings[idPlace]!)) return;
  state.nums[place] = at;
  state.strings[idPlace] = touchpoint.touchpointId;
}

function foldUnanswered(state: JourneyState, touchpoint: FoldedTouchpoint): void {
  keepOldest(state, Num.OldestUnanswered, Str.OldestUnanswered, touchpoint);
}

function foldInbound(state: JourneyState, touchpoint: FoldedTouchpoint, day: number): void {
  const n = state.nums;
  const at = touchpoint.occurredAt;
  const newest = n[Num.NewestInbound]!;
  if (newest === -Infinity) {
    // From the first inbound touchpoint on, nobody asks for the oldest unanswered one any more.
    n[Num.OldestUnanswered] = Infinity;
    state.strings[Str.OldestUnanswered] = '';
  }
  if (at > newest || (at === newest && touchpoint.touchpointId > state.newestInboundId)) {
    n[Num.NewestInbound] = at;
    state.newestInboundId = touchpoint.touchpointId;
  }
  keepInboundDay(state, day);
}

function keepInboundDay(state: JourneyState, day: number): void {
  const n = state.nums;
  const first: number = Num.InboundDays;
  const end = first + state.compiled.inboundDays;
  let place = end;
  while (place > first && n[place - 1]! < day) place--;
  if (place > first && n[place - 1] === day) return;
  if (place === end) return;
  for (let i = end - 1; i > place; i--) n[i] = n[i - 1]!;
  n[place] = day;
  n[Num.MedianGap] = medianGap(state);
}

const gaps = new Float64Array(64);

/** Median of the gaps between the kept inbound days, in days; NaN while they are too few to make a rhythm. */
export function medianGap(state: JourneyState): number {
  const n = state.nums;
  const { gaps: gapsMax, gapsAtLeast } = state.compiled.limits;
  let count = 0;
  while (count < gapsMax && n[Num.InboundDays + count + 1]! !== -Infinity) {
    const gap = n[Num.InboundDays + count]! - n[Num.InboundDays + count + 1]!;
    let i = count++;
    for (; i > 0 && gaps[i - 1]! > gap; i--) gaps[i] = gaps[i - 1]!;
    gaps[i] = gap;
  }
  if (count === 0 || count < gapsAtLeast) return NaN;
  const half = count >> 1;
  return count % 2 === 1 ? gaps[half]! : (gaps[half - 1]! + gaps[half]!) / 2;
}
