/** What one condition said at one moment: its value and the touchpoints that the value stands on, newest last. */
import type { ConditionEvidence, EvidenceTouchpoint } from '../decision';
import { ENGAGEMENTS } from '../definition';
import { canonicalCondition } from '../language/canonical-condition';
import { silentSince, silentSinceId } from './engagement-limits';
import { setClock } from './evaluation-clock';
import { EVIDENCE_TOUCHPOINTS_MAX, Num, type SelectorFacts } from './facts-layout';
import type { JourneyState } from './journey-state';
import { countWithin, dayLists, leafHolds, sumFrom } from './measure-at';
import { Measure, type Leaf, type Rung } from './rule-node';
import { SUM_SCALE } from './scaled-number';

/** Conditions of some leaves, in document order. */
export function conditionsOf(state: JourneyState, leaves: Leaf[], at: number): ConditionEvidence[] {
  const conditions: ConditionEvidence[] = [];
  for (let i = 0; i < leaves.length; i++) conditions.push(conditionEvidence(state, leaves[i]!, at));
  return conditions;
}

/** Every condition of a rung, `enter` before `keep`; a rung without a rule stands on any touchpoint. */
export function rungConditions(state: JourneyState, rung: Rung, at: number): ConditionEvidence[] {
  if (rung.enter === null) return [anyTouchpoint(state, rung)];
  return [...conditionsOf(state, rung.enterLeaves, at), ...conditionsOf(state, rung.keepLeaves, at)];
}

export function conditionEvidence(state: JourneyState, leaf: Leaf, at: number): ConditionEvidence {
  setClock(at);
  const evidence: ConditionEvidence = {
    path: leaf.path,
    condition: leaf.text,
    holds: leafHolds(state, leaf),
    value: null,
    touchpoints: [],
  };
  if (leaf.measure === Measure.Engagement) evidence.value = ENGAGEMENTS[state.nums[Num.Engagement]!] ?? null;
  else measure(state, leaf, leaf.facts!, at, evidence);
  return evidence;
}

function measure(state: JourneyState, leaf: Leaf, facts: SelectorFacts, at: number, evidence: ConditionEvidence): void {
  const n = state.nums;
  evidence.touchpoints = touchpointsOf(state, leaf, facts, at);
  switch (leaf.measure) {
    case Measure.Count:
      evidence.value = n[facts.count]!;
      return;
    case Measure.CountWithin:
      return counted(evidence, countWithin(n, facts.newest, facts.newestKept, at - leaf.within), facts.newestKept);
    case Measure.DistinctDays:
      return counted(evidence, countWithin(n, facts.days, facts.daysKept, at - leaf.within), facts.daysKept);
    case Measure.Since:
      evidence.value = age(n[facts.newest]!, at);
      return;
    case Measure.Tenure:
      evidence.value = age(n[facts.oldest]!, at);
      return;
    case Measure.Last:
      evidence.value = lastValue(state.strings[leaf.last!.text]!);
      return;
    case Measure.Sum:
      evidence.value = n[leaf.sum!.total]! / SUM_SCALE;
      return;
    case Measure.Share:
      evidence.value = share(n[facts.count]!, n[leaf.among!.count]!);
      return;
    case Measure.SumWithin:
    case Measure.ShareWithin:
      evidence.value = valueByDays(state, leaf, at);
      return;
    case Measure.Engagement:
      return;
  }
}

/** A full list tells only that there are at least so many. */
function counted(evidence: ConditionEvidence, count: number, kept: number): void {
  evidence.value = count;
  if (count === kept) evidence.atLeast = true;
}

function touchpointsOf(state: JourneyState, leaf: Leaf, facts: SelectorFacts, at: number): EvidenceTouchpoint[] {
  switch (leaf.measure) {
    case Measure.CountWithin:
      return listed(state, facts.newest, facts.newestIds, facts.newestIdsKept, at - leaf.within);
    case Measure.DistinctDays:
      return listed(state, facts.days, facts.dayIds, facts.dayIdsKept, at - leaf.within);
    case Measure.Tenure:
      return listed(state, facts.oldest, facts.oldestId, 1, -Infinity);
    case Measure.Since:
    case Measure.Last:
      return listed(state, facts.newest, facts.newestIds, 1, -Infinity);
    case Measure.SumWithin:
    case Measure.ShareWithin: {
      const { calendar } = state.compiled;
      const from = calendar.day(at - leaf.within);
      const kept = listed(state, facts.newest, facts.newestIds, facts.newestIdsKept, -Infinity);
      return kept.filter((one) => calendar.day(one.occurredAt) >= from);
    }
    case Measure.Count:
    case Measure.Sum:
    case Measure.Share:
      return listed(state, facts.newest, facts.newestIds, facts.newestIdsKept, -Infinity);
    case Measure.Engagement:
      return [];
  }
}

/** Kept touchpoints that are not older than `from`; kept newest first, listed newest last. */
function listed(state: JourneyState, first: number, ids: number, kept: number, from: number): EvidenceTouchpoint[] {
  const touchpoints: EvidenceTouchpoint[] = [];
  for (let i = Math.min(kept, EVIDENCE_TOUCHPOINTS_MAX) - 1; i >= 0; i--) {
    const occurredAt = state.nums[first + i]!;
    if (!Number.isFinite(occurredAt) || occurredAt < from) continue;
    touchpoints.push({ touchpointId: state.strings[ids + i]!, occurredAt });
  }
  return touchpoints;
}

const ANY_TOUCHPOINT = canonicalCondition({ measure: 'count', of: {}, compare: { atLeast: 1 } });

/** A rung without a rule holds for any touchpoint: the newest inbound one is named, or the oldest while none is inbound. */
export function anyTouchpoint(state: JourneyState, rung: Rung): ConditionEvidence {
  return {
    path: `${rung.stage}.enter`,
    condition: ANY_TOUCHPOINT,
    holds: true,
    value: state.nums[Num.Folded]!,
    touchpoints: [{ touchpointId: silentSinceId(state), occurredAt: silentSince(state) }],
  };
}

function valueByDays(state: JourneyState, leaf: Leaf, at: number): number | null {
  const from = state.compiled.calendar.day(at - leaf.within);
  const [list, among] = dayLists(state, leaf);
  return among === null ? sumFrom(list, from) / SUM_SCALE : share(sumFrom(list, from), sumFrom(among, from));
}

/** Never negative: what is dated slightly ahead is as new as can be. Null where there is no touchpoint. */
function age(moment: number, at: number): number | null {
  return Number.isFinite(moment) ? Math.max(0, at - moment) : null;
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function lastValue(text: string): number | string | boolean | null {
  return text === '' ? null : (JSON.parse(text) as number | string | boolean);
}
