/** Timers of one customer: those of the stages and those of plays, one after the other, each at its own moment. */
import type { Cause, Decision } from '../decision';
import type { CustomerFacts } from '../plays/play-core.types';
import { playsAfterTimer } from '../plays/saga/hooks';
import { Num } from './facts-layout';
import type { JourneyState } from './journey-state';
import { evaluateLive } from './publish';

/** Fires every timer that is due up to `until`. */
export function fireTimers(
  state: JourneyState,
  until: number,
  facts: CustomerFacts | undefined,
  decisions: Decision[],
): void {
  const n = state.nums;
  if (state.compiled.plays !== null && facts !== undefined) return fireWithPlays(state, until, facts, decisions);
  while (n[Num.Due]! <= until) {
    const due = n[Num.Due]!;
    evaluateLive(state, due, timerCause, due, decisions);
  }
}

/** At one moment the stages first: plays see today's. */
function fireWithPlays(state: JourneyState, until: number, facts: CustomerFacts, decisions: Decision[]): void {
  const n = state.nums;
  while (state.dueMoment <= until) {
    const due = state.dueMoment;
    const before = decisions.length;
    if (n[Num.Due]! <= due) evaluateLive(state, due, timerCause, due, decisions);
    playsAfterTimer(state, due, before, facts, decisions);
  }
}

function timerCause(due: number): Cause {
  return { kind: 'timer', due };
}
