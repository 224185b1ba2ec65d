/** The local day of a moment, by asking the calendar of the platform each time. Shares nothing with the fold's own days. */
const DAY_MS = 86_400_000;
/** A change of clocks moves them by less than this. */
const LOOK_BACK_MS = 25 * 3_600_000;

const dates = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, Intl.DateTimeFormat>();

/** Days since 1970-01-01. Where clocks were put back over a midnight, the repeated hours belong to the newer day. */
export function naiveDay(moment: number, timeZone: string): number {
  if (timeZone === 'UTC') return Math.floor(moment / DAY_MS);
  const day = dateOf(moment, timeZone);
  const before = moment - LOOK_BACK_MS;
  if (offsetOf(before, timeZone) === offsetOf(moment, timeZone)) return day;
  let low = before;
  let high = moment;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetOf(middle, timeZone) === offsetOf(before, timeZone)) low = middle;
    else high = middle;
  }
  return Math.max(day, dateOf(low, timeZone));
}

function dateOf(moment: number, timeZone: string): number {
  const format = remembered(dates, timeZone, { timeZone });
  return Date.parse(`${format.format(moment)}T00:00:00Z`) / DAY_MS;
}

function offsetOf(moment: number, timeZone: string): string {
  const format = remembered(offsets, timeZone, { timeZone, timeZoneName: 'longOffset' });
  return format.formatToParts(moment).find((part) => part.type === 'timeZoneName')?.value ?? '';
}

/** The Canadian way to write a date is the ISO one. */
function remembered(
  formats: Map<string, Intl.DateTimeFormat>,
  timeZone: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) formats.set(timeZone, (format = new Intl.DateTimeFormat('en-CA', options)));
  return format;
}
