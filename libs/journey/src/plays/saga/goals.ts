/** Goals: a touchpoint that occurred strictly after entry, within the goal's time of it, and never the trigger itself. */
import type { FoldedTouchpoint } from '../../touchpoint';
import type { Enrolment } from '../play-state';
import type { Instant } from './instant';
import { leave, missGoal } from './leaving';

export function meetGoals(instant: Instant, touchpoint: FoldedTouchpoint): void {
  for (const enrolment of instant.plays.enrolments) {
    if (meetsGoal(instant, enrolment, touchpoint)) convert(instant, enrolment, touchpoint);
  }
}

function meetsGoal(instant: Instant, enrolment: Enrolment, touchpoint: FoldedTouchpoint): boolean {
  const { enteredAt, goalUntil, triggerId } = enrolment;
  const { occurredAt, touchpointId } = touchpoint;
  if (goalUntil === Infinity || occurredAt <= enteredAt || occurredAt > goalUntil) return false;
  if (touchpointId === triggerId) return false;
  return instant.playOf(enrolment).goal?.matches(touchpoint) === true;
}

function convert(instant: Instant, enrolment: Enrolment, { touchpointId, occurredAt }: FoldedTouchpoint): void {
  const { held, first, enteredAt } = enrolment;
  const after = occurredAt - enteredAt;
  const said = { held, first, touchpointId, occurredAt, after, cause: instant.cause };
  instant.say({ type: 'PlayConverted', ...instant.head(enrolment), ...said });
  enrolment.goalUntil = Infinity;
  if (enrolment.phase === 'watching') instant.drop(enrolment);
  else leave(instant, enrolment, 'converted');
}

/** The time of goals that are watched is over. */
export function missGoals(instant: Instant): void {
  for (const enrolment of instant.plays.enrolments) {
    if (enrolment.phase === 'watching' && enrolment.goalUntil < instant.at) missGoal(instant, enrolment, {});
  }
}
