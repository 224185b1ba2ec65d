/** What steps that do not act say. */
import type { ConditionEvidence } from '../../decision';
import type { PlayStepped, PlayWaiting } from '../play-decisions';
import type { Enrolment } from '../play-state';
import type { Instant } from '../saga/instant';

export function sayStepped(
  instant: Instant,
  enrolment: Enrolment,
  kind: PlayStepped['kind'],
  took: string,
  evidence?: ConditionEvidence[],
): void {
  const { step } = enrolment;
  const said = { step, kind, took, ...(evidence && { evidence }), cause: instant.cause };
  instant.say({ type: 'PlayStepped', ...instant.head(enrolment), ...said });
}

/** Stands there until `until`; a moment that has come already is no wait: then the step is done at once. */
export function standUntil(
  instant: Instant,
  enrolment: Enrolment,
  wait: { kind: PlayWaiting['kind']; until: number; next: string; for?: string },
): string | null {
  const { kind, until } = wait;
  if (until <= instant.at) {
    sayStepped(instant, enrolment, kind, tookAtTheEnd(kind));
    return wait.next;
  }
  enrolment.phase = 'waiting';
  enrolment.until = until;
  const said = { step: enrolment.step, kind, until, ...(wait.for !== undefined && { for: wait.for }) };
  instant.say({ type: 'PlayWaiting', ...instant.head(enrolment), ...said, cause: instant.cause });
  return null;
}

/** What a wait took when its time is over. */
export function tookAtTheEnd(kind: PlayWaiting['kind']): string {
  return kind === 'waitFor' ? 'timeout' : 'time';
}
