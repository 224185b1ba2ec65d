import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../language/duration';
import type { QuietHours } from '../guards.types';
import type { Weekday } from '../play';
import { nextLocal } from './next-local';
import { addBusinessTime, openBetween } from './open-between';
import { shown, stepTo } from './stepping.fixture';
import { isTimeZone, ZoneClock, ZONES_REMEMBERED_MAX, zoneClock } from './zone-clock';

const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/Sao_Paulo',
  'UTC',
];
/** Around changes of clocks in 2026, and one over midnight: Sao Paulo in November 2018. */
const CHANGES = [
  '2026-03-29',
  '2026-10-25',
  '2026-03-08',
  '2026-11-01',
  '2026-04-05',
  '2026-10-04',
  '2018-11-04',
  '2018-02-18',
];
const ALL_DAYS: Weekday[] = [0, 1, 2, 3, 4, 5, 6];
const MINUTES_IN_DAY = 1_440;
const WEEK_MINUTES = 7 * MINUTES_IN_DAY;

const zones = fc.constantFrom(...ZONES);
const moments = fc
  .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -2 * MINUTES_IN_DAY, max: 2 * MINUTES_IN_DAY }))
  .map(([day, minutes]) => Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE_MS);
const minutesOfDay = fc.integer({ min: 0, max: MINUTES_IN_DAY - 1 });
const weekdays = fc.subarray(ALL_DAYS, { minLength: 1 });
const quiets = fc.record({ from: minutesOfDay, until: minutesOfDay, weekdays });

/** From a minute of the local clock to the next that is as great or smaller by a change of clocks. */
function passesTime(moment: number, zone: string, time: number): boolean {
  const now = shown(moment, zone);
  if (now.minute === time) return true;
  const before = shown(moment - MINUTE_MS, zone);
  const jumps = (now.minute - before.minute + MINUTES_IN_DAY) % MINUTES_IN_DAY;
  const skipped = (time - before.minute + MINUTES_IN_DAY) % MINUTES_IN_DAY;
  return jumps > 1 && jumps < MINUTES_IN_DAY / 2 && skipped > 0 && skipped < jumps;
}

/** Whether the clock has shown the time before, within the hours that a change may bring again. */
function isSecond(moment: number, zone: string, time: number): boolean {
  const weekday = shown(moment, zone).weekday;
  for (let i = 1; i <= 180; i++) {
    const earlier = shown(moment - i * MINUTE_MS, zone);
    if (earlier.minute === time && earlier.weekday === weekday) return true;
  }
  return false;
}

function isOpen(quiet: QuietHours, moment: number, zone: string): boolean {
  const { weekday, minute } = shown(moment, zone);
  if (!quiet.weekdays.includes(weekday as Weekday)) return false;
  if (quiet.from <= quiet.until) return minute < quiet.from || minute >= quiet.until;
  return minute < quiet.from && minute >= quiet.until;
}

describe('the next local time', () => {
  it('is what stepping from minute to minute finds', () => {
    fc.assert(
      fc.property(zones, moments, minutesOfDay, (zone, at, time) => {
        const expected = stepTo(
          at,
          3 * MINUTES_IN_DAY,
          (moment) => passesTime(moment, zone, time) && !isSecond(moment, zone, time),
        );
        expect(nextLocal(at, zone, time, ALL_DAYS)).toBe(expected);
      }),
      { numRuns: 150 },
    );
  });

  it('stands on one of the weekdays, and no earlier day would do', () => {
    fc.assert(
      fc.property(zones, moments, weekdays, (zone, at, days) => {
        const expected = stepTo(at, WEEK_MINUTES, (moment) => days.includes(shown(moment, zone).weekday as Weekday));
        expect(nextLocal(at, zone, undefined, days)).toBe(expected);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['a time in the gap is the moment after it', 'Europe/Berlin', '2026-03-28T12:00Z', 150, '2026-03-29T01:00Z'],
    ['a time that comes twice is the first', 'Europe/Berlin', '2026-10-24T12:00Z', 150, '2026-10-25T00:30Z'],
    ['between the two, it is that of tomorrow', 'Europe/Berlin', '2026-10-25T00:31Z', 150, '2026-10-26T01:30Z'],
    ['half an hour of gap', 'Australia/Lord_Howe', '2026-10-03T12:00Z', 135, '2026-10-03T15:30Z'],
    ['a quarter of an hour off', 'Asia/Kathmandu', '2026-01-01T00:00Z', 540, '2026-01-01T03:15Z'],
    ['itself included', 'America/New_York', '2026-07-01T13:00Z', 540, '2026-07-01T13:00Z'],
    ['a gap over midnight', 'America/Sao_Paulo', '2018-11-03T12:00Z', 0, '2018-11-04T03:00Z'],
  ])('%s', (_, zone, at, time, expected) => {
    expect(new Date(nextLocal(Date.parse(at), zone, time, [])).toISOString()).toBe(new Date(expected).toISOString());
  });

  it('passes over a day that the zone leaves out', () => {
    const friday = nextLocal(Date.parse('2011-12-27T00:00Z'), 'Pacific/Apia', 540, [5]);
    expect(new Date(friday).toISOString()).toBe('2012-01-05T19:00:00.000Z');
  });
});

describe('quiet hours', () => {
  it('open and close where stepping from minute to minute finds it', () => {
    fc.assert(
      fc.property(zones, moments, quiets, (zone, at, quiet) => {
        const { opens, closes } = openBetween(quiet, at, zone);
        const expected = stepTo(at, 2 * WEEK_MINUTES, (moment) => isOpen(quiet, moment, zone));
        expect(opens).toBe(expected ?? Infinity);
        if (expected === undefined) return;
        const end = stepTo(expected, 2 * WEEK_MINUTES, (moment) => !isOpen(quiet, moment, zone));
        expect(closes).toBe(end ?? Infinity);
      }),
      { numRuns: 60 },
    );
  });

  it('are none where both ends are equal and every day is open', () => {
    expect(openBetween({ from: 0, until: 0, weekdays: ALL_DAYS }, 5, 'UTC')).toEqual({ opens: 5, closes: Infinity });
  });

  it('never open without a weekday', () => {
    expect(openBetween({ from: 0, until: 0, weekdays: [] }, 5, 'UTC').opens).toBe(Infinity);
  });

  it('begin to the millisecond', () => {
    const quiet: QuietHours = { from: 1_200, until: 480, weekdays: ALL_DAYS };
    const eight = Date.parse('2026-07-01T18:00:00.000Z');
    expect(openBetween(quiet, eight - 1, 'Europe/Berlin')).toEqual({ opens: eight - 1, closes: eight });
    expect(openBetween(quiet, eight, 'Europe/Berlin').opens).toBe(eight + 12 * HOUR_MS);
  });
});

describe('business time', () => {
  const hours = { weekdays: [1, 2, 3, 4, 5] as Weekday[], from: 540, until: 1_020 };

  it('counts open minutes only, right through DST', () => {
    fc.assert(
      fc.property(zones, moments, fc.integer({ min: 1, max: 900 }), (zone, at, minutes) => {
        let left = minutes;
        let moment = at;
        const quiet: QuietHours = { from: hours.until, until: hours.from, weekdays: hours.weekdays };
        while (left > 0) {
          if (isOpen(quiet, moment, zone)) left -= 1;
          moment += MINUTE_MS;
        }
        expect(addBusinessTime(hours, at, minutes * MINUTE_MS, zone)).toBe(moment);
      }),
      { numRuns: 60 },
    );
  });

  it('of two days of eight hours from Friday noon ends on Tuesday noon', () => {
    const friday = Date.parse('2026-11-27T11:00:00Z');
    expect(addBusinessTime(hours, friday, 16 * HOUR_MS, 'Europe/Berlin')).toBe(friday + 4 * DAY_MS);
  });

  it('that never opens never ends', () => {
    expect(addBusinessTime({ ...hours, weekdays: [] }, 0, HOUR_MS, 'UTC')).toBe(Infinity);
  });
});

describe('zones', () => {
  it('are known by their names alone', () => {
    expect(['Europe/Berlin', 'UTC', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([true, true, false, false]);
    expect(() => new ZoneClock('Mars/Olympus')).toThrow(RangeError);
  });

  it('are remembered up to a bound', () => {
    const known = Intl.supportedValuesOf('timeZone');
    expect(known.length).toBeGreaterThan(ZONES_REMEMBERED_MAX);
    for (const zone of known) expect(zoneClock(zone).offset(0)).toBe(new ZoneClock(zone).offset(0));
  });
});
