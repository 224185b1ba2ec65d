/** Durations of the definition language: a whole number and a unit, `365d`. In memory they are milliseconds. */

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
export const WEEK_MS = 7 * DAY_MS;

/** A hundred years: longer spans are slips of the pen. */
export const DURATION_MAX_MS = 36_500 * DAY_MS;

const UNIT_MS: Readonly<Record<string, number>> = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS, w: WEEK_MS };

/** Shape of a duration in a document, for the parser and the JSON Schema alike. */
export const DURATION_PATTERN = '^[1-9][0-9]{0,9}[smhdw]$';
const DURATION = new RegExp(DURATION_PATTERN);

/** Milliseconds of `30m`, `12h`, `365d`, `2w`, `45s`; undefined where the text is none of these or longer than DURATION_MAX_MS. */
export function parseDuration(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  const unit = UNIT_MS[text.slice(-1)];
  if (unit === undefined) return undefined;
  const ms = Number(text.slice(0, -1)) * unit;
  return ms <= DURATION_MAX_MS ? ms : undefined;
}

/** The shortest way to write it, days rather than weeks: 31,536,000,000 -> `365d`. What is no whole second stands in `ms`. */
export function formatDuration(ms: number): string {
  if (ms !== 0 && ms % DAY_MS === 0) return `${ms / DAY_MS}d`;
  if (ms !== 0 && ms % HOUR_MS === 0) return `${ms / HOUR_MS}h`;
  if (ms !== 0 && ms % MINUTE_MS === 0) return `${ms / MINUTE_MS}m`;
  if (ms % SECOND_MS === 0) return `${ms / SECOND_MS}s`;
  return `${ms}ms`;
}
