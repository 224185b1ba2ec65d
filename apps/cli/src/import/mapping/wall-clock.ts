/**
 * From the clock on the wall of a zone to the moment. As common libraries do: of an hour that comes twice in autumn the
 * first is meant; an hour that spring leaves out is read with the offset before it, so that it lands an hour later.
 */

const DAY_MS = 86_400_000;
/** Rows of a file come from few days each; beyond this many the cache starts anew. */
const CACHED_DAYS_MAX = 40_000;

export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Takes ms of a wall clock as if it were UTC; answers ms since the epoch. NaN stays NaN. */
export type ZoneConverter = (wallClock: number) => number;

export function zoneConverter(zone: string): ZoneConverter {
  const offset = offsetReader(zone);
  const atQuarter = remembered(offset);
  const byDay = new Map<number, number>();
  return (wallClock) => {
    if (Number.isNaN(wallClock)) return NaN;
    const day = Math.floor(wallClock / DAY_MS);
    let whole = byDay.get(day);
    if (whole === undefined) {
      if (byDay.size >= CACHED_DAYS_MAX) byDay.clear();
      whole = offsetOfDay(atQuarter, day);
      byDay.set(day, whole);
    }
    return Number.isNaN(whole) ? convert(offset, wallClock) : wallClock - whole;
  };
}

/** The offset of every moment from the day before to the day after, or NaN where it changes meanwhile. */
function offsetOfDay(offset: (at: number) => number, day: number): number {
  const before = offset((day - 1) * DAY_MS);
  for (let quarter = -3; quarter <= 8; quarter++) {
    if (offset(day * DAY_MS + (quarter * DAY_MS) / 4) !== before) return NaN;
  }
  return before;
}

/** Asking the calendar of a zone is slow, and days that are neighbours ask for the same moments. */
function remembered(offset: (at: number) => number): (at: number) => number {
  const known = new Map<number, number>();
  return (at) => {
    let found = known.get(at);
    if (found === undefined) {
      if (known.size >= CACHED_DAYS_MAX) known.clear();
      found = offset(at);
      known.set(at, found);
    }
    return found;
  };
}

function convert(offset: (at: number) => number, wallClock: number): number {
  const before = offset(wallClock - DAY_MS);
  const after = offset(wallClock + DAY_MS);
  const early = wallClock - before;
  const late = wallClock - after;
  if (offset(early) === before) return early;
  return offset(late) === after ? late : early;
}

/** Offset of the zone from UTC at a moment, ms. */
function offsetReader(zone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
    hourCycle: 'h23',
  });
  return (at) => {
    const parts: { [type: string]: number } = {};
    for (const { type, value } of format.formatToParts(at)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
  };
}
