/** Exit rules: asked at each instant of an enrolled customer, and when time alone may have made one hold. */
import { clock, FLIP } from '../../core/evaluation-clock';
import { playRuleEvidence, playRuleHolds } from '../rules/play-rule-holds';
import type { Enrolment } from '../play-state';
import type { Instant } from './instant';
import { leave } from './leaving';

export function exitWhereRuled(instant: Instant): void {
  for (const enrolment of instant.plays.enrolments) {
    if (enrolment.phase !== 'watching') askExit(instant, enrolment);
  }
}

/** Whether it left. */
export function askExit(instant: Instant, enrolment: Enrolment): boolean {
  const { exit } = instant.playOf(enrolment);
  if (exit === null) return false;
  const { state, facts, at } = instant;
  if (!playRuleHolds(state, exit, facts, at)) {
    enrolment.exitDue = clock[FLIP]!;
    return false;
  }
  leave(instant, enrolment, 'exitRule', { evidence: playRuleEvidence(state, exit, facts, at) });
  return true;
}
