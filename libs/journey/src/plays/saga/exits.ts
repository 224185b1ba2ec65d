/** Exit rules: asked at each instant of an enrolled customer, and when time alone may have made one hold. */
import { clock, FLIP } from '../../core/evaluation-clock';
import { Num } from '../../core/facts-layout';
import { playRuleEvidence, playRuleHolds } from '../rules/play-rule-holds';
import type { Enrolment } from '../play-state';
import type { Instant } from './instant';
import { leave } from './leaving';

export function exitWhereRuled(instant: Instant): void {
  const moved = mayHaveMoved(instant);
  for (const enrolment of instant.plays.enrolments) {
    if (enrolment.phase === 'watching') continue;
    if (moved || instant.playOf(enrolment).exitAsksMore) askExit(instant, enrolment);
  }
}

/** Whether this instant may have changed stage, engagement or the open complaints. Their timers are those of the stages. */
function mayHaveMoved({ moment, state }: Instant): boolean {
  const { live, stage, engagement, touchpoint } = moment;
  if (!live || stage !== null || engagement !== null) return true;
  // The first touchpoints make somebody active, and nobody says so.
  if (touchpoint === null) return false;
  const { complaint, resolution } = state.compiled.plan(touchpoint.type);
  return complaint || resolution || state.nums[Num.Folded]! <= 1;
}

/** Whether it left. */
export function askExit(instant: Instant, enrolment: Enrolment): boolean {
  const { exit, exitAsksMore } = instant.playOf(enrolment);
  if (exit === null) return false;
  const { state, facts, at } = instant;
  if (!playRuleHolds(state, exit, facts, at)) {
    // Else a timer of the stages comes first, and says what has changed.
    if (exitAsksMore) enrolment.exitDue = clock[FLIP]!;
    return false;
  }
  leave(instant, enrolment, 'exitRule', { evidence: playRuleEvidence(state, exit, facts, at) });
  return true;
}
