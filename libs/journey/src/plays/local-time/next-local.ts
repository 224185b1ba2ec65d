/** Local times of day and weekdays as moments. */
import { DAY_MS, MINUTE_MS } from '../../language/duration';
import type { NextLocal } from '../guards.types';
import type { Weekday } from '../play';
import { zoneClock, type ZoneClock } from './zone-clock';

/** 1970-01-01 was a Thursday. */
const WEEKDAY_OF_DAY_ZERO = 4;
const DAYS_IN_WEEK = 7;
/** Two weeks: a zone may leave out the only weekday of a week (Apia, 2011-12-30). */
const DAYS_LOOKED_AT_MAX = 2 * DAYS_IN_WEEK + 1;

export function weekdayOf(localDay: number): Weekday {
  const day = (localDay + WEEKDAY_OF_DAY_ZERO) % DAYS_IN_WEEK;
  return (day < 0 ? day + DAYS_IN_WEEK : day) as Weekday;
}

/**
 * The first moment from `at` on (itself included) that is local `time`, or any time, on one of `weekdays`; none named = every
 * day. A time that DST leaves out is the moment after the gap, one that comes twice is the first; a day that the zone leaves out
 * does not count.
 */
export const nextLocal: NextLocal = (at, zone, time, weekdays) => {
  const clock = zoneClock(zone);
  const today = Math.floor(clock.local(at) / DAY_MS);
  if (time === undefined && on(weekdays, today)) return at;
  for (let day = today - 1; day <= today + DAYS_LOOKED_AT_MAX; day++) {
    if (!on(weekdays, day) || isLeftOut(clock, day)) continue;
    const moment = clock.firstAt(day * DAY_MS + (time ?? 0) * MINUTE_MS);
    if (moment >= at) return moment;
  }
  return Infinity;
};

function on(weekdays: readonly Weekday[], day: number): boolean {
  return weekdays.length === 0 || weekdays.includes(weekdayOf(day));
}

function isLeftOut(clock: ZoneClock, day: number): boolean {
  return clock.firstAt(day * DAY_MS) === clock.firstAt((day + 1) * DAY_MS);
}
