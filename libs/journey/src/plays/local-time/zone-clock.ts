/**
 * The local clock of a time zone: what it shows, and when its offset changes. UTC is no question at all; other zones ask Intl
 * twice for each UTC day that comes up. The machine's own zone is never read.
 */
import { DAY_MS } from '../../language/duration';

/** Zones whose clocks are kept; a customer may name any, so that there is a bound. */
export const ZONES_REMEMBERED_MAX = 128;
/** UTC days whose offset is kept for each zone: ten years. */
const DAYS_REMEMBERED_MAX = 3_660;

/** A UTC day: `after` is the offset from `at` on. One offset for the whole day: `at` is its start. */
interface ZoneDay {
  at: number;
  before: number;
  after: number;
}

export class ZoneClock {
  private readonly format: Intl.DateTimeFormat | null;
  private readonly days = new Map<number, ZoneDay>();

  /** Throws a RangeError for a zone that Intl does not know. */
  constructor(timeZone: string) {
    this.format = timeZone === 'UTC' || timeZone === 'Etc/UTC' ? null : clockOf(timeZone);
  }

  /** What the local clock shows, as if it were UTC: ms. */
  local(moment: number): number {
    return moment + this.offset(moment);
  }

  /** Local less UTC, ms. */
  offset(moment: number): number {
    if (this.format === null) return 0;
    const day = this.day(Math.floor(moment / DAY_MS));
    return moment < day.at ? day.before : day.after;
  }

  /** Until when (not included) the offset of `moment` surely stays; at most to the end of its UTC day. */
  steadyUntil(moment: number): number {
    const day = Math.floor(moment / DAY_MS);
    const end = (day + 1) * DAY_MS;
    if (this.format === null) return end;
    const { at } = this.day(day);
    return moment < at ? at : end;
  }

  /** The first moment at which the clock shows `local` or more: the end of the gap where it never shows it, else the first time it does. */
  firstAt(local: number): number {
    const early = this.offset(local - DAY_MS);
    const late = this.offset(local + DAY_MS);
    if (early === late) return local - early;
    const change = this.changeAfter(local - DAY_MS, local + DAY_MS);
    if (local - early < change) return local - early;
    return Math.max(change, local - late);
  }

  /** The first moment in (from, to] from which on the offset is another than at `from`. */
  private changeAfter(from: number, to: number): number {
    const first = this.offset(from);
    let at = from;
    while (at < to && this.offset(at) === first) at = this.steadyUntil(at);
    return at;
  }

  private day(utcDay: number): ZoneDay {
    const known = this.days.get(utcDay);
    if (known !== undefined) return known;
    const found = this.describe(utcDay * DAY_MS);
    if (this.days.size >= DAYS_REMEMBERED_MAX) this.days.clear();
    this.days.set(utcDay, found);
    return found;
  }

  /** A change of clocks is found to the millisecond by halving the day. */
  private describe(start: number): ZoneDay {
    const before = this.ask(start);
    const after = this.ask(start + DAY_MS - 1);
    if (before === after) return { at: start, before, after };
    let low = start;
    let high = start + DAY_MS - 1;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.ask(middle) === before) low = middle;
      else high = middle;
    }
    return { at: high, before, after };
  }

  private ask(moment: number): number {
    if (this.format === null) return 0;
    const part: Record<string, number> = {};
    for (const { type, value } of this.format.formatToParts(moment)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(moment / 1000) * 1000;
  }
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const number = 'numeric';
  return new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    ...{ timeZone, hourCycle: 'h23', year: number, month: number, day: number },
    ...{ hour: number, minute: number, second: number },
  });
}

const clocks = new Map<string, ZoneClock>();

/** Throws a RangeError for a zone that Intl does not know: ask `isTimeZone` first. */
export function zoneClock(timeZone: string): ZoneClock {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const clock = new ZoneClock(timeZone);
  if (clocks.size >= ZONES_REMEMBERED_MAX) clocks.clear();
  clocks.set(timeZone, clock);
  return clock;
}

/** Whether Intl knows the zone. A trait that names none is unknown (decisions/0016). */
export function isTimeZone(timeZone: string): boolean {
  if (timeZone === '') return false;
  try {
    zoneClock(timeZone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
