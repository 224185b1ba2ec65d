/**
 * Days of a time zone. A day is a whole number: the days from 1970-01-01 to the local date. Where clocks are put back over a
 * midnight, the repeated hours still belong to the newer day: days never go back, so that what a window left behind stays
 * behind. UTC is one division; other zones ask Intl once for each UTC day that comes up and find a change of offset to the
 * millisecond. The machine's own zone is never read.
 */
export const DAY_MS = 86_400_000;

/** UTC days whose offset is remembered: all valid moments (1900 to 2200) fit. */
const DAYS_REMEMBERED_MAX = 120_000;
/** Local clocks are, and were, less than this far from UTC. */
const OFFSET_MAX_MS = 16 * 3_600_000;

/** A UTC day that one offset does not describe. From `at` on, days are counted by `after` and are not below `dayFloor`. */
interface Break {
  at: number;
  before: number;
  after: number;
  dayFloor: number;
}

export class Calendar {
  private readonly clock: Intl.DateTimeFormat | null;
  private readonly offsets = new Map<number, number | Break>();

  /** Throws a RangeError for a zone that Intl does not know. */
  constructor(readonly timeZone: string) {
    this.clock = timeZone === 'UTC' || timeZone === 'Etc/UTC' ? null : localClock(timeZone);
  }

  /** The local day of a moment. Never decreases with the moment. */
  day(moment: number): number {
    if (this.clock === null) return Math.floor(moment / DAY_MS);
    const utcDay = Math.floor(moment / DAY_MS);
    const found = this.offsets.get(utcDay) ?? this.learn(utcDay);
    if (typeof found === 'number') return Math.floor((moment + found) / DAY_MS);
    if (moment < found.at) return Math.floor((moment + found.before) / DAY_MS);
    return Math.max(found.dayFloor, Math.floor((moment + found.after) / DAY_MS));
  }

  /** The earliest moment whose day is greater than `day`. */
  dayEnd(day: number): number {
    const nominal = (day + 1) * DAY_MS;
    if (this.clock === null) return nominal;
    const likely = nominal - this.offsetAt(nominal);
    if (this.day(likely) > day && this.day(likely - 1) <= day) return likely;
    let low = nominal - OFFSET_MAX_MS;
    let high = nominal + OFFSET_MAX_MS + DAY_MS;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.day(middle) > day) high = middle;
      else low = middle;
    }
    return high;
  }

  private learn(utcDay: number): number | Break {
    const found = this.describe(utcDay);
    if (this.offsets.size >= DAYS_REMEMBERED_MAX) this.offsets.clear();
    this.offsets.set(utcDay, found);
    return found;
  }

  private describe(utcDay: number): number | Break {
    const start = utcDay * DAY_MS;
    const own = this.breakIn(start);
    const earlier = own === null ? this.breakIn(start - DAY_MS) : null;
    if (own !== null) return own;
    const offset = this.offsetAt(start);
    if (earlier === null || earlier.dayFloor <= Math.floor((start + offset) / DAY_MS)) return offset;
    return { at: start, before: offset, after: offset, dayFloor: earlier.dayFloor };
  }

  /** The change of offset inside the UTC day that starts at `start`, or null. */
  private breakIn(start: number): Break | null {
    const before = this.offsetAt(start);
    const after = this.offsetAt(start + DAY_MS);
    if (before === after) return null;
    let low = start;
    let high = start + DAY_MS;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.offsetAt(middle) === before) low = middle;
      else high = middle;
    }
    return { at: high, before, after, dayFloor: Math.floor((high - 1 + before) / DAY_MS) };
  }

  /** What the local clock shows, less UTC, in ms, as Intl says. */
  private offsetAt(moment: number): number {
    if (this.clock === null) return 0;
    const part: Record<string, number> = {};
    for (const { type, value } of this.clock.formatToParts(moment)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(moment / 1000) * 1000;
  }
}

function localClock(timeZone: string): Intl.DateTimeFormat {
  const number = 'numeric';
  return new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    ...{ timeZone, hourCycle: 'h23', year: number, month: number, day: number },
    ...{ hour: number, minute: number, second: number },
  });
}
