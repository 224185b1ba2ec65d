/**
 * What a definition needs to remember of a customer. Conditions that look at the same touchpoints share one set of facts;
 * each fact gets places in two flat arrays of the state: `nums` (moments, counts, sums) and `strings` (touchpoint ids).
 */
import type { Selector, ValueTest } from '../definition';
import type { JsonValue } from '../touchpoint';
import { CompiledSelector, passes } from './selector';

/** Touchpoints named in one condition's evidence. */
export const EVIDENCE_TOUCHPOINTS_MAX = 10;
/** Touchpoints kept to show what a sum or a share stands on. */
const SUM_EVIDENCE_KEPT = 3;
/** No place: this definition does not ask for the fact. */
export const NONE = -1;

/** How a place of `nums` is packed. */
export const enum NumKind {
  Whole,
  /** A moment, or infinite = none. */
  Moment,
  /** A day number, or infinite = none. */
  Day,
  /** Comes from other places. */
  Derived,
}

/** Fixed places in `nums`. */
export const enum Num {
  Due,
  Stage,
  StageSince,
  Engagement,
  EngagementSince,
  /** Bit i = rung i is held. */
  Held,
  WentLiveAt,
  Touchpoints,
  Inbound,
  Purchases,
  PurchaseValue,
  Returns,
  UnnamedReturns,
  FirstAt,
  LastAt,
  /** Touchpoints, in log order, that the last settling covered or that came live; those beyond wait. */
  Settled,
  /** Touchpoints folded into the facts below. */
  Folded,
  /** Oldest touchpoint while none is inbound. */
  OldestUnanswered,
  NewestInbound,
  NewestResolution,
  /** Open complaints beyond those that are listed. */
  ComplaintsUnlisted,
  MedianGap,
  /** Inbound days, newest first, follow; then the facts of the conditions. */
  InboundDays,
}

/** Fixed places in `strings`. */
export const enum Str {
  OldestUnanswered,
  NewestResolution,
  Facts,
}

const MEDIAN_GAP_PLACE: number = Num.MedianGap;
const INBOUND_DAYS_PLACE: number = Num.InboundDays;

/** One `last` condition's view of the newest touchpoint: whether its value passes, and the value as JSON text. */
export class LastFact {
  passed = NONE;
  text = NONE;
  constructor(
    readonly property: string,
    readonly test: ValueTest,
  ) {}

  passes(value: JsonValue | undefined): boolean {
    return passes(this.test, value);
  }
}

/** Sum of a property: over all time, by day, or both. */
export class SumFact {
  total = NONE;
  daily = NONE;
  span = 0;
  constructor(readonly property: string) {}
}

/** All that is remembered of the touchpoints that one selector matches. */
export class SelectorFacts {
  count = NONE;
  newest = NONE;
  newestKept = 0;
  newestIds = NONE;
  newestIdsKept = 0;
  /** Newest moment of each of the newest days, then their day numbers. */
  days = NONE;
  daysKept = 0;
  dayIds = NONE;
  dayIdsKept = 0;
  oldest = NONE;
  oldestId = NONE;
  /** Count by day. */
  daily = NONE;
  dailySpan = 0;
  readonly lasts: LastFact[] = [];
  readonly sums: SumFact[] = [];
  /** Set while gathering; places are given afterwards. */
  readonly wants = { count: false, oldest: false };

  constructor(readonly selector: CompiledSelector) {}

  keepNewest(moments: number): void {
    this.newestKept = Math.max(this.newestKept, moments);
  }
  keepDays(days: number): void {
    this.daysKept = Math.max(this.daysKept, days);
  }
  keepDaily(span: number): void {
    this.dailySpan = Math.max(this.dailySpan, span);
  }
  last(property: string, test: ValueTest): LastFact {
    this.keepNewest(1);
    const fact = new LastFact(property, test);
    this.lasts.push(fact);
    return fact;
  }
  sum(property: string, span: number | undefined): SumFact {
    this.keepNewest(SUM_EVIDENCE_KEPT);
    let fact = this.sums.find((one) => one.property === property);
    if (fact === undefined) this.sums.push((fact = new SumFact(property)));
    if (span === undefined) fact.total = 0;
    else fact.span = Math.max(fact.span, span);
    return fact;
  }
  /** Counts for a share: by day in a window, else in all. */
  shareCount(span: number | undefined): void {
    this.keepNewest(SUM_EVIDENCE_KEPT);
    if (span === undefined) this.wants.count = true;
    else this.keepDaily(span);
  }
}

/** Gathers what the conditions need, then gives places. */
export class FactsLayout {
  readonly all: SelectorFacts[] = [];
  /** Longest window of each list of days. */
  readonly dailySpans: number[] = [];
  readonly nums: number[];
  readonly strings: string[];
  /** One for each place of `nums`. */
  readonly kinds: NumKind[];
  private readonly byKey = new Map<string, SelectorFacts>();

  constructor(inboundDays: number) {
    this.nums = initialNums(inboundDays);
    this.kinds = this.nums.map((_, place) => kindOf(place));
    this.strings = new Array<string>(Str.Facts).fill('');
  }

  of(selector: Selector): SelectorFacts {
    return this.keyed(keyOf(selector), () => new CompiledSelector(selector));
  }

  /** Touchpoints that both selectors match. */
  ofBoth(selector: Selector, among: Selector): SelectorFacts {
    const key = `${keyOf(selector)}&${keyOf(among)}`;
    return this.keyed(key, () => new CompiledSelector(selector, new CompiledSelector(among)));
  }

  givePlaces(): void {
    for (const facts of this.all) {
      if (facts.wants.count) facts.count = this.numbers(1, 0, NumKind.Whole);
      if (facts.newestKept > 0) this.placeNewest(facts);
      if (facts.daysKept > 0) this.placeDays(facts);
      if (facts.wants.oldest) {
        facts.oldest = this.numbers(1, Infinity, NumKind.Moment);
        facts.oldestId = this.texts(1);
      }
      if (facts.dailySpan > 0) facts.daily = this.dailySpans.push(facts.dailySpan) - 1;
      for (const last of facts.lasts) {
        last.passed = this.numbers(1, 0, NumKind.Whole);
        last.text = this.texts(1);
      }
      for (const sum of facts.sums) {
        if (sum.total !== NONE) sum.total = this.numbers(1, 0, NumKind.Whole);
        if (sum.span > 0) sum.daily = this.dailySpans.push(sum.span) - 1;
      }
    }
  }

  private placeNewest(facts: SelectorFacts): void {
    facts.newest = this.numbers(facts.newestKept, -Infinity, NumKind.Moment);
    facts.newestIdsKept = Math.min(facts.newestKept, EVIDENCE_TOUCHPOINTS_MAX);
    facts.newestIds = this.texts(facts.newestIdsKept);
  }

  private placeDays(facts: SelectorFacts): void {
    facts.days = this.numbers(facts.daysKept, -Infinity, NumKind.Moment);
    this.numbers(facts.daysKept, -Infinity, NumKind.Derived);
    facts.dayIdsKept = Math.min(facts.daysKept, EVIDENCE_TOUCHPOINTS_MAX);
    facts.dayIds = this.texts(facts.dayIdsKept);
  }

  private keyed(key: string, make: () => CompiledSelector): SelectorFacts {
    let facts = this.byKey.get(key);
    if (facts === undefined) {
      facts = new SelectorFacts(make());
      this.byKey.set(key, facts);
      this.all.push(facts);
    }
    return facts;
  }

  private numbers(count: number, empty: number, kind: NumKind): number {
    const place = this.nums.length;
    for (let i = 0; i < count; i++) {
      this.nums.push(empty);
      this.kinds.push(kind);
    }
    return place;
  }

  private texts(count: number): number {
    const place = this.strings.length;
    for (let i = 0; i < count; i++) this.strings.push('');
    return place;
  }
}

function keyOf(selector: Selector): string {
  const where = Object.entries(selector.where ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const { meaning, type, channel, direction, source } = selector;
  return JSON.stringify([meaning, type, channel, direction, source, where]);
}

function initialNums(inboundDays: number): number[] {
  const nums: number[] = [];
  for (let i = 0; i < INBOUND_DAYS_PLACE; i++) nums.push(0);
  for (let i = 0; i < inboundDays; i++) nums.push(-Infinity);
  for (const place of [Num.LastAt, Num.NewestInbound, Num.NewestResolution]) nums[place] = -Infinity;
  for (const place of [Num.Due, Num.WentLiveAt, Num.FirstAt, Num.OldestUnanswered]) nums[place] = Infinity;
  nums[Num.Stage] = nums[Num.Engagement] = NONE;
  nums[Num.MedianGap] = NaN;
  return nums;
}

const MOMENTS: ReadonlySet<number> = new Set([
  ...[Num.Due, Num.StageSince, Num.EngagementSince, Num.WentLiveAt, Num.FirstAt, Num.LastAt],
  ...[Num.OldestUnanswered, Num.NewestInbound, Num.NewestResolution],
]);

function kindOf(place: number): NumKind {
  if (place >= INBOUND_DAYS_PLACE) return NumKind.Day;
  if (place === MEDIAN_GAP_PLACE) return NumKind.Derived;
  return MOMENTS.has(place) ? NumKind.Moment : NumKind.Whole;
}
