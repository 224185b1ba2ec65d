import fc from 'fast-check';
import { instantFault, parseInstant } from './instant';

const pad = (n: number, digits: number): string => String(n).padStart(digits, '0');

const offsets = fc.oneof(
  fc.constantFrom('Z', 'z', '+00:00', '-00:00'),
  fc
    .tuple(fc.constantFrom('+', '-'), fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map(([sign, hours, minutes]) => `${sign}${pad(hours, 2)}:${pad(minutes, 2)}`),
);
const fractions = fc.oneof(
  fc.constant(''),
  fc
    .integer({ min: 0, max: 999_999_999 })
    .chain((n) => fc.integer({ min: 1, max: 9 }).map((digits) => `.${pad(n, 9).slice(0, digits)}`)),
);

describe('parseInstant', () => {
  it('equals Date.parse on every valid RFC 3339 moment', () => {
    const dates = fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, offsets, fractions, fc.constantFrom('T', 't', ' '), (date, offset, fraction, separator) => {
        const iso = date.toISOString();
        const text = `${iso.slice(0, 10)}${separator}${iso.slice(11, 19)}${fraction}${offset}`;
        const reference = Date.parse(`${iso.slice(0, 19)}${fraction}${offset.toUpperCase()}`);
        expect(parseInstant(text)).toBe(reference);
      }),
      { numRuns: 3_000 },
    );
  });

  it('agrees with the calendar on every day number of every month', () => {
    for (const year of [1900, 1999, 2000, 2023, 2024, 2100, 2200]) {
      for (let month = 1; month <= 13; month++) {
        for (let day = 0; day <= 32; day++) {
          const text = `${year}-${pad(month, 2)}-${pad(day, 2)}T00:00:00Z`;
          const utc = new Date(Date.UTC(year, month - 1, day));
          const exists = utc.getUTCMonth() === month - 1 && utc.getUTCDate() === day && month <= 12;
          expect(parseInstant(text)).toBe(exists ? utc.getTime() : NaN);
        }
      }
    }
  });

  it.each([
    ['', 'is no date that can be read'],
    ['yesterday, about noon', 'is no date that can be read'],
    ['2026-03-04', 'has no time and no zone'],
    ['2026-03-04T10:11:12', 'has no zone'],
    ['2026-03-04 10:11', 'has no zone'],
    ['2026-03-04T10:11Z', 'has no seconds'],
    ['2026-02-30T10:11:12Z', 'is no moment that exists'],
    ['2026-03-04T24:00:00Z', 'is no moment that exists'],
    ['2026-03-04T23:59:60Z', 'is no moment that exists'],
    ['2026-03-04T10:11:12.Z', 'is no moment that exists'],
    ['2026-03-04T10:11:12+1:00', 'is no moment that exists'],
    ['2026-03-04T10:11:12+24:00', 'is no moment that exists'],
    ['2026-03-04T10:11:12Zx', 'is no moment that exists'],
    ['+02026-03-04T10:11:12Z', 'is no date that can be read'],
  ])('refuses %p and says why', (text, why) => {
    expect(parseInstant(text)).toBeNaN();
    expect(instantFault(text)).toContain(why);
  });

  it('never throws and never takes what Date.parse refuses', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40, unit: fc.constantFrom(...'0123456789-:.TZz+ ') }), (text) => {
        const ms = parseInstant(text);
        if (!Number.isNaN(ms)) expect(ms).toBe(Date.parse(text.toUpperCase()));
        expect(typeof instantFault(text)).toBe('string');
      }),
      { numRuns: 2_000 },
    );
  });
});
