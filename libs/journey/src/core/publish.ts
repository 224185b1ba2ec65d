/** Turns what an evaluation changed into live decisions, engagement before stage, and remembers where the customer went live. */
import type { Cause, Decision } from '../decision';
import { ENGAGEMENTS } from '../definition';
import { engagementEvidence, stageEvidence } from './evidence';
import { ENGAGEMENT_CHANGED, evaluate, STAGE_CHANGED } from './evaluate';
import { Num } from './facts-layout';
import type { JourneyState, StandingChange } from './journey-state';

/** Evaluates at `at` and adds the decisions. `cause` is asked for only where something changed: mostly nothing does. */
export function evaluateLive<T>(
  state: JourneyState,
  at: number,
  cause: (of: T) => Cause,
  of: T,
  decisions: Decision[],
): void {
  const engagement = state.nums[Num.Engagement]!;
  const stage = state.nums[Num.Stage]!;
  const changed = evaluate(state, at);
  if (changed === 0) return;
  const made = cause(of);
  if ((changed & ENGAGEMENT_CHANGED) !== 0)
    publishEngagement(state, ENGAGEMENTS[engagement] ?? 'active', at, made, decisions);
  if ((changed & STAGE_CHANGED) !== 0)
    publishStage(state, state.compiled.rungs[stage]?.stage ?? null, at, made, decisions);
}

export function publishStage(
  state: JourneyState,
  from: string | null,
  at: number,
  cause: Cause,
  decisions: Decision[],
) {
  const to = state.compiled.rungs[state.nums[Num.Stage]!]!.stage;
  const definitionVersion = state.compiled.version;
  const evidence = stageEvidence(state, from, at);
  decisions.push({ type: 'StageChanged', from, to, at, definitionVersion, evidence, cause, history: false });
  state.firstStage = standing(state.firstStage, from, to, at);
  goLive(state, at);
}

export function publishEngagement(
  state: JourneyState,
  from: (typeof ENGAGEMENTS)[number] | null,
  at: number,
  cause: Cause,
  decisions: Decision[],
): void {
  const to = ENGAGEMENTS[state.nums[Num.Engagement]!]!;
  const definitionVersion = state.compiled.version;
  const evidence = engagementEvidence(state, at);
  decisions.push({ type: 'EngagementChanged', from, to, at, definitionVersion, evidence, cause, history: false });
  state.firstEngagement = standing(state.firstEngagement, from, to, at);
  goLive(state, at);
}

/** The first live touchpoint or live decision is the moment; later ones do not move it. */
export function goLive(state: JourneyState, at: number): void {
  if (state.nums[Num.WentLiveAt] === Infinity) state.nums[Num.WentLiveAt] = at;
}

/** Remembers the first change of an axis that stands after going live. */
export function standing(first: StandingChange | null, from: string | null, to: string, at: number): StandingChange {
  if (first === null) return { from, to, at, more: false };
  first.more = true;
  return first;
}
