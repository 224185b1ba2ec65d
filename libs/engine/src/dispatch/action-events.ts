/**
 * Events of `actions-<pp>`: what became of attempts. Written by whoever holds the partition's dispatch, always at the exact
 * revision: that is the fence. They decide nothing; the outcome goes back as a touchpoint (decisions/0014).
 */
import type { ActionResult, OutcomeReason } from '@rapport/journey';

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

/** Decided once: the outcome touchpoint is made from this and from nothing else, so that it can be sent again as it was. */
export interface ActionEnded {
  action: string;
  result: ActionResult;
  at: number;
  attempts: number;
  reason?: OutcomeReason;
  sandbox?: true;
}

/** Where a start goes on: requests before `journey` and events before its own place are done with, but for those in `open`. */
export interface DispatchCheckpointed {
  journey: number;
  touchpoints: number;
  /** Journey revision of each action that is still open. */
  open: number[];
}

export const ATTEMPT_DETAIL_CHARACTERS = 200;
/** Events between two checkpoints of a dispatch stream. */
export const DISPATCH_CHECKPOINT_EVENTS = 1_000;
