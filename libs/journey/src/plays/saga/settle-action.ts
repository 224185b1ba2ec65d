/** An open action comes to its end. What it leaves behind: nothing, a dead letter, or a send whose outcome never came. */
import type { OutcomeReason } from '../play-inputs';
import type { ActionSettled } from '../play-decisions';
import { countsFor as isCounted } from '../ledger/contacts';
import { DEAD_ACTIONS_KEPT } from '../play-limits';
import type { OpenAction, SettledResult } from '../play-state';
import { without } from '../state/play-states';
import type { Instant } from './instant';

/** Where there was an effect, or may have been, caps keep it. */
const KEEPS_ITS_PLACE: ReadonlySet<SettledResult> = new Set(['delivered', 'silent']);

export interface SettledMore {
  sentAt?: number | undefined;
  reason?: OutcomeReason | undefined;
}

export const NOTHING_MORE: SettledMore = {};

export function settleAction(
  instant: Instant,
  action: OpenAction,
  result: SettledResult,
  more: SettledMore = NOTHING_MORE,
): void {
  instant.news = true;
  const settled: ActionSettled = {
    type: 'ActionSettled',
    play: action.play,
    enrolment: action.enrolment,
    playVersion: action.version,
    at: instant.at,
    step: action.step,
    action: action.action,
    result,
    refunded: !KEEPS_ITS_PLACE.has(result),
    cause: instant.cause,
  };
  if (more.sentAt !== undefined) settled.sentAt = more.sentAt;
  if (more.reason !== undefined) settled.reason = more.reason;
  instant.say(settled);
  if (result === 'failed' && action.task === null) keepDead(instant, action);
  else removeAction(instant, action);
}

export function removeAction(instant: Instant, action: OpenAction): void {
  instant.news = true;
  instant.plays.actions = without(instant.plays.actions, action);
}

/** What reaches or asks the customer counts as sent at `at` until its outcome comes, or nothing looks so far back any more. Leaves no trace of a task that does neither. */
export function keepSettled(instant: Instant, action: OpenAction, phase: 'silent' | 'told', at: number): void {
  const until = at + countsFor(instant, action) + 1;
  if (until <= instant.at) return removeAction(instant, action);
  const kept: OpenAction = { ...action, phase, requestedAt: at, until, task: null };
  instant.plays.actions = [...without(instant.plays.actions, action), kept];
}

/** For how long a guard may look back at it; -Infinity = none ever does. */
function countsFor({ compiled }: Instant, { verb, channel, purpose }: OpenAction): number {
  const { asks, caps } = compiled.guards;
  const own = verb === 'task' ? [] : caps.filter((cap) => isCounted(cap, channel, purpose)).map((cap) => cap.within);
  return Math.max(...own, ...(verb === 'ask' ? [asks.cooldown, asks.within, asks.answerWithin] : []));
}

function keepDead(instant: Instant, action: OpenAction): void {
  action.phase = 'dead';
  action.until = Infinity;
  const dead = instant.plays.actions.filter((one) => one.phase === 'dead');
  if (dead.length > DEAD_ACTIONS_KEPT) removeAction(instant, dead[0] as OpenAction);
}
