/**
 * Open and quiet stretches of one zone under one rule, found once for each UTC day: guards ask for the same days again and again.
 */
import { DAY_MS } from '../../language/duration';
import type { QuietHours } from '../guards.types';
import { ZONES_REMEMBERED_MAX } from './zone-clock';

/** UTC days whose stretches are kept for each zone: about a year. */
const DAYS_REMEMBERED_MAX = 400;

/** From the end of the one before to `until` (excluded). */
export interface Stretch {
  until: number;
  open: boolean;
  /** Of a quiet one: when it is open next, and how long; Infinity = never. */
  opens: number;
  closes: number;
}

/** The stretch that begins at `from`, or goes on there. */
export type StretchFrom = (quiet: QuietHours, from: number, zone: string) => Stretch;

const remembered = new WeakMap<QuietHours, Map<string, Map<number, Stretch[]>>>();

export function stretchAt(quiet: QuietHours, at: number, zone: string, from: StretchFrom): Stretch {
  const day = Math.floor(at / DAY_MS);
  const days = daysOf(quiet, zone);
  let stretches = days.get(day);
  if (stretches === undefined) {
    if (days.size >= DAYS_REMEMBERED_MAX) days.clear();
    days.set(day, (stretches = stretchesOf(quiet, day * DAY_MS, zone, from)));
  }
  for (const one of stretches) if (at < one.until) return one;
  throw new RangeError(`No stretch of ${zone} covers ${at}.`);
}

function daysOf(quiet: QuietHours, zone: string): Map<number, Stretch[]> {
  let zones = remembered.get(quiet);
  if (zones === undefined) remembered.set(quiet, (zones = new Map<string, Map<number, Stretch[]>>()));
  let days = zones.get(zone);
  if (days === undefined) {
    if (zones.size >= ZONES_REMEMBERED_MAX) zones.clear();
    zones.set(zone, (days = new Map<number, Stretch[]>()));
  }
  return days;
}

function stretchesOf(quiet: QuietHours, start: number, zone: string, from: StretchFrom): Stretch[] {
  const stretches: Stretch[] = [];
  for (let at = start; at < start + DAY_MS; at = stretches[stretches.length - 1]!.until)
    stretches.push(from(quiet, at, zone));
  return stretches;
}
