/** How an enrolment ends: steps over, exit, stop. A request that is on its way stays open; only tasks are closed with it. */
import type { ConditionEvidence } from '../../decision';
import type { ExitReason, PlayExited } from '../play-decisions';
import { GOAL_WATCHES_PER_PLAY } from '../play-limits';
import type { Enrolment } from '../play-state';
import { isUnsettled, type Instant } from './instant';
import { settleAction } from './settle-action';

export function leave(
  instant: Instant,
  enrolment: Enrolment,
  reason: ExitReason,
  more: { evidence?: ConditionEvidence[]; detail?: string } = {},
): void {
  sayExit(instant, enrolment, reason, more);
  instant.drop(enrolment);
  const { actions } = instant.plays;
  for (const action of actions) {
    const own = action.play === enrolment.play && action.enrolment === enrolment.enrolment;
    if (own && action.task !== null && isUnsettled(action)) settleAction(instant, action, 'stopped');
  }
}

/** The steps are over. Where a goal may still be met, it is watched. */
export function complete(instant: Instant, enrolment: Enrolment): void {
  sayExit(instant, enrolment, 'completed', {});
  enrolment.step = '';
  if (enrolment.goalUntil === Infinity) return instant.drop(enrolment);
  if (enrolment.goalUntil < instant.at) return missGoal(instant, enrolment, {});
  enrolment.phase = 'watching';
  enrolment.until = enrolment.exitDue = Infinity;
  enrolment.withheld = '';
  makeRoomForWatch(instant, enrolment);
}

export function missGoal(instant: Instant, enrolment: Enrolment, more: { detail?: string }): void {
  sayExit(instant, enrolment, 'goalMissed', more);
  instant.drop(enrolment);
}

/** The goals of the first entry and of the newest are kept. */
function makeRoomForWatch(instant: Instant, newest: Enrolment): void {
  const watches = instant.plays.enrolments.filter((one) => one.play === newest.play && one.phase === 'watching');
  if (watches.length <= GOAL_WATCHES_PER_PLAY) return;
  const between = watches.find((one) => one !== newest && !one.first);
  if (between !== undefined) missGoal(instant, between, { detail: 'a newer entry took its place' });
}

function sayExit(
  instant: Instant,
  enrolment: Enrolment,
  reason: ExitReason,
  more: { evidence?: ConditionEvidence[]; detail?: string },
): void {
  const exited: PlayExited = {
    type: 'PlayExited',
    play: enrolment.play,
    enrolment: enrolment.enrolment,
    playVersion: enrolment.version,
    at: instant.at,
    reason,
    step: enrolment.step,
    cause: instant.cause,
  };
  if (more.evidence !== undefined) exited.evidence = more.evidence;
  if (more.detail !== undefined) exited.detail = more.detail;
  instant.say(exited);
}
