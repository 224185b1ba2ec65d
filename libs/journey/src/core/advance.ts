/**
 * The one pure function: a customer's state and one input in, the new state and the decisions out. No clock, no I/O, no
 * randomness; everything that decides stands in the arguments.
 */
import type { Advanced, Input } from '../advance.types';
import type { Cause, Decision } from '../decision';
import type { CustomerFacts } from '../plays/play-core.types';
import { adoptPlays } from '../plays/saga/adopt-plays';
import { learnHistory, playsAfterCommand, playsAfterTouchpoint } from '../plays/saga/hooks';
import { playsNeedTimeline, refoldPlays } from '../plays/saga/ledger-of';
import type { TimelineItem } from '../touchpoint';
import type { CompiledDefinition, TypePlan } from './compile-definition';
import { ENGAGEMENT_CHANGED, evaluate, STAGE_CHANGED } from './evaluate';
import { Num } from './facts-layout';
import { addToTotals } from './fold';
import { assertFoldable, assertSumsExact } from './foldable';
import { cloneState, copyRecord, emptyState, type JourneyState } from './journey-state';
import { fireTimers } from './fire-timers';
import { evaluateLive, goLive, publishEngagement, publishStage } from './publish';
import { foldNext, needsTimeline, refold } from './returns';
import { settle } from './settle';

/** The caller handed in what does not belong together: a defect of the caller, not of the data. */
export class AdvanceMisuse extends Error {}

/**
 * Throws an UnfoldableTouchpoint where the touchpoint can never be folded (the state stays as it was), and an AdvanceMisuse
 * for a state of another definition version, a timeline that is not the customer's whole one, or where the definition has
 * plays and `facts` is missing.
 */
export function advance(
  compiled: CompiledDefinition,
  state: JourneyState,
  input: Input,
  timeline?: TimelineItem[],
  facts?: CustomerFacts,
): Advanced<JourneyState> {
  if (timeline !== undefined) assertWhole(state, timeline);
  if (compiled.plays !== null && facts === undefined)
    throw new AdvanceMisuse(`Definition version ${compiled.version} has plays: hand in the customer's facts too.`);
  if (input.kind === 'definition') return adopt(compiled, state, input.at, timeline, facts);
  if (state.compiled !== compiled && state.compiled.version !== compiled.version)
    throw new AdvanceMisuse(`State of definition version ${state.compiled.version}, asked under ${compiled.version}.`);
  switch (input.kind) {
    case 'touchpoint':
      if (input.touchpoint.history) return record(state, input, timeline, facts);
      return live(state, input, timeline, facts);
    case 'timer':
      return timers(state, input.at, timeline, facts);
    case 'settle':
      return settleAt(state, input.at, timeline, facts);
    case 'command':
    case 'audience':
      return commanded(state, input, timeline, facts);
  }
}

/** History is recorded and shown at once, and moves nothing until it is settled. */
function record(
  state: JourneyState,
  input: Input & { kind: 'touchpoint' },
  timeline: TimelineItem[] | undefined,
  facts: CustomerFacts | undefined,
): Advanced<JourneyState> {
  const plan = state.compiled.plan(input.touchpoint.type);
  assertFoldable(state, input.touchpoint, plan);
  const decisions: Decision[] = [];
  if (state.dueMoment <= input.at) {
    if (state.unsettled && timeline === undefined) return { needs: 'timeline' };
    state = bringUpToDate(state, input.at, timeline, facts, decisions);
  }
  addToTotals(state, input.touchpoint, plan);
  if (facts !== undefined) learnHistory(plan.plays, input.touchpoint, facts);
  return { state, decisions };
}

function live(
  state: JourneyState,
  input: Input & { kind: 'touchpoint' },
  timeline: TimelineItem[] | undefined,
  facts: CustomerFacts | undefined,
): Advanced<JourneyState> {
  const { touchpoint, at } = input;
  const plan = state.compiled.plan(touchpoint.type);
  assertFoldable(state, touchpoint, plan);
  const decisions: Decision[] = [];
  const late = playsNeedTimeline(state, touchpoint, plan.plays);
  if (late || state.unsettled || needsTimeline(state, touchpoint, plan)) {
    if (timeline === undefined) return { needs: 'timeline' };
    state = foldWithTimeline(state, input, plan, timeline, facts, decisions);
  } else {
    fireTimers(state, at, facts, decisions);
    foldNext(state, touchpoint, plan);
  }
  addToTotals(state, touchpoint, plan);
  state.nums[Num.Settled]! += 1;
  goLive(state, at);
  const before = decisions.length;
  evaluateLive(state, at, causeOf, input, decisions);
  if (facts !== undefined && state.compiled.plays !== null)
    playsAfterTouchpoint(state, input, plan.plays, before, facts, decisions);
  return { state, decisions };
}

function causeOf(input: Input & { kind: 'touchpoint' }): Cause {
  return { kind: input.retry === true ? 'retry' : 'touchpoint', touchpointId: input.touchpoint.touchpointId };
}

/** Works on a copy, so that a touchpoint that turns out not to be foldable leaves the state as it was. */
function foldWithTimeline(
  state: JourneyState,
  input: Input & { kind: 'touchpoint' },
  plan: TypePlan,
  timeline: TimelineItem[],
  facts: CustomerFacts | undefined,
  decisions: Decision[],
): JourneyState {
  const { touchpoint, at } = input;
  let next = bringUpToDate(cloneState(state), at, timeline, facts, decisions);
  if (next.unsettled) next = settle(next, { timeline, moment: at, timersAtMoment: true, facts }, decisions);
  if (playsNeedTimeline(next, touchpoint, plan.plays))
    refoldPlays(next, [...timeline.map((item) => item.touchpoint), touchpoint]);
  if (needsTimeline(next, touchpoint, plan)) {
    refold(next, [...timeline.map((item) => item.touchpoint), touchpoint]);
    assertSumsExact(next, touchpoint);
  } else foldNext(next, touchpoint, plan);
  return next;
}

function timers(
  state: JourneyState,
  at: number,
  timeline: TimelineItem[] | undefined,
  facts: CustomerFacts | undefined,
): Advanced<JourneyState> {
  const decisions: Decision[] = [];
  if (state.dueMoment > at) return { state, decisions };
  if (state.unsettled && timeline === undefined) return { needs: 'timeline' };
  return { state: bringUpToDate(state, at, timeline, facts, decisions), decisions };
}

function settleAt(
  state: JourneyState,
  moment: number,
  timeline: TimelineItem[] | undefined,
  facts: CustomerFacts | undefined,
): Advanced<JourneyState> {
  const decisions: Decision[] = [];
  if (!state.unsettled) return { state, decisions };
  if (timeline === undefined) return { needs: 'timeline' };
  state = bringUpToDate(state, moment, timeline, facts, decisions);
  if (state.unsettled) state = settle(state, { timeline, moment, timersAtMoment: true, facts }, decisions);
  return { state, decisions };
}

/** Without plays in the definition there is nothing that a command could name. */
function commanded(
  state: JourneyState,
  input: Input & { kind: 'command' | 'audience' },
  timeline: TimelineItem[] | undefined,
  facts: CustomerFacts | undefined,
): Advanced<JourneyState> {
  const settled = settleAt(state, input.at, timeline, facts);
  if (settled.needs) return settled;
  const decisions: Decision[] = settled.decisions;
  state = bringUpToDate(settled.state, input.at, timeline, facts, decisions);
  if (input.kind === 'command') goLive(state, input.at);
  if (facts !== undefined && state.compiled.plays !== null) {
    playsAfterCommand(state, input, facts, decisions);
    return { state, decisions };
  }
  if (input.kind === 'audience') return { state, decisions };
  const { commandId, command } = input.command;
  const because = command === 'enrol' || command === 'stop' ? 'unknownPlay' : 'unknownAction';
  const detail = `The definition, version ${state.definitionVersion}, has no plays. Publish one that has.`;
  decisions.push({ type: 'CommandRefused', commandId, command, at: input.at, because, detail });
  return { state, decisions };
}

/**
 * Fires the timers that are due. The first of them settles pending history at its own moment and fires after that, so that
 * one jump of the clock and many steps come to the same.
 */
function bringUpToDate(
  state: JourneyState,
  at: number,
  timeline: TimelineItem[] | undefined,
  facts: CustomerFacts | undefined,
  decisions: Decision[],
): JourneyState {
  const due = state.dueMoment;
  if (due > at) return state;
  if (state.unsettled && timeline !== undefined)
    state = settle(state, { timeline, moment: due, timersAtMoment: false, facts }, decisions);
  fireTimers(state, at, facts, decisions);
  return state;
}

/** A newer definition: the facts are folded again for its conditions. Rungs that keep their name stay held or not. */
function adopt(
  compiled: CompiledDefinition,
  state: JourneyState,
  at: number,
  timeline: TimelineItem[] | undefined,
  facts: CustomerFacts | undefined,
): Advanced<JourneyState> {
  if (timeline === undefined) return { needs: 'timeline' };
  const next = emptyState(compiled);
  const n = next.nums;
  copyRecord(state, next);
  const settledItems = timeline.slice(0, n[Num.Settled]);
  refold(
    next,
    settledItems.map((item) => item.touchpoint),
  );
  n[Num.Held] = heldByName(state, compiled);
  n[Num.Stage] = compiled.rungs.findIndex((rung) => rung.stage === state.stage);
  n[Num.Engagement] = state.nums[Num.Engagement]!;
  n[Num.StageSince] = state.nums[Num.StageSince]!;
  n[Num.EngagementSince] = state.nums[Num.EngagementSince]!;
  const decisions: Decision[] = [];
  const changed = evaluate(next, at);
  const cause: Cause = { kind: 'definition', version: compiled.version };
  if ((changed & ENGAGEMENT_CHANGED) !== 0) publishEngagement(next, state.engagement ?? 'active', at, cause, decisions);
  if ((changed & STAGE_CHANGED) !== 0) publishStage(next, state.stage, at, cause, decisions);
  if (state.plays !== null || (compiled.plays !== null && facts !== undefined))
    adoptPlays(state, next, settledItems, at, facts, decisions);
  return { state: next, decisions };
}

function heldByName(state: JourneyState, compiled: CompiledDefinition): number {
  let held = 0;
  for (let i = 0; i < compiled.rungs.length; i++) {
    const old = state.compiled.rungs.findIndex((rung) => rung.stage === compiled.rungs[i]!.stage);
    if (old >= 0 && ((state.nums[Num.Held]! >> old) & 1) === 1) held |= 1 << i;
  }
  return held;
}

function assertWhole(state: JourneyState, timeline: TimelineItem[]): void {
  const known = state.nums[Num.Touchpoints]!;
  if (timeline.length !== known)
    throw new AdvanceMisuse(`The timeline has ${timeline.length} touchpoints, the state knows of ${known}.`);
}
