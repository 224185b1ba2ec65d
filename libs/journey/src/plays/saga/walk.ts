/** From one step to the next, up to the first that acts or waits. There are no loops: it ends. */
import type { Enrolment } from '../play-state';
import { enterStep } from '../steps/registry';
import type { Instant } from './instant';
import { complete } from './leaving';

/** `path` = '' is the end. */
export function walkTo(instant: Instant, enrolment: Enrolment, path: string): void {
  const play = instant.playOf(enrolment);
  let next: string | null = path;
  while (next !== null) {
    const compiled = play.steps.get(next);
    if (compiled === undefined) return complete(instant, enrolment);
    enrolment.step = next;
    enrolment.stepAt = instant.at;
    enrolment.until = Infinity;
    enrolment.round = 0;
    enrolment.withheld = '';
    next = enterStep(instant, enrolment, play, compiled);
  }
}

/** Behind the step it stands at. */
export function walkOn(instant: Instant, enrolment: Enrolment): void {
  const compiled = instant.playOf(enrolment).steps.get(enrolment.step);
  walkTo(instant, enrolment, compiled?.next ?? '');
}
