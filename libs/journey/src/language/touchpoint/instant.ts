/**
 * Moments as text. RFC 3339 with a zone, read by hand: Date.parse costs as much as the rest of the validation, takes
 * moments without a zone as local time, and turns 30 February into 2 March.
 */

const ZERO = 48;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Shortest form: 2026-03-04T10:11:12Z. */
const INSTANT_LENGTH_MIN = 20;
/** Nanoseconds and an offset make 35; more digits than that are noise. */
const INSTANT_LENGTH_MAX = 40;

/** Two digits at `at`, or -1. */
function two(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** Days from 1970-01-01 to a day of the proleptic Gregorian calendar. */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = ((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) | 0;
  const dayOfEra = yearOfEra * 365 + ((yearOfEra / 4) | 0) - ((yearOfEra / 100) | 0) + dayOfYear + day - 1;
  return era * 146_097 + dayOfEra - 719_468;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Midnight UTC of the date in the first ten characters, ms; NaN where it is none. */
function parseDate(text: string): number {
  const century = two(text, 0);
  const yearOfCentury = two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  if (century < 0 || yearOfCentury < 0 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return NaN;
  const year = century * 100 + yearOfCentury;
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return NaN;
  return daysFromCivil(year, month, day) * DAY_MS;
}

/** Offset of the zone that stands at `at` to the end of the text, ms east of UTC; NaN where it is none. */
function parseZone(text: string, at: number): number {
  const sign = text.charCodeAt(at);
  if (sign === 90 || sign === 122) return at + 1 === text.length ? 0 : NaN;
  if ((sign !== 43 && sign !== 45) || at + 6 !== text.length || text.charCodeAt(at + 3) !== 58) return NaN;
  const hours = two(text, at + 1);
  const minutes = two(text, at + 4);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return NaN;
  return (sign === 43 ? 1 : -1) * (hours * 60 + minutes) * MINUTE_MS;
}

/**
 * Milliseconds since the epoch of an RFC 3339 moment with a zone (`Z` or an offset); NaN for anything else. Digits
 * beyond the milliseconds are cut off, as Date.parse does. `T` may be a space; leap seconds are refused.
 */
export function parseInstant(text: string): number {
  if (text.length < INSTANT_LENGTH_MIN || text.length > INSTANT_LENGTH_MAX) return NaN;
  const separator = text.charCodeAt(10);
  if (separator !== 84 && separator !== 116 && separator !== 32) return NaN;
  const hours = two(text, 11);
  const minutes = two(text, 14);
  const seconds = two(text, 17);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59) return NaN;
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return NaN;
  let at = 19;
  let fraction = 0;
  if (text.charCodeAt(at) === 46) {
    const first = ++at;
    let scale = 100;
    for (let digit = text.charCodeAt(at) - ZERO; digit >= 0 && digit <= 9; digit = text.charCodeAt(++at) - ZERO) {
      fraction += digit * scale;
      scale = scale === 100 ? 10 : scale === 10 ? 1 : 0;
    }
    if (at === first) return NaN;
  }
  return parseDate(text) + ((hours * 60 + minutes) * 60 + seconds) * 1_000 + fraction - parseZone(text, at);
}

/** What is wrong with a text that parseInstant refused, and how to mend it. */
export function instantFault(text: string): string {
  const example = 'write it like 2026-03-04T10:11:12Z or 2026-03-04T10:11:12+01:00';
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return `has no time and no zone; ${example}`;
  if (/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text)) return `has no zone; ${example}`;
  if (/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d([Zz]|[+-]\d\d:\d\d)$/.test(text)) return `has no seconds; ${example}`;
  if (/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d/.test(text)) return `is no moment that exists; ${example}`;
  return `is no date that can be read; ${example}`;
}
