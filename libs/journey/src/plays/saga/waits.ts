/** Waits that end: by their time, or by the touchpoint that was waited for. Then the steps behind them. */
import type { FoldedTouchpoint } from '../../touchpoint';
import type { Enrolment } from '../play-state';
import { sayStepped, tookAtTheEnd } from '../steps/stepping';
import type { Instant } from './instant';
import { walkOn } from './walk';

export function endWaits(instant: Instant): void {
  for (const enrolment of instant.plays.enrolments) {
    if (enrolment.phase === 'ready') walkOn(instant, enrolment);
    else if (enrolment.phase === 'waiting') endWait(instant, enrolment);
  }
}

function endWait(instant: Instant, enrolment: Enrolment): void {
  const { touchpoint } = instant.moment;
  if (touchpoint !== null && isWaitedFor(instant, enrolment, touchpoint)) {
    sayStepped(instant, enrolment, 'waitFor', touchpoint.touchpointId);
    return walkOn(instant, enrolment);
  }
  if (enrolment.until > instant.at) return;
  const step = instant.playOf(enrolment).steps.get(enrolment.step)?.step.step;
  if (step === 'wait' || step === 'waitFor' || step === 'waitUntil')
    sayStepped(instant, enrolment, step, tookAtTheEnd(step));
  walkOn(instant, enrolment);
}

/** By history: the step behind it waits for the next live input or timer. */
export function readyByHistory(instant: Instant, touchpoint: FoldedTouchpoint): void {
  for (const enrolment of instant.plays.enrolments) {
    if (enrolment.phase !== 'waiting' || !isWaitedFor(instant, enrolment, touchpoint)) continue;
    sayStepped(instant, enrolment, 'waitFor', touchpoint.touchpointId);
    enrolment.phase = 'ready';
  }
}

/** It occurred after the step was reached. */
function isWaitedFor(instant: Instant, enrolment: Enrolment, touchpoint: FoldedTouchpoint): boolean {
  if (touchpoint.occurredAt <= enrolment.stepAt) return false;
  const selector = instant.playOf(enrolment).steps.get(enrolment.step)?.selector ?? null;
  return selector !== null && selector.matches(touchpoint);
}
