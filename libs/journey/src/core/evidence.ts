/** Evidence: what every condition of the deciding rule said at the moment of the decision. Built only where something changed. */
import type { ConditionEvidence, Evidence } from '../decision';
import { formatDuration } from '../language/duration';
import { openComplaintCount } from './complaints';
import { anyTouchpoint, conditionsOf, rungConditions } from './condition-evidence';
import { silenceLimit, silentSince, silentSinceId } from './engagement-limits';
import { ruleHolds } from './evaluate';
import { setClock } from './evaluation-clock';
import { Num } from './facts-layout';
import type { JourneyState } from './journey-state';
import type { Rung } from './rule-node';

/**
 * For the stage that the state now stands on, coming from `from`. A climb shows the rule that holds; a fall shows all of the
 * rung that was lost, then the rule that holds where the customer now stands.
 */
export function stageEvidence(state: JourneyState, from: string | null, at: number): Evidence {
  setClock(at);
  const { rungs } = state.compiled;
  const place = state.nums[Num.Stage]!;
  const stood = rungs[place]!;
  const keeps = stood.enter !== null && stood.keep !== null && !ruleHolds(state, stood.enter);
  const conditions = stoodConditions(state, stood, keeps, at);
  const lost = from === null ? -1 : rungs.findIndex((rung) => rung.stage === from);
  if (lost <= place) return evidence(state, `${stood.stage}.${keeps ? 'keep' : 'enter'}`, conditions, at);
  const rung = rungs[lost]!;
  const rule = `${rung.stage}.${rung.keep === null ? 'enter' : 'keep'}`;
  return evidence(state, rule, [...rungConditions(state, rung, at), ...conditions], at);
}

function stoodConditions(state: JourneyState, rung: Rung, keeps: boolean, at: number): ConditionEvidence[] {
  if (rung.enter === null) return [anyTouchpoint(state, rung)];
  return conditionsOf(state, keeps ? rung.keepLeaves : rung.enterLeaves, at);
}

export function engagementEvidence(state: JourneyState, at: number): Evidence {
  return evidence(state, 'engagement', engagementConditions(state, at), at);
}

/** A joining change where the customer went live: it follows from the chain and the first change after it, not from a rule. */
export function joiningEvidence(state: JourneyState, at: number): Evidence {
  return evidence(state, 'joining', [], at);
}

/** What makes the engagement what it is: the limit that was passed, or none, and open complaints. */
export function engagementConditions(state: JourneyState, at: number): ConditionEvidence[] {
  const { cooling, atRisk, lapsed } = state.compiled.limits;
  const steps = [cooling, cooling, atRisk, lapsed];
  const level = state.nums[Num.Engagement]!;
  const limit = silenceLimit(steps[level]!, state.nums[Num.MedianGap]!);
  const conditions: ConditionEvidence[] = [];
  if (level === 0 || at - silentSince(state) > limit) conditions.push(silence(state, level, limit, at));
  if (state.complaints !== null) conditions.push(openComplaint(state));
  return conditions;
}

function evidence(state: JourneyState, rule: string, conditions: ConditionEvidence[], at: number): Evidence {
  const { name, version } = state.compiled;
  return { definition: name, definitionVersion: version, rule, at, conditions };
}

const SILENCE_PATHS = ['engagement.active', 'engagement.cooling', 'engagement.atRisk', 'engagement.lapsed'];

function silence(state: JourneyState, level: number, limit: number, at: number): ConditionEvidence {
  const since = silentSince(state);
  const answered = state.nums[Num.NewestInbound]! !== -Infinity;
  const touchpointId = silentSinceId(state);
  return {
    path: SILENCE_PATHS[level]!,
    condition: silenceText(level, answered, limit, state.nums[Num.MedianGap]!),
    holds: true,
    value: Math.max(0, at - since),
    touchpoints: [{ touchpointId, occurredAt: since }],
  };
}

function silenceText(level: number, answered: boolean, limit: number, gap: number): string {
  const rhythm = Number.isNaN(gap) ? 'no rhythm yet' : `usual gap ${gap}d`;
  return `${silenceWords(level, answered)} ${formatDuration(limit)} (${rhythm})`;
}

function silenceWords(level: number, answered: boolean): string {
  if (level > 0)
    return answered ? 'no inbound touchpoint for more than' : 'no answer to the first touchpoint for more than';
  return answered ? 'an inbound touchpoint within' : 'a first touchpoint within';
}

function openComplaint(state: JourneyState): ConditionEvidence {
  const listed = [...(state.complaints ?? [])].reverse();
  return {
    path: 'engagement.openComplaint',
    condition: 'open complaint',
    holds: listed.length > 0,
    value: openComplaintCount(state),
    touchpoints: listed.map((one) => ({ touchpointId: one.id, occurredAt: one.at })),
  };
}
