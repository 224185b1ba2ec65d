/** Quiet hours by asking the platform's clock minute for minute. Shares nothing with the guards' own arithmetic. */
import type { QuietHours } from '../plays/guards.types';

const MINUTE_MS = 60_000;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const formats = new Map<string, Intl.DateTimeFormat>();

export function isNaivelyQuiet(quiet: QuietHours, moment: number, timeZone: string): boolean {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit' });
    formats.set(timeZone, format);
  }
  const part = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  const minute = Number(part.hour) * 60 + Number(part.minute);
  if (!quiet.weekdays.some((day) => WEEKDAYS[day] === part.weekday)) return true;
  const { from, until } = quiet;
  if (from === until) return false;
  return from < until ? minute >= from && minute < until : minute >= from || minute < until;
}

/** The first quiet moment from `from` to `to`, both included, looked at each minute; null = none. */
export function quietBetween(quiet: QuietHours, from: number, to: number, timeZone: string): number | null {
  for (let moment = from; moment < to; moment += MINUTE_MS) if (isNaivelyQuiet(quiet, moment, timeZone)) return moment;
  return isNaivelyQuiet(quiet, to, timeZone) ? to : null;
}
