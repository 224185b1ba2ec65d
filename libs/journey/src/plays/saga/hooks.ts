/** Where advance hands an instant to plays. Those that nobody waits for cost a few comparisons. */
import type { Decision } from '../../decision';
import type { FoldedTouchpoint } from '../../touchpoint';
import type { JourneyState } from '../../core/journey-state';
import type { CustomerFacts, PlayInput, PlayMoment, PlayTypePlan } from '../play-core.types';
import { emptyPlays } from '../state/play-states';
import { foldIntoLedger } from './ledger-of';
import { stepPlays } from './step-plays';
import { isTriggeredBy } from './triggers';

/** A live touchpoint, folded and evaluated. `before`: decisions from there on are of this instant. */
export function playsAfterTouchpoint(
  state: JourneyState,
  input: { touchpoint: FoldedTouchpoint; at: number; retry?: boolean },
  plan: PlayTypePlan | null,
  before: number,
  facts: CustomerFacts,
  decisions: Decision[],
): void {
  const { touchpoint, at } = input;
  if (plan !== null && plan.profile) facts.learn(touchpoint);
  if (isStill(state, at) && decisions.length === before) {
    if (plan === null) return;
    if (plan.ofLedgerAlone) return foldOfStill(state, touchpoint, plan);
  }
  const kind = input.retry === true ? 'retry' : 'touchpoint';
  const moment = momentAt(at, { kind, touchpointId: touchpoint.touchpointId }, before, decisions);
  moment.touchpoint = touchpoint;
  moment.plan = plan;
  if (plan === null && isStill(state, at) && !triggersByChange(state, moment)) return;
  stepPlays(state, moment, facts, decisions);
}

/** Nothing waits for it and nothing is set off: the ledger takes it in, and that is all. */
function foldOfStill(state: JourneyState, touchpoint: FoldedTouchpoint, plan: PlayTypePlan): void {
  const { ledger } = state.compiled.plays!;
  foldIntoLedger(ledger, (state.plays ??= emptyPlays()), touchpoint, plan.ledger);
}

/** A timer, of the stages or of plays: `due` is its moment. */
export function playsAfterTimer(
  state: JourneyState,
  due: number,
  before: number,
  facts: CustomerFacts,
  decisions: Decision[],
): void {
  const still = isStill(state, due);
  if (still && decisions.length === before) return;
  const moment = momentAt(due, { kind: 'timer', due }, before, decisions);
  if (still && !triggersByChange(state, moment)) return;
  stepPlays(state, moment, facts, decisions);
}

export function playsAfterCommand(
  state: JourneyState,
  input: PlayInput,
  facts: CustomerFacts,
  decisions: Decision[],
): void {
  if (input.kind === 'command') {
    const { command, at } = input;
    const { commandId, by } = command;
    const moment = momentAt(at, { kind: 'command', commandId, by }, decisions.length, decisions);
    moment.command = command;
    return stepPlays(state, moment, facts, decisions);
  }
  const { play, run, at } = input;
  const moment = momentAt(at, { kind: 'timer', due: run }, decisions.length, decisions);
  moment.audience = { play, run };
  stepPlays(state, moment, facts, decisions);
}

/** History says who somebody is from the moment it is recorded. */
export function learnHistory(plan: PlayTypePlan | null, touchpoint: FoldedTouchpoint, facts: CustomerFacts): void {
  if (plan !== null && plan.profile) facts.learn(touchpoint);
}

/** Nothing is under way and no timer is due. */
function isStill({ plays }: JourneyState, at: number): boolean {
  return plays === null || (plays.enrolments.length === 0 && plays.actions.length === 0 && plays.due > at);
}

function triggersByChange({ compiled }: JourneyState, moment: PlayMoment): boolean {
  const { plays } = compiled;
  if (plays === null) return false;
  if (moment.stage !== null && plays.onStage.some((play) => isTriggeredBy(moment, play))) return true;
  return moment.engagement !== null && plays.onEngagement.some((play) => isTriggeredBy(moment, play));
}

function momentAt(at: number, cause: PlayMoment['cause'], before: number, decisions: readonly Decision[]): PlayMoment {
  const moment: PlayMoment = {
    at,
    cause,
    live: true,
    touchpoint: null,
    plan: null,
    stage: null,
    engagement: null,
    command: null,
    audience: null,
  };
  for (let i = before; i < decisions.length; i++) {
    const decision = decisions[i]!;
    if (decision.type === 'StageChanged') moment.stage = { from: decision.from, to: decision.to };
    if (decision.type === 'EngagementChanged') moment.engagement = { from: decision.from, to: decision.to };
  }
  return moment;
}
