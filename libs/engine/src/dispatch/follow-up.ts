/** What follows from an attempt: another one, an end, or for a task nothing more to do. */
import type { ActionResult, OutcomeReason } from '@rapport/journey';
import type { Attempted, ChannelSpec } from '../channels/channel.types';
import { type ActionEnded, ATTEMPT_DETAIL_CHARACTERS, type AttemptEnded } from './action-events';
import { backoffMs } from './backoff';
import type { OpenAction } from './open-action';

export interface FollowUp {
  attempt: AttemptEnded;
  ended: ActionEnded | null;
}

export interface AttemptedAt {
  attempted: Attempted;
  at: number;
  /** In [0, 1): the jitter. */
  random: number;
  sandbox: boolean;
}

/** Changes nothing. The action's `attempts` counts this one. */
export function followUp(
  action: OpenAction,
  spec: ChannelSpec,
  { attempted, at, random, sandbox }: AttemptedAt,
): FollowUp {
  const { action: id } = action.request;
  const detail = attempted.detail.slice(0, ATTEMPT_DETAIL_CHARACTERS);
  const attempt: AttemptEnded = { action: id, attempt: action.attempts, at, result: attempted.result, detail };
  const end = (result: ActionResult, reason?: OutcomeReason): FollowUp => {
    // Nothing is sent to the customer: whether or not its team could be told, the task is in the queue.
    if (!spec.reachesCustomer) return { attempt: { ...attempt, result: settledResult(attempt) }, ended: null };
    return { attempt, ended: endOf(action, result, at, reason, sandbox) };
  };
  const doubtful = action.doubt || attempted.result === 'inDoubt';
  if (attempted.result === 'delivered') return end('delivered');
  if (attempted.result === 'failed') return end(doubtful ? 'in-doubt' : 'failed', 'refused');
  if (attempted.result === 'inDoubt' && spec.inDoubt === 'human') return end('in-doubt');
  if (action.attempts >= spec.attemptsMax) return end(doubtful ? 'in-doubt' : 'failed', 'attemptsUsedUp');
  const retryAfterMs = attempted.result === 'retry' ? (attempted.retryAfterMs ?? 0) : 0;
  return { attempt: { ...attempt, nextAt: at + backoffMs(spec, action.attempts, retryAfterMs, random) }, ended: null };
}

export function endOf(
  action: OpenAction,
  result: ActionResult,
  at: number,
  reason?: OutcomeReason,
  sandbox = false,
): ActionEnded {
  const ended: ActionEnded = { action: action.request.action, result, at, attempts: action.attempts };
  if (reason !== undefined) ended.reason = reason;
  if (sandbox) ended.sandbox = true;
  if (action.answer !== undefined) ended.answer = action.answer;
  return ended;
}

function settledResult({ result }: AttemptEnded): AttemptEnded['result'] {
  return result === 'delivered' ? 'delivered' : 'failed';
}
