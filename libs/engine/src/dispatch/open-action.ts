/** An action between its request and the outcome that the log holds: what the dispatcher knows of it. */
import type { ActionRequested, ActionResult, ActionSettled, TaskAnswer } from '@rapport/journey';
import type { ActionEnded, Block, OpenAtCheckpoint } from './action-events';

/**
 * What of an ActionRequested is kept while it is open: what verdicts, queues and outcomes need. Of a million customers a million may be
 * open, for as long as effects are off: the rest, and the message, is read from the log again when it is tried.
 */
export type KeptRequest = Pick<
  ActionRequested,
  | 'action'
  | 'play'
  | 'enrolment'
  | 'playVersion'
  | 'verb'
  | 'what'
  | 'channel'
  | 'purpose'
  | 'team'
  | 'notBefore'
  | 'sendBefore'
>;

export interface OpenAction {
  readonly request: KeptRequest;
  readonly customerId: string;
  readonly partition: number;
  /** Revision and log position of the ActionRequested. */
  readonly revision: number;
  readonly position: number;
  /** Revision of its ActionRendered in `actions-<pp>`. */
  rendered: number | null;
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

/** @param word one copy for all that are equal: they are words of definitions */
export function keptOf(
  {
    action,
    play,
    enrolment,
    playVersion,
    verb,
    what,
    channel,
    purpose,
    team,
    notBefore,
    sendBefore,
  }: Omit<ActionRequested, 'type'>,
  word: (text: string) => string,
): KeptRequest {
  return {
    action,
    play: word(play),
    enrolment,
    playVersion,
    verb: word(verb) as KeptRequest['verb'],
    what: word(what),
    channel: word(channel),
    purpose: word(purpose),
    notBefore,
    sendBefore,
    ...(team !== undefined && { team: word(team) }),
  };
}

export function openAction(
  request: KeptRequest,
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
    ...(rendered !== null && { rendered }),
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

/** Puts back what a checkpoint says. */
export function restore(action: OpenAction, at: OpenAtCheckpoint): void {
  action.rendered = at.rendered ?? null;
  action.attempts = at.attempts;
  action.started = at.started ?? false;
  action.doubt = at.doubt ?? false;
  action.queued = at.queued ?? false;
  action.nextAt = at.nextAt ?? action.nextAt;
  action.block = at.block ?? null;
  action.answer = at.answer;
  action.ended = at.ended ?? null;
}
