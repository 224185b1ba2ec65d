/** Names of time zones, as the IANA list has them. */
import { closestWord } from '../closest-word';
import { kindOf } from '../touchpoint/touchpoint-error';
import type { FaultList } from './fault-list';

export const DEFAULT_TIME_ZONE = 'UTC';

/** undefined where none is named, or a faulty one. */
export function readTimeZone(value: unknown, path: string, faults: FaultList): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && isTimeZone(value)) return value;
  const near = typeof value === 'string' ? closestWord(value, timeZones()) : undefined;
  const mend =
    near === undefined ? 'Use a name of the IANA list, such as UTC or Europe/Berlin' : `Did you mean "${near}"?`;
  const wrong = typeof value === 'string' ? `"${value.slice(0, 60)}"` : kindOf(value);
  return faults.add(path, `${wrong} is no time zone`, mend);
}

/** Asked for once: the list is long and does not change while the process runs. */
let knownTimeZones: ReadonlySet<string> | undefined;

function timeZones(): ReadonlySet<string> {
  knownTimeZones ??= new Set([DEFAULT_TIME_ZONE, ...Intl.supportedValuesOf('timeZone')]);
  return knownTimeZones;
}

function isTimeZone(name: string): boolean {
  // Names only: an offset such as +01:00 knows no summer time and is a slip more often than meant.
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(name)) return false;
  if (timeZones().has(name)) return true;
  try {
    const resolved = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    // Known under an older or another name, but not in another case: one zone must have one spelling.
    return resolved.length > 0 && name.toLowerCase() !== resolved.toLowerCase() && name !== name.toLowerCase();
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
