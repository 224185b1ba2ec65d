/**
 * Events of `actions-<pp>`: what became of attempts. Written by whoever holds the partition's dispatch, always at the exact
 * revision: that is the fence. They decide nothing; the outcome goes back as a touchpoint (decisions/0014).
 */
import type { ActionResult, OutcomeReason, TaskAnswer } from '@rapport/journey';

export const ACTION_EVENT = {
  actionRendered: 'ActionRendered',
  attemptStarted: 'AttemptStarted',
  attemptEnded: 'AttemptEnded',
  actionEnded: 'ActionEnded',
  dispatchCheckpointed: 'DispatchCheckpointed',
} as const;

/** Once, before the first attempt; subject = customer. What is sent and where to stands in the event's personal part, so that it can be erased. */
export interface ActionRendered {
  action: string;
  channel: string;
  /** Position of the ActionRequested. */
  request: number;
  templateVersion: number;
  /** Origin or domain: what a cap and a circuit count by. Never a whole address. */
  destination: string;
  /** SHA-256 of the bytes in the personal part. */
  digest: string;
}
/** The personal part of an ActionRendered. */
export interface RenderedMessage {
  to: string;
  /** Of the channel's own making: the request body, or the MIME message. */
  bytes: string;
}

export interface AttemptStarted {
  action: string;
  /** 1, 2, ... */
  attempt: number;
  at: number;
}

export type AttemptResult = 'delivered' | 'retry' | 'failed' | 'inDoubt';

export interface AttemptEnded {
  action: string;
  attempt: number;
  at: number;
  result: AttemptResult;
  /** Status or error class, at most ATTEMPT_DETAIL_CHARACTERS; never a secret, an address or a body. */
  detail: string;
  /** Of a retry. */
  nextAt?: number;
}

/**
 * Decided once, or twice where the first was `in-doubt` and somebody resolved it. The outcome touchpoint is made from this and the
 * request and from nothing else, so that it can be sent again as it was.
 */
export interface ActionEnded {
  action: string;
  result: ActionResult;
  at: number;
  attempts: number;
  reason?: OutcomeReason;
  sandbox?: true;
  /** Of a task that asks: what its outcome says of the ask. */
  answer?: TaskAnswer;
}

/** Why an open request may not be carried out any more. */
export type Block = 'consentWithdrawn' | 'suppressedAddress' | 'erased' | 'left';

/** What a start has to know of an action that is still open; absent = no, none. */
export interface OpenAtCheckpoint {
  /** Of its ActionRequested in `journey-<pp>`. */
  request: number;
  /** Revision of its ActionRendered in this stream. */
  rendered?: number;
  attempts: number;
  /** An attempt was under way. */
  started?: true;
  /** An earlier attempt may have arrived. */
  doubt?: true;
  /** A task whose team has been told, or that nobody has to tell. */
  queued?: true;
  nextAt?: number;
  block?: Block;
  answer?: TaskAnswer;
  ended?: ActionEnded;
}

/** Where a start goes on: revisions that are folded, the pauses there, and every action that is still open. */
export interface DispatchCheckpointed {
  journey: number;
  touchpoints: number;
  open: OpenAtCheckpoint[];
  pausedChannels: string[];
}

export const ATTEMPT_DETAIL_CHARACTERS = 200;
/** Events between two checkpoints of a dispatch stream. */
export const DISPATCH_CHECKPOINT_EVENTS = 1_000;
/** And events of the other two streams: a start has to read no more of them than this, for each partition. */
export const DISPATCH_CHECKPOINT_INPUTS = 200_000;
/** Above this no checkpoint is written, since it is one event: a start then reads on from an older one. */
export const DISPATCH_CHECKPOINT_OPEN_MAX = 3_000;
