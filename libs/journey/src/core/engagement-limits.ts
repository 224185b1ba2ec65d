/** Engagement: how long the customer has been silent, against the customer's own rhythm. */
import type { EngagementLimits, EngagementStep } from '../definition';
import { DAY_MS } from './calendar';
import { hasOpenComplaint } from './complaints';
import { Num, Str } from './facts-layout';
import { AT, clock, FLIP } from './evaluation-clock';
import type { JourneyState } from './journey-state';

const ACTIVE = 0;
const COOLING = 1;
const AT_RISK = 2;
const LAPSED = 3;

/** Silence beyond this is the step. `medianGap` in days, NaN = no rhythm yet. */
export function silenceLimit(step: EngagementStep, medianGap: number): number {
  return Number.isNaN(medianGap) ? step.fixed : Math.max(Math.round(medianGap * step.factor * DAY_MS), step.floor);
}

/** Silence is measured from here: the newest inbound touchpoint, or the oldest of all while none is inbound. */
export function silentSince(state: JourneyState): number {
  const inbound = state.nums[Num.NewestInbound]!;
  return inbound === -Infinity ? state.nums[Num.OldestUnanswered]! : inbound;
}

export function silentSinceId(state: JourneyState): string {
  const answered = state.nums[Num.NewestInbound]! !== -Infinity;
  return answered ? state.newestInboundId : state.strings[Str.OldestUnanswered]!;
}

/** The place in ENGAGEMENTS at `clock[AT]`. Leaves in `clock[FLIP]` the earliest moment at which time alone changes it. */
export function engagementNow(state: JourneyState, limits: EngagementLimits): number {
  const median = state.nums[Num.MedianGap]!;
  const since = silentSince(state);
  const cooling = silenceLimit(limits.cooling, median);
  const atRisk = silenceLimit(limits.atRisk, median);
  const lapsed = silenceLimit(limits.lapsed, median);
  const silence = clock[AT]! - since;
  if (silence > lapsed) {
    clock[FLIP] = Infinity;
    return LAPSED;
  }
  if (silence > atRisk) {
    clock[FLIP] = since + lapsed + 1;
    return AT_RISK;
  }
  if (silence > cooling || hasOpenComplaint(state)) {
    clock[FLIP] = since + Math.min(atRisk, lapsed) + 1;
    return COOLING;
  }
  clock[FLIP] = since + Math.min(cooling, atRisk, lapsed) + 1;
  return ACTIVE;
}
