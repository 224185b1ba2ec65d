import { zoneSaid } from '../guards/profile-facts';
import { nextLocal } from '../local-time/next-local';
import type { WaitUntilStep, Weekday } from '../play';
import type { StepKind } from './step-kind';
import { standUntil } from './stepping';

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const HOUR_MINUTES = 60;

/** In the customer's own zone, or the definition's where that is not known. */
export const waitUntilStep: StepKind<WaitUntilStep> = {
  enter(instant, enrolment, _play, { step, next }) {
    const zone = zoneSaid(instant.facts.profile(), instant.compiled.timeZone);
    const until = nextLocal(instant.at, zone, step.time, step.weekdays ?? []);
    return standUntil(instant, enrolment, { kind: 'waitUntil', until, next });
  },
  explain: ({ time, weekdays }) => `wait until ${[timeText(time), ...(weekdays ?? []).map(dayText)].join(' ').trim()}`,
};

function timeText(time: number | undefined): string {
  if (time === undefined) return '';
  const two = (part: number) => String(part).padStart(2, '0');
  return `${two(Math.floor(time / HOUR_MINUTES))}:${two(time % HOUR_MINUTES)}`;
}

function dayText(day: Weekday): string {
  return WEEKDAYS[day] ?? '';
}
