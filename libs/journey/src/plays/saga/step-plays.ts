/** One instant of one customer, after engagement and stages, in the order of decisions/0011. */
import { goLive } from '../../core/publish';
import type { JourneyState } from '../../core/journey-state';
import type { Decision } from '../../decision';
import type { CompiledPlays, StepPlays } from '../play-core.types';
import { dueOf, emptyPlays, isNothing } from '../state/play-states';
import { actNow } from './candidates';
import { obeyEnrol, obeyFirst } from './commands';
import { exitWhereRuled } from './exits';
import { meetGoals, missGoals } from './goals';
import { Instant } from './instant';
import { foldIntoLedger } from './ledger-of';
import { closeTasks, expireActions, settleOutcome } from './settling';
import { enterTriggered } from './triggers';
import { endWaits } from './waits';

export const stepPlays: StepPlays = (state, moment, facts, decisions) => {
  const compiled = state.compiled.plays;
  if (compiled === null) return;
  const plays = (state.plays ??= emptyPlays());
  const before = decisions.length;
  const instant = new Instant(state, compiled, plays, moment, facts, decisions);
  const { touchpoint, plan } = moment;
  settleOutcome(instant);
  obeyFirst(instant);
  expireActions(instant);
  closeTasks(instant);
  if (touchpoint !== null && plan !== null) foldIntoLedger(compiled.ledger, plays, touchpoint, plan.ledger);
  if (touchpoint !== null) meetGoals(instant, touchpoint);
  missGoals(instant);
  exitWhereRuled(instant);
  endWaits(instant);
  enterTriggered(instant);
  obeyEnrol(instant);
  actNow(instant);
  finishPlays(state, compiled);
  wentLive(state, moment.at, before, decisions);
};

/** Leaves the earliest timer, and nothing at all where nothing is left. */
export function finishPlays(state: JourneyState, compiled: CompiledPlays): void {
  if (state.plays === null) return;
  if (isNothing(state.plays)) state.plays = null;
  else state.plays.due = dueOf(state.plays, compiled);
}

/** A first live decision makes a customer live, also where it is one of plays. */
function wentLive(state: JourneyState, at: number, before: number, decisions: readonly Decision[]): void {
  if (decisions.length > before) goLive(state, at);
}
