/**
 * Dates as files write them, read by a pattern: `yyyyMMdd`, `yyyy-MM-dd HH:mm:ss`, `d/M/yyyy`. Written by hand because a
 * date is read for each of a million rows. What comes out is the wall clock of the pattern as if it were UTC; zones are
 * wall-clock.ts.
 */

type Part = { field: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'milli'; least: number; most: number };
type Step = Part | { literal: string };

const TOKENS: readonly [string, Part][] = [
  ['yyyy', { field: 'year', least: 4, most: 4 }],
  ['SSS', { field: 'milli', least: 3, most: 3 }],
  ['MM', { field: 'month', least: 2, most: 2 }],
  ['dd', { field: 'day', least: 2, most: 2 }],
  ['HH', { field: 'hour', least: 2, most: 2 }],
  ['mm', { field: 'minute', least: 2, most: 2 }],
  ['ss', { field: 'second', least: 2, most: 2 }],
  ['M', { field: 'month', least: 1, most: 2 }],
  ['d', { field: 'day', least: 1, most: 2 }],
  ['H', { field: 'hour', least: 1, most: 2 }],
];

/** Milliseconds of the wall clock, or NaN where the text does not follow the pattern or names no moment that exists. */
export type WallClockReader = (text: string) => number;

export const DATE_TOKENS = 'yyyy, MM, dd, HH, mm, ss, SSS, M, d and H';

/** Undefined where the pattern holds no year, month and day, or a letter that is no token. */
export function datePattern(pattern: string): WallClockReader | undefined {
  const steps: Step[] = [];
  let rest = pattern;
  while (rest !== '') {
    const token = TOKENS.find(([name]) => rest.startsWith(name));
    if (token === undefined && /[A-SU-Za-z]/.test(rest[0] ?? '')) return undefined;
    steps.push(token === undefined ? { literal: rest[0] ?? '' } : token[1]);
    rest = rest.slice(token === undefined ? 1 : token[0].length);
  }
  const fields = steps.map((step) => ('field' in step ? step.field : ''));
  const named = (['year', 'month', 'day'] as const).every((field) => fields.filter((f) => f === field).length === 1);
  return named ? (text) => readWallClock(steps, text) : undefined;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function readWallClock(steps: readonly Step[], text: string): number {
  const found = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0, milli: 0 };
  let at = 0;
  for (const step of steps) {
    if ('literal' in step) {
      if (text[at] !== step.literal) return NaN;
      at++;
      continue;
    }
    const start = at;
    let value = 0;
    for (; at - start < step.most; at++) {
      const digit = text.charCodeAt(at) - 48;
      if (!(digit >= 0 && digit <= 9)) break;
      value = value * 10 + digit;
    }
    if (at - start < step.least) return NaN;
    found[step.field] = value;
  }
  const { year, month, day, hour, minute, second, milli } = found;
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  const exists = day >= 1 && day <= (DAYS[month - 1] ?? 0) + leap && hour <= 23 && minute <= 59 && second <= 59;
  if (at !== text.length || year < 1000 || !exists) return NaN;
  return Date.UTC(year, month - 1, day, hour, minute, second, milli);
}
