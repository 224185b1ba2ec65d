/** An action between its request and the outcome that the log holds: what the dispatcher knows of it. */
import type { ActionRequested, ActionResult, ActionSettled, TaskAnswer } from '@rapport/journey';
import type { ActionEnded, Block, OpenAtCheckpoint, RenderedMessage } from './action-events';

export interface OpenAction {
  readonly request: ActionRequested;
  readonly customerId: string;
  readonly partition: number;
  /** Revision and log position of the ActionRequested. */
  readonly revision: number;
  readonly position: number;
  rendered: { message: RenderedMessage; revision: number } | null;
  /** Attempts started. */
  attempts: number;
  /** The last one has no end yet. */
  started: boolean;
  /** One of them may have arrived. */
  doubt: boolean;
  /** A task that is with people. */
  queued: boolean;
  nextAt: number;
  block: Block | null;
  answer: TaskAnswer | undefined;
  ended: ActionEnded | null;
  /** What the engine says became of it: a task that was done, a doubt that was resolved, a question answered elsewhere. */
  settled: ActionSettled | null;
  /** Result of the outcome that the log shows. */
  outcomeSeen: ActionResult | null;
  /** idle: waits for a moment; held: for effects or a pause; waiting: in its destination's queue; busy: rendered, tried or written. */
  place: 'idle' | 'held' | 'waiting' | 'busy';
}

export function openAction(
  request: ActionRequested,
  where: { customerId: string; partition: number; revision: number; position: number },
): OpenAction {
  return {
    request,
    ...where,
    rendered: null,
    attempts: 0,
    started: false,
    doubt: false,
    queued: false,
    nextAt: request.notBefore,
    block: null,
    answer: undefined,
    ended: null,
    settled: null,
    outcomeSeen: null,
    place: 'idle',
  };
}

export function atCheckpoint(action: OpenAction): OpenAtCheckpoint {
  const { rendered, started, doubt, queued, block, answer, ended } = action;
  return {
    request: action.revision,
    ...(rendered && { rendered: rendered.revision }),
    attempts: action.attempts,
    ...(started && { started: true as const }),
    ...(doubt && { doubt: true as const }),
    ...(queued && { queued: true as const }),
    ...(action.attempts > 0 && { nextAt: action.nextAt }),
    ...(block && { block }),
    ...(answer && { answer }),
    ...(ended && { ended }),
  };
}

/** Puts back what a checkpoint says; the rendered message is read from the log. */
export function restore(action: OpenAction, at: OpenAtCheckpoint, message: RenderedMessage | null): void {
  action.rendered = message && at.rendered !== undefined ? { message, revision: at.rendered } : null;
  action.attempts = at.attempts;
  action.started = at.started ?? false;
  action.doubt = at.doubt ?? false;
  action.queued = at.queued ?? false;
  action.nextAt = at.nextAt ?? action.nextAt;
  action.block = at.block ?? null;
  action.answer = at.answer;
  action.ended = at.ended ?? null;
}
