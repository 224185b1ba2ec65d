/** The small words of plays about time and shares, read and written back: `09:00`, `mon`, `10%`, `every 90d`, `3d`. */
import type { FaultList } from '../../language/definition/fault-list';
import { readDuration } from '../../language/definition/value-parser';
import { DAY_MS, formatDuration, parseDuration } from '../../language/duration';
import { kindOf } from '../../language/touchpoint/touchpoint-error';
import type { Again, MinuteOfDay, Weekday } from '../play';
import { WAIT_MAX_MS } from '../play-limits';
import { readWordList } from './word-parser';

const HOUR_MINUTES = 60;

/** By number: 0 = Sunday. */
export const WEEKDAY_NAMES = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export const EVERY_DAY: readonly Weekday[] = [0, 1, 2, 3, 4, 5, 6];
export const TIME_PATTERN = '^([01][0-9]|2[0-3]):[0-5][0-9]$';
export const HOLDOUT_PATTERN = '^(0|[1-9][0-9]?)(\\.[0-9])?%$';
export const SHARE_PATTERN = '^[1-9][0-9]?%$';
export const AGAIN_PATTERN = '^(never|always|every [1-9][0-9]{0,9}[smhdw])$';

export function readTimeOfDay(value: unknown, path: string, faults: FaultList): MinuteOfDay | undefined {
  if (typeof value === 'string' && new RegExp(TIME_PATTERN).test(value)) {
    return Number(value.slice(0, 2)) * HOUR_MINUTES + Number(value.slice(3));
  }
  return faults.add(path, `is no time of day: ${shown(value)}`, 'Write hours and minutes in quotes, such as "09:00"');
}

export function timeText(minute: MinuteOfDay): string {
  const hours = Math.floor(minute / HOUR_MINUTES);
  return `${String(hours).padStart(2, '0')}:${String(minute % HOUR_MINUTES).padStart(2, '0')}`;
}

/** In the order of the week, Sunday first, so that equal sets are equal. */
export function readWeekdays(value: unknown, path: string, faults: FaultList): Weekday[] | undefined {
  const names = readWordList(value, path, WEEKDAY_NAMES, 'a weekday', faults);
  return names && EVERY_DAY.filter((day) => names.includes(WEEKDAY_NAMES[day]));
}

export function weekdayTexts(days: readonly Weekday[]): string[] {
  return days.map((day) => WEEKDAY_NAMES[day]);
}

/** 0 to 1, below it. */
export function readHoldout(value: unknown, path: string, faults: FaultList): number | undefined {
  if (typeof value === 'string' && new RegExp(HOLDOUT_PATTERN).test(value)) return tenths(value) / 1_000;
  const mend = 'Write per cent from 0% to 99.9%, such as 10%';
  return faults.add(path, `is no share to hold out: ${shown(value)}`, mend);
}

function tenths(text: string): number {
  return Math.round(Number(text.slice(0, -1)) * 10);
}

export function holdoutText(holdout: number): string {
  return `${Math.round(holdout * 1_000) / 10}%`;
}

/** Whole per cent, 1 to 99. */
export function readShare(value: unknown, path: string, faults: FaultList): number | undefined {
  if (typeof value === 'string' && new RegExp(SHARE_PATTERN).test(value)) return Number(value.slice(0, -1));
  return faults.add(path, `is no share: ${shown(value)}`, 'Write whole per cent from 1% to 99%, such as 50%');
}

export function readAgain(value: unknown, path: string, faults: FaultList): Again | undefined {
  if (value === 'never' || value === 'always') return value;
  const every = typeof value === 'string' && value.startsWith('every ') ? parseDuration(value.slice(6)) : undefined;
  if (every !== undefined) return { every };
  return faults.add(path, `does not say how often: ${shown(value)}`, 'Write never, always, or such as "every 90d"');
}

export function againText(again: Again): string {
  return typeof again === 'string' ? again : `every ${formatDuration(again.every)}`;
}

/** A duration between two named bounds, both included. */
export function readSpan(value: unknown, path: string, faults: FaultList, least = 0, most = WAIT_MAX_MS): number {
  const ms = readDuration(value, path, faults);
  if (ms === undefined) return least;
  if (ms > most) faults.add(path, `is longer than ${formatDuration(most)}`, 'Use a shorter time');
  if (ms < least) faults.add(path, `is shorter than ${formatDuration(least)}`, 'Use a longer time');
  return ms;
}

export const SPREAD_MAX_MS = 7 * DAY_MS;

function shown(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? JSON.stringify(value) : kindOf(value);
}
