/** What newly settled history says to plays: it may convert, end a waitFor or exit. It triggers nothing and acts nowhere. */
import type { JourneyState } from '../../core/journey-state';
import type { FoldedTouchpoint } from '../../touchpoint';
import type { Decision } from '../../decision';
import type { CustomerFacts, PlayMoment, SettlePlays } from '../play-core.types';
import type { PlayCause } from '../play-decisions';
import { clonePlays, emptyPlays } from '../state/play-states';
import { noteDates } from './dates';
import { exitWhereRuled } from './exits';
import { meetGoals } from './goals';
import { Instant } from './instant';
import { ledgerOf } from './ledger-of';
import { finishPlays } from './step-plays';
import { readyByHistory } from './waits';

export const settlePlays: SettlePlays = (before, corrected, timeline, newlySettled, moment, facts, decisions) => {
  const compiled = corrected.compiled.plays;
  if (compiled === null) return;
  const plays = before === null ? emptyPlays() : clonePlays(before);
  corrected.plays = plays;
  plays.ledger = ledgerOf(
    corrected.compiled,
    timeline.map((item) => item.touchpoint),
  );
  const instant = stillInstant(corrected, moment, { kind: 'settling' }, facts, decisions);
  for (const touchpoint of [...newlySettled].sort(byMoment)) {
    const dated = corrected.compiled.plan(touchpoint.type).plays?.dates ?? [];
    // What is due at the settling is history too.
    noteDates(plays, dated, touchpoint, moment + 1);
    meetGoals(instant, touchpoint);
    readyByHistory(instant, touchpoint);
  }
  exitWhereRuled(instant);
  finishPlays(corrected, compiled);
};

/** Nothing comes, nothing is triggered, nothing acts. */
export function stillInstant(
  state: JourneyState,
  at: number,
  cause: PlayCause,
  facts: CustomerFacts,
  decisions: Decision[],
): Instant {
  const moment: PlayMoment = {
    ...{ at, cause, live: false, touchpoint: null, plan: null },
    ...{ stage: null, engagement: null, command: null, audience: null },
  };
  return new Instant(state, state.compiled.plays!, state.plays!, moment, facts, decisions);
}

export function byMoment(a: FoldedTouchpoint, b: FoldedTouchpoint): number {
  return a.occurredAt - b.occurredAt || (a.touchpointId < b.touchpointId ? -1 : 1);
}
