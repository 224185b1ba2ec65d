/** Parses the small parts of a condition: comparisons, durations, tests on a value, lists of words. */
import type { Comparison, ValueTest } from '../../definition';
import { parseDuration } from '../duration';
import { kindOf, pointerTo } from '../touchpoint/touchpoint-error';
import { PROPERTY_STRING_LENGTH_MAX } from '../touchpoint/touchpoint-limits';
import { LIST_MAX, NUMBER_ABS_MAX, WINDOW_MAX_MS } from './definition-limits';
import type { FaultList, Members } from './fault-list';

export const TEST_KEYS = ['equals', 'oneOf', 'atLeast', 'atMost', 'exists', 'orMissing'] as const;

/** How the numbers of a comparison are written and what they may be. */
export interface NumberKind {
  read: (value: unknown, path: string, faults: FaultList) => number | undefined;
  min: number;
  max: number;
  /** `a whole number from 1 to ...`, for the mend. */
  words: string;
  /** atLeast below this always holds. */
  atLeastMin: number;
}

export function readNumber(value: unknown, path: string, faults: FaultList): number | undefined {
  if (typeof value !== 'number' || Number.isNaN(value)) {
    return faults.add(path, `must be a number, but is ${kindOf(value)}`, 'Write it as digits, without quotes');
  }
  // Adding zero turns -0 into 0: the two are one number and must give one canonical text.
  if (Math.abs(value) <= NUMBER_ABS_MAX) return value + 0;
  return faults.add(path, `is beyond ${NUMBER_ABS_MAX}`, 'Use a smaller number');
}

export function readWholeNumber(value: unknown, path: string, faults: FaultList): number | undefined {
  const number = readNumber(value, path, faults);
  if (number === undefined || (Number.isInteger(number) && number >= 0)) return number;
  return faults.add(path, `must be a whole number, but is ${number}`, 'Count in whole touchpoints or days');
}

export function readDuration(value: unknown, path: string, faults: FaultList): number | undefined {
  const ms = typeof value === 'string' ? parseDuration(value) : undefined;
  if (ms !== undefined) return ms;
  const wrong = typeof value === 'string' || typeof value === 'number' ? JSON.stringify(value) : kindOf(value);
  const example = typeof value === 'number' && Number.isInteger(value) && value > 0 ? `${value}d` : '365d';
  return faults.add(
    path,
    `is no duration: ${wrong}`,
    `Write a whole number and a unit (s, m, h, d, w), such as ${example}`,
  );
}

export function readWindow(value: unknown, path: string, faults: FaultList): number | undefined {
  if (value === undefined) return undefined;
  const ms = readDuration(value, path, faults);
  if (ms === undefined || ms <= WINDOW_MAX_MS) return ms;
  const mend = 'Use a shorter window, or leave "within" out to look at everything';
  return faults.add(path, `is longer than ${WINDOW_MAX_MS / 86_400_000} days`, mend);
}

export const NUMBERS: NumberKind = {
  read: readNumber,
  min: -NUMBER_ABS_MAX,
  max: NUMBER_ABS_MAX,
  words: 'a number',
  atLeastMin: -NUMBER_ABS_MAX,
};
export const COUNTS: NumberKind = {
  read: readWholeNumber,
  min: 0,
  max: NUMBER_ABS_MAX,
  words: 'a whole number from 1 on',
  atLeastMin: 1,
};
export const SHARES: NumberKind = { read: readNumber, min: 0, max: 1, words: 'a share from 0 to 1', atLeastMin: 0 };
export const SPANS: NumberKind = { read: readDuration, min: 0, max: Infinity, words: 'a duration', atLeastMin: 0 };

/** `atLeast` and `atMost` of a condition: one of them at least, and not contradictory. */
export function readComparison(members: Members, path: string, kind: NumberKind, faults: FaultList): Comparison {
  const compare: Comparison = {};
  for (const name of ['atLeast', 'atMost'] as const) {
    if (members[name] === undefined) continue;
    const at = pointerTo(path, name);
    const bound = kind.read(members[name], at, faults);
    if (bound === undefined) continue;
    if (bound < kind.min || bound > kind.max) faults.add(at, `is ${bound}`, `Write ${kind.words}`);
    else if (name === 'atLeast' && bound < kind.atLeastMin)
      faults.add(at, `is ${bound}, which always holds`, `Write ${kind.words}`);
    else compare[name] = bound;
  }
  if (members['atLeast'] === undefined && members['atMost'] === undefined) {
    faults.add(path, 'compares with nothing', `Add "atLeast" or "atMost" with ${kind.words}`);
  }
  checkOrder(compare, path, faults);
  return compare;
}

function checkOrder(compare: Comparison, path: string, faults: FaultList): void {
  const { atLeast, atMost } = compare;
  if (atLeast === undefined || atMost === undefined || atLeast <= atMost) return;
  faults.add(path, 'can never hold: atLeast is greater than atMost', 'Swap them or leave one out');
}

/** A test in `where` or `last`: `{ atLeast: 4 }`; a bare value means equals, a list means one of. */
export function readTest(value: unknown, path: string, faults: FaultList): ValueTest | undefined {
  if (Array.isArray(value)) {
    const oneOf = readScalars(value, path, faults);
    return oneOf && { oneOf };
  }
  if (typeof value !== 'object' || value === null) {
    const equals = readScalar(value, path, faults);
    return equals === undefined ? undefined : { equals };
  }
  const members = faults.members(value, path, TEST_KEYS, 'a test');
  return members && readTestMembers(members, path, faults);
}

export function readTestMembers(members: Members, path: string, faults: FaultList): ValueTest | undefined {
  const test: ValueTest = {};
  if (members['equals'] !== undefined) test.equals = readScalar(members['equals'], pointerTo(path, 'equals'), faults);
  if (members['oneOf'] !== undefined) test.oneOf = readScalars(members['oneOf'], pointerTo(path, 'oneOf'), faults);
  for (const name of ['atLeast', 'atMost'] as const) {
    if (members[name] !== undefined) test[name] = readNumber(members[name], pointerTo(path, name), faults);
  }
  for (const name of ['exists', 'orMissing'] as const) {
    const flag = members[name];
    if (flag === undefined) continue;
    if (typeof flag === 'boolean') test[name] = flag;
    else faults.add(pointerTo(path, name), `must be true or false, but is ${kindOf(flag)}`, 'Write true or false');
  }
  if (test.orMissing === false) delete test.orMissing;
  checkTest(members, test, path, faults);
  return test;
}

/** One kind of test at a time: `equals` beside `atLeast` is either idle or a contradiction. */
function checkTest(members: Members, test: ValueTest, path: string, faults: FaultList): void {
  const kinds = ['equals', 'oneOf', 'exists'].filter((name) => members[name] !== undefined);
  if (members['atLeast'] !== undefined || members['atMost'] !== undefined) kinds.push('atLeast / atMost');
  if (kinds.length === 0) faults.add(path, 'tests nothing', 'Add equals, oneOf, atLeast, atMost or exists');
  if (kinds.length > 1) faults.add(path, `mixes ${kinds.join(' and ')}`, 'Keep one of them');
  if (members['exists'] !== undefined && test.orMissing) {
    faults.add(path, 'mixes exists and orMissing, which contradict or repeat each other', 'Leave orMissing out');
  }
  checkOrder(test, path, faults);
}

function readScalar(value: unknown, path: string, faults: FaultList): string | number | boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return readNumber(value, path, faults);
  if (typeof value === 'string' && value.length <= PROPERTY_STRING_LENGTH_MAX && value.isWellFormed()) return value;
  if (value === null) return faults.add(path, 'is null', 'Write { exists: false } for a value that is missing');
  return faults.add(path, `must be a text, a number, true or false, but is ${kindOf(value)}`, 'Write one plain value');
}

function readScalars(value: unknown, path: string, faults: FaultList): (string | number | boolean)[] | undefined {
  const list = faults.listOf(value, path, LIST_MAX, 'the list of values');
  const scalars = list?.map((member, i) => readScalar(member, `${path}/${i}`, faults));
  return scalars?.filter((scalar) => scalar !== undefined);
}

/** One word or a list of words: channels, sources. */
export function readWords(value: unknown, path: string, faults: FaultList): string[] | undefined {
  if (value === undefined) return undefined;
  const list = typeof value === 'string' ? [value] : faults.listOf(value, path, LIST_MAX, 'the list');
  const words: string[] = [];
  for (const [i, word] of (list ?? []).entries()) {
    if (typeof word === 'string' && word.length > 0 && word.length <= PROPERTY_STRING_LENGTH_MAX) words.push(word);
    else
      faults.add(
        typeof value === 'string' ? path : `${path}/${i}`,
        `must be a word, but is ${kindOf(word)}`,
        'Write its name',
      );
  }
  return words;
}
