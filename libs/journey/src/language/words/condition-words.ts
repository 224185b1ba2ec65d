/** Conditions and their evidence in plain English. */
import type { ConditionEvidence, EvidenceTouchpoint } from '../../decision';
import { DAY_MS, HOUR_MS, MINUTE_MS, parseDuration } from '../duration';
import { conditionParts, type ConditionParts } from './canonical-text';

/** Moments named in one sentence; the rest is counted. */
const DATES_SHOWN_MAX = 3;

/** One, many. */
const NOUNS: Readonly<Record<string, readonly [string, string]>> = {
  any: ['touchpoint', 'touchpoints'],
  purchase: ['purchase', 'purchases'],
  return: ['return', 'returns'],
  usage: ['use', 'uses'],
  question: ['question', 'questions'],
  complaint: ['complaint', 'complaints'],
  praise: ['word of praise', 'words of praise'],
  resolution: ['resolution', 'resolutions'],
  advocacy: ['advocacy deed', 'advocacy deeds'],
  ask: ['request', 'requests'],
  answer: ['answer', 'answers'],
  gift: ['gift', 'gifts'],
  consent: ['consent', 'consents'],
};

/** `purchases`, `support.ticket.opened touchpoints`, `advocacy deeds with rating at least 4 or missing`. */
export function things(selector: string, count: number): string {
  const base = selector.split(' ', 1)[0] ?? selector;
  const narrowed = selector
    .slice(base.length)
    .trim()
    .replace(/^\[(.*)\]$/s, '$1');
  const [one, many] = NOUNS[base] ?? [`${base} touchpoint`, `${base} touchpoints`];
  const noun = count === 1 ? one : many;
  return narrowed === '' ? noun : `${noun} with ${narrowed}`;
}

/** `365 days`, `1 hour`; other texts as they are. */
export function spanWords(text: string): string {
  const ms = parseDuration(text);
  if (ms === undefined) return text;
  if (ms % DAY_MS === 0) return plural(ms / DAY_MS, 'day');
  if (ms % HOUR_MS === 0) return plural(ms / HOUR_MS, 'hour');
  return ms % MINUTE_MS === 0 ? plural(ms / MINUTE_MS, 'minute') : plural(ms / 1_000, 'second');
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** How long ago, in whole days; under a day in hours where the limit is that fine. */
function agoWords(ms: number, limit: string | undefined): string {
  const limitMs = limit === undefined ? undefined : parseDuration(limit);
  const unit = limitMs !== undefined && limitMs < 2 * DAY_MS ? HOUR_MS : DAY_MS;
  const whole = Math.max(0, Math.floor(ms / unit));
  const words = plural(whole, unit === DAY_MS ? 'day' : 'hour');
  // A limit is passed by a millisecond: "180 days, at most 180" would read as if it held.
  return limitMs !== undefined && ms > limitMs && whole * unit <= limitMs ? `more than ${words}` : words;
}

/** UTC date of a moment: `2026-03-04`. */
export function dateWords(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}

function dates(touchpoints: readonly EvidenceTouchpoint[]): string {
  const days = [...new Set(touchpoints.map(({ occurredAt }) => dateWords(occurredAt)))];
  if (days.length <= DATES_SHOWN_MAX) return days.join(', ');
  return `${days.slice(-DATES_SHOWN_MAX).join(', ')} and ${days.length - DATES_SHOWN_MAX} more`;
}

export function windowWords(within: string | undefined): string {
  return within === undefined ? '' : ` within ${spanWords(within)}`;
}

/** `at least 3`, `at most 180 days`, `between 1 and 5`. */
export function boundWords(parts: ConditionParts): string {
  const { atLeast, atMost } = parts;
  const show = parts.measure === 'share' ? percent : spanWords;
  if (atLeast !== undefined && atMost !== undefined) return `between ${show(atLeast)} and ${show(atMost)}`;
  if (atLeast !== undefined) return `at least ${show(atLeast)}`;
  return atMost === undefined ? '' : `at most ${show(atMost)}`;
}

function percent(share: string | number): string {
  return `${Math.round(Number(share) * 1_000) / 10} %`;
}

/** What is so: `purchases on 3 distinct days within 365 days`. */
export function factWords(
  parts: ConditionParts,
  evidence: { value: ConditionEvidence['value']; atLeast?: true },
): string {
  const { value } = evidence;
  const number = typeof value === 'number' ? value : 0;
  const shown = `${evidence.atLeast ? 'at least ' : ''}${number}`;
  const window = windowWords(parts.within);
  switch (parts.measure) {
    case 'count':
      return number === 0 ? `no ${things(parts.of, 1)}${window}` : `${shown} ${things(parts.of, number)}${window}`;
    case 'distinctDays':
      if (number === 0) return `no ${things(parts.of, 1)}${window}`;
      return `${things(parts.of, 2)} on ${shown} distinct ${number === 1 ? 'day' : 'days'}${window}`;
    case 'sum':
      return `${things(parts.of, 2)} with a ${parts.property} of ${number} in all${window}`;
    case 'since':
    case 'tenure':
      return ageWords(parts, value);
    case 'last':
      return `the last ${parts.property} of ${things(parts.of, 2)} is ${value === null ? 'missing' : JSON.stringify(value)}`;
    case 'share':
      if (value === null) return `no ${things(parts.among ?? 'any', 1)}${window}`;
      return `${percent(number)} of ${things(parts.among ?? 'any', 2)}${window} are ${things(parts.of, 2)}`;
    default:
      return `engagement is ${value === null ? 'not known' : String(value)}`;
  }
}

function ageWords(parts: ConditionParts, value: ConditionEvidence['value']): string {
  if (typeof value !== 'number') return `no ${things(parts.of, 1)} yet`;
  const which = parts.measure === 'since' ? 'last' : 'first';
  return `the ${which} ${things(parts.of, 1)} ${agoWords(value, parts.atMost ?? parts.atLeast)} ago`;
}

/** What is asked for, as it stands beside the fact. */
export function wantedWords(parts: ConditionParts): string {
  if (parts.measure === 'last') return parts.test ?? '';
  if (parts.measure === 'engagement') return parts.of.split('|').join(' or ');
  return boundWords(parts);
}

/**
 * One condition with its value, what was asked for, and the days it stands on:
 * `purchases on 3 distinct days within 365 days (2026-01-02, 2026-02-01, 2026-03-04; at least 3)`.
 */
export function conditionSentence(evidence: ConditionEvidence): string {
  const parts = conditionParts(evidence.condition);
  if (parts === undefined) return limitSentence(evidence);
  const wanted = wantedWords(parts);
  const days = dates(evidence.touchpoints);
  // A count without a window keeps only the newest touchpoints: the days named are then the last of more.
  const partial = parts.measure === 'count' && days !== '' && Number(evidence.value) > evidence.touchpoints.length;
  return withDetails(factWords(parts, evidence), [
    partial ? `the last on ${days}` : days,
    wanted !== '' && isNegated(evidence.path) ? `not ${wanted}` : wanted,
  ]);
}

function withDetails(fact: string, details: readonly string[]): string {
  const beside = details.filter((text) => text !== '').join('; ');
  return beside === '' ? fact : `${fact} (${beside})`;
}

/** True inside an odd number of `not`: there the rule wants the condition to fail. The first part is the stage's name. */
function isNegated(path: string): boolean {
  const nots = path
    .split('.')
    .slice(1)
    .filter((part) => part === 'not');
  return nots.length % 2 === 1;
}

/** Whether the condition is as the rule around it wants it. */
export function isAsWanted(evidence: ConditionEvidence): boolean {
  return evidence.holds !== isNegated(evidence.path);
}

const SILENCE = /^(?<what>no (?:inbound touchpoint|answer)\b.*) for more than (?<limit>\S+) \((?<rhythm>.*)\)$/;
const HEARD = /^(?<what>an inbound touchpoint|a first touchpoint) within (?<limit>\S+) \((?<rhythm>.*)\)$/;

/** Evidence that is no condition of a rule: the engagement limits, open complaints, any touchpoint. */
function limitSentence(evidence: ConditionEvidence): string {
  const { value, condition, touchpoints } = evidence;
  const days = dates(touchpoints);
  if (typeof value !== 'number') {
    return withDetails(typeof value === 'string' ? `${condition}: ${value}` : condition, [days]);
  }
  const heard = HEARD.exec(condition)?.groups;
  if (heard !== undefined)
    return withDetails(`${heard.what} ${agoWords(value, heard.limit)} ago`, [days, ...limitDetails(heard)]);
  const silence = SILENCE.exec(condition)?.groups;
  if (silence !== undefined) {
    const since = days === '' ? '' : `since ${days}`;
    return withDetails(`${silence.what} for ${agoWords(value, silence.limit)}`, [since, ...limitDetails(silence)]);
  }
  if (condition === 'open complaint') {
    return withDetails(value === 0 ? 'no open complaint' : plural(value, 'open complaint'), [days]);
  }
  if (condition === 'any touchpoint') {
    return withDetails(plural(value, 'touchpoint'), days === '' ? [] : [`the last on ${days}`]);
  }
  return withDetails(`${condition}: ${value}`, [days]);
}

function limitDetails({ limit = '', rhythm = '' }: Record<string, string | undefined>): string[] {
  return [`limit ${spanWords(limit)}`, rhythmWords(rhythm)];
}

/** `usual gap 252h` -> `usual gap 10.5 days`. */
function rhythmWords(rhythm: string): string {
  return rhythm.replace(/\d+[smhdw]$/, (gap) => {
    const days = (parseDuration(gap) ?? 0) / DAY_MS;
    return days === 0 ? gap : plural(Math.round(days * 10) / 10, 'day');
  });
}
