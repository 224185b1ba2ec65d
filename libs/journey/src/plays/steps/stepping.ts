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
  const stepped: PlayStepped = {
    type: 'PlayStepped',
    play: enrolment.play,
    enrolment: enrolment.enrolment,
    playVersion: enrolment.version,
    at: instant.at,
    step: enrolment.step,
    kind,
    took,
    cause: instant.cause,
  };
  if (evidence !== undefined) stepped.evidence = evidence;
  instant.say(stepped);
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
  const waiting: PlayWaiting = {
    type: 'PlayWaiting',
    play: enrolment.play,
    enrolment: enrolment.enrolment,
    playVersion: enrolment.version,
    at: instant.at,
    step: enrolment.step,
    kind,
    until,
    cause: instant.cause,
  };
  if (wait.for !== undefined) waiting.for = wait.for;
  instant.say(waiting);
  return null;
}

/** What a wait took when its time is over. */
export function tookAtTheEnd(kind: PlayWaiting['kind']): string {
  return kind === 'waitFor' ? 'timeout' : 'time';
}
