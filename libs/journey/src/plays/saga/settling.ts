/** First of an instant: what became of actions. Outcomes, tasks whose claim or SLA is over, and requests nobody spoke of again. */
import { hasOpenComplaint } from '../../core/complaints';
import { outcomeOf } from '../outcome';
import type { ActionResult, OutcomeReason } from '../play-inputs';
import { IN_DOUBT_MAX_MS, ROUNDS_MAX } from '../play-limits';
import type { Enrolment, OpenAction, SettledResult, TaskState } from '../play-state';
import type { FoldedTouchpoint } from '../../touchpoint';
import { giveUp, standingAt } from './candidates';
import { isUnsettled, type Instant } from './instant';
import { leave } from './leaving';
import { keepSettled, NOTHING_MORE, removeAction, settleAction, type SettledMore } from './settle-action';

export function settleOutcome(instant: Instant): void {
  const { touchpoint } = instant.moment;
  if (instant.plays.actions.length === 0) return;
  const outcome = touchpoint === null ? null : outcomeOf(touchpoint);
  if (touchpoint === null || outcome === null) return;
  const action = instant.plays.actions.find((one) => one.action === outcome.action);
  if (action === undefined) return;
  // The ledger has it now, or it turned out not to have been.
  if (!isUnsettled(action)) return outcome.result === 'in-doubt' ? undefined : removeAction(instant, action);
  takeOutcome(instant, action, outcome.result, touchpoint);
}

function takeOutcome(instant: Instant, action: OpenAction, result: ActionResult, touchpoint: FoldedTouchpoint): void {
  if (result === 'in-doubt') {
    action.phase = 'inDoubt';
    action.until = instant.at + IN_DOUBT_MAX_MS;
    const { step, action: id } = action;
    return instant.say({ type: 'ActionInDoubt', ...instant.head(action), step, action: id, cause: instant.cause });
  }
  // Delivered into the queue: done is what a human makes of it.
  if (result === 'delivered' && action.task !== null) {
    action.task.queued = true;
    return;
  }
  const { reason } = touchpoint.properties;
  settleAndGoOn(instant, action, result, {
    sentAt: result === 'delivered' ? touchpoint.occurredAt : undefined,
    reason: typeof reason === 'string' ? (reason as OutcomeReason) : undefined,
  });
}

/** Settles, and tells the enrolment that waits for it. It goes on with the waits of this instant. */
export function settleAndGoOn(
  instant: Instant,
  action: OpenAction,
  result: SettledResult,
  more: SettledMore = NOTHING_MORE,
): void {
  const enrolment = instant.enrolmentOf(action);
  settleAction(instant, action, result, more);
  if (enrolment === undefined) return;
  if (result === 'expired' || result === 'withdrawn') return decideAgain(instant, enrolment);
  const compiled = instant.playOf(enrolment).steps.get(enrolment.step)?.step;
  if (result === 'failed' && compiled?.step === 'act' && compiled.ifWithheld === 'exit')
    return leave(instant, enrolment, 'withheld', { detail: 'the action failed' });
  enrolment.phase = 'ready';
  enrolment.until = instant.at;
}

function decideAgain(instant: Instant, enrolment: Enrolment): void {
  enrolment.phase = 'deferred';
  enrolment.until = instant.at;
  const standing = standingAt(instant, enrolment);
  if (standing !== null && enrolment.round >= ROUNDS_MAX) giveUp(instant, standing);
}

/** Timers of actions that are due. */
export function expireActions(instant: Instant): void {
  for (const action of instant.plays.actions) {
    if (action.task !== null && isUnsettled(action)) expireTask(instant, action, action.task);
    if (action.until > instant.at) continue;
    if (isUnsettled(action)) settleSilently(instant, action);
    else removeAction(instant, action);
  }
}

/** Nobody said what became of it: it may have been sent as late as it could. */
function settleSilently(instant: Instant, action: OpenAction): void {
  settleAndGoOn(instant, action, 'silent');
  keepSettled(instant, action, 'silent', action.sendBefore);
}

function expireTask(instant: Instant, action: OpenAction, task: TaskState): void {
  if (task.claimedUntil <= instant.at) {
    task.claimedBy = '';
    task.claimedUntil = Infinity;
    sayTask(instant, action, task, 'claimExpired');
  }
  if (task.slaDue > instant.at) return;
  const step = instant.compiled.of(action.play, action.version)?.steps.get(action.step)?.step;
  task.slaDue = Infinity;
  task.escalated = true;
  if (step?.step === 'act' && step.escalateTo !== undefined) task.team = step.escalateTo;
  sayTask(instant, action, task, 'escalated');
}

export function sayTask(
  instant: Instant,
  action: OpenAction,
  task: TaskState,
  change: 'claimed' | 'claimExpired' | 'givenBack' | 'reassigned' | 'escalated' | 'finished',
  outcome?: string,
): void {
  instant.say({
    ...{ type: 'TaskChanged', ...instant.head(action), action: action.action, change, team: task.team },
    ...(task.claimedBy !== '' && { assignee: task.claimedBy }),
    ...(task.claimedUntil !== Infinity && { claimedUntil: task.claimedUntil }),
    ...(outcome !== undefined && { outcome }),
    cause: instant.cause,
  });
}

/** A task closes by itself when its cause is resolved elsewhere: no complaint is open any more, or the ask was answered. */
export function closeTasks(instant: Instant): void {
  const { plan, touchpoint } = instant.moment;
  const answers = touchpoint === null ? null : (plan?.ledger?.answers ?? null);
  for (const action of instant.plays.actions) {
    if (action.task === null || !isUnsettled(action)) continue;
    const answered = action.verb === 'ask' && answers === action.what;
    if (answered || (isOfComplaint(instant, action) && !hasOpenComplaint(instant.state)))
      settleAndGoOn(instant, action, 'answeredElsewhere');
  }
}

function isOfComplaint(instant: Instant, action: OpenAction): boolean {
  const byTouchpoint = (instant.enrolmentOf(action)?.triggerId ?? '') !== '';
  return byTouchpoint && instant.compiled.of(action.play, action.version)?.ofComplaint === true;
}
