/** Quiet hours and business hours, by what the local clock shows at each moment: right through DST. */
import { DAY_MS, MINUTE_MS } from '../../language/duration';
import type { AddBusinessTime, OpenBetween, QuietHours } from '../guards.types';
import { weekdayOf } from './next-local';
import { type Stretch, stretchAt } from './open-stretches';
import { zoneClock, type ZoneClock } from './zone-clock';

const DAYS_IN_WEEK = 7;
/** Who is not open once in so long never is. */
const LOOK_AHEAD_MAX_MS = 16 * DAY_MS;

/** `opens`: Infinity = never. `closes`: the first quiet moment after that, Infinity = never. */
export const openBetween: OpenBetween = (quiet, at, zone) => {
  if (isAlwaysOpen(quiet)) return { opens: at, closes: Infinity };
  const { open, until, opens, closes } = stretchAt(quiet, at, zone, stretchFrom);
  return open ? { opens: at, closes: until } : { opens, closes };
};

function stretchFrom(quiet: QuietHours, from: number, zone: string): Stretch {
  const clock = zoneClock(zone);
  const until = turnAfter(quiet, clock, from);
  if (!isQuietAt(quiet, clock.local(from))) return { until, open: true, opens: from, closes: until };
  const closes = until === Infinity ? Infinity : turnAfter(quiet, clock, until);
  return { until, open: false, opens: until, closes };
}

/** Weekdays that are open between `from` and `until`; equal = the whole day. `ms` 0 = the next open moment. */
export const addBusinessTime: AddBusinessTime = (hours, at, ms, zone) => {
  const quiet = quietOutside(hours);
  let left = ms;
  let from = at;
  for (;;) {
    const { opens, closes } = openBetween(quiet, from, zone);
    if (closes - opens >= left || opens === Infinity) return opens + left;
    left -= closes - opens;
    from = closes;
  }
};

type BusinessHours = Parameters<AddBusinessTime>[0];
const outside = new WeakMap<BusinessHours, QuietHours>();

/** One for each team's hours, so that its stretches are found again. */
function quietOutside(hours: BusinessHours): QuietHours {
  let quiet = outside.get(hours);
  if (quiet === undefined) {
    quiet = { from: hours.until, until: hours.from, weekdays: [...hours.weekdays] };
    outside.set(hours, quiet);
  }
  return quiet;
}

function isAlwaysOpen(quiet: QuietHours): boolean {
  return quiet.from === quiet.until && quiet.weekdays.length === DAYS_IN_WEEK;
}

function isQuietAt(quiet: QuietHours, local: number): boolean {
  const day = Math.floor(local / DAY_MS);
  if (!quiet.weekdays.includes(weekdayOf(day))) return true;
  const minute = (local - day * DAY_MS) / MINUTE_MS;
  if (quiet.from <= quiet.until) return quiet.from <= minute && minute < quiet.until;
  return minute >= quiet.from || minute < quiet.until;
}

/** The first moment after `at` at which quiet turns to open or back; Infinity = none in LOOK_AHEAD_MAX_MS. */
function turnAfter(quiet: QuietHours, clock: ZoneClock, at: number): number {
  const now = isQuietAt(quiet, clock.local(at));
  let moment = at;
  while (moment < at + LOOK_AHEAD_MAX_MS) {
    moment = Math.min(clock.steadyUntil(moment), moment + toNextMark(quiet, clock.local(moment)));
    if (isQuietAt(quiet, clock.local(moment)) !== now) return moment;
  }
  return Infinity;
}

/** From what the clock shows to the next midnight, start or end of quiet hours: ms, more than 0. */
function toNextMark(quiet: QuietHours, local: number): number {
  const day = Math.floor(local / DAY_MS) * DAY_MS;
  let next = day + DAY_MS;
  for (const minute of [quiet.from, quiet.until]) {
    const mark = day + minute * MINUTE_MS;
    if (mark > local && mark < next) next = mark;
  }
  return next - local;
}
