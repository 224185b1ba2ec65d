/** What a local clock shows, asked of Intl each time: what the tests step with. */
import { MINUTE_MS } from '../../language/duration';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const formats = new Map<string, Intl.DateTimeFormat>();

export interface Shown {
  weekday: number;
  /** After midnight, whole. */
  minute: number;
}

export function shown(moment: number, timeZone: string): Shown {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit' });
    formats.set(timeZone, format);
  }
  const part = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  return { weekday: WEEKDAYS.indexOf(part.weekday ?? ''), minute: Number(part.hour) * 60 + Number(part.minute) };
}

/** The first whole minute from `at` on (itself included) that passes; undefined = none in `minutes`. */
export function stepTo(at: number, minutes: number, passes: (moment: number) => boolean): number | undefined {
  for (let i = 0; i <= minutes; i++) if (passes(at + i * MINUTE_MS)) return at + i * MINUTE_MS;
  return undefined;
}
