/** Whether an attempt may start now: asked before each one, and again when its AttemptStarted is on disk (decisions/0015). */
import type { ActionResult, OutcomeReason } from '@rapport/journey';
import type { Block } from './action-events';
import type { EffectsMode } from './instance.types';
import type { OpenAction } from './open-action';

export type Verdict =
  | { do: 'send' }
  | { do: 'wait'; until: number }
  /** Until effects or the channel are let go, at the latest until sendBefore. */
  | { do: 'hold' }
  | { do: 'end'; result: ActionResult; reason?: OutcomeReason };

const REASON_OF_BLOCK: Readonly<Record<Block, OutcomeReason | undefined>> = {
  consentWithdrawn: 'consentWithdrawn',
  suppressedAddress: 'suppressedAddress',
  erased: 'erased',
  left: undefined,
};

export function verdictOf(action: OpenAction, now: number, mode: EffectsMode, paused: boolean): Verdict {
  const { request, block } = action;
  if (now > request.sendBefore) return { do: 'end', result: 'expired', reason: 'sendBefore' };
  if (mode === 'off' || paused) return { do: 'hold' };
  if (block) return { do: 'end', result: 'withdrawn', reason: REASON_OF_BLOCK[block] };
  const from = Math.max(request.notBefore, action.nextAt);
  return now < from ? { do: 'wait', until: from } : { do: 'send' };
}
