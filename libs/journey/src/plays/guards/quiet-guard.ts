import { DAY_MS, MINUTE_MS } from '../../language/duration';
import { TASK_CHANNEL } from '../ledger/ledger-state';
import { weekdayOf } from '../local-time/next-local';
import { openBetween } from '../local-time/open-between';
import { zoneClock } from '../local-time/zone-clock';
import { SEND_ROOM_MIN_MS } from '../play-limits';
import type { Guard, GuardQuestion } from './guard';

const WEEKDAY_WORDS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const MINUTES_IN_HOUR = 60;
const MINUTES_IN_DAY = 24 * MINUTES_IN_HOUR;
/** Openings too short to send in that are passed over; who has none longer in so many is taken to have none. */
const OPENINGS_TRIED_MAX = 32;

/** In the customer's own zone. A task waits for the hours of its team instead. */
export const quietGuard: Guard = {
  name: 'quiet',
  concerns: ({ channel }) => channel !== TASK_CHANNEL,
  words: (_, { quiet }) => `not between ${clockWords(quiet.from)} and ${clockWords(quiet.until)}`,
  check: (question, at) => {
    const { opens } = opening(question, at);
    const value = localWords(zoneClock(question.facts.timeZone).local(at));
    if (opens === at) return { holds: true, value };
    return { holds: false, value, until: opens === Infinity ? null : opens };
  },
};

/** The first stretch from `at` on that is long enough to send in. `closes` is its first quiet moment. */
export function opening({ guards, candidate, facts }: GuardQuestion, at: number): { opens: number; closes: number } {
  const least = Math.min(SEND_ROOM_MIN_MS, candidate.sendWithin);
  let from = at;
  for (let i = 0; i < OPENINGS_TRIED_MAX; i++) {
    const { opens, closes } = openBetween(guards.quiet, from, facts.timeZone);
    if (closes - opens >= least || opens === Infinity) return { opens, closes };
    from = closes;
  }
  return { opens: Infinity, closes: Infinity };
}

const words = new Map<number, string>();

/** One text for each minute of the week, made once. */
function localWords(local: number): string {
  const day = Math.floor(local / DAY_MS);
  const minute = Math.floor((local - day * DAY_MS) / MINUTE_MS);
  const place = weekdayOf(day) * MINUTES_IN_DAY + minute;
  let text = words.get(place);
  if (text === undefined) words.set(place, (text = minuteWords(day, minute)));
  return text;
}

function minuteWords(day: number, minute: number): string {
  return `${WEEKDAY_WORDS[weekdayOf(day)]} ${clockWords(minute)}`;
}

function clockWords(minute: number): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${two(Math.floor(minute / MINUTES_IN_HOUR))}:${two(minute % MINUTES_IN_HOUR)}`;
}
