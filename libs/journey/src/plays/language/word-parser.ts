/** Names, lines and words out of a known list. */
import { NAME_PATTERN } from '../../language/definition/definition-limits';
import type { FaultList } from '../../language/definition/fault-list';
import { meantOrOneOf } from '../../language/closest-word';
import { kindOf } from '../../language/touchpoint/touchpoint-error';
import { checkLine } from '../../language/touchpoint/text-rules';

/** Characters of one line for people: why, a subject, a reason. */
export const LINE_LENGTH_MAX = 500;
const SHOWN_MAX = 60;

/** Lower-case letters, digits and `-`: plays, teams, templates, purposes, what is asked for. */
export function readName(value: unknown, path: string, what: string, faults: FaultList): string | undefined {
  if (typeof value === 'string' && new RegExp(NAME_PATTERN).test(value)) return value;
  if (value === undefined) return faults.add(path, `has no ${what}`, `Add it: lower-case letters, digits and "-"`);
  const mend = 'Use lower-case letters, digits and "-", a letter first, at most 63';
  return faults.add(path, `is no ${what}: ${shownWord(value)}`, mend);
}

export function readLine(value: unknown, path: string, what: string, faults: FaultList): string | undefined {
  if (value === undefined) return faults.add(path, `has no ${what}`, 'Add it, in one line');
  const error = checkLine(value, path, LINE_LENGTH_MAX);
  if (error === undefined) return value as string;
  return faults.add(path, `${what} ${error.detail}`, 'Write one line of text');
}

export function readFlag(value: unknown, path: string, faults: FaultList): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return faults.add(path, `must be true or false, but is ${kindOf(value)}`, 'Write true or false');
}

/** A whole number between two bounds, both included. */
export function readWhole(
  value: unknown,
  path: string,
  least: number,
  most: number,
  faults: FaultList,
): number | undefined {
  // Adding zero turns -0 into 0: the two are one number and must give one canonical text.
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value + 0;
  const wrong = typeof value === 'number' ? String(value) : kindOf(value);
  return faults.add(
    path,
    `is no whole number from ${least} to ${most}: ${wrong}`,
    'Write it as digits, without quotes',
  );
}

/** One word out of `known`. */
export function readWord<T extends string>(
  value: unknown,
  path: string,
  known: readonly T[],
  what: string,
  faults: FaultList,
): T | undefined {
  const word = known.find((one) => one === value);
  if (word !== undefined) return word;
  return faults.add(path, `is not ${what}: ${shownWord(value)}`, meantOrOneOf(asWord(value), known));
}

/** One word or a list of them, none twice; undefined where none is left. */
export function readWordList<T extends string>(
  value: unknown,
  path: string,
  known: readonly T[],
  what: string,
  faults: FaultList,
): T[] | undefined {
  if (!Array.isArray(value)) {
    const word = readWord(value, path, known, what, faults);
    return word === undefined ? undefined : [word];
  }
  const words: T[] = [];
  for (const [i, member] of (faults.listOf(value, path, known.length, 'the list') ?? []).entries()) {
    const word = readWord(member, `${path}/${i}`, known, what, faults);
    if (word === undefined) continue;
    if (words.includes(word)) faults.add(`${path}/${i}`, `names "${word}" twice`, 'Leave one out');
    else words.push(word);
  }
  return words.length === 0 ? undefined : words;
}

export function asWord(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function shownWord(value: unknown): string {
  return typeof value === 'string' ? `"${value.slice(0, SHOWN_MAX)}"` : kindOf(value);
}
