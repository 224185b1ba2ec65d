/**
 * What texts of a touchpoint may hold. Nothing is stripped or repaired in silence: what cannot be kept as it came is
 * refused with its mend. Each check answers undefined where all is well and allocates nothing then.
 */
import { refused, wrongType, type TouchpointError } from './touchpoint-error';

declare global {
  // In V8 since Node 20, in TypeScript's library only from ES2024 on.
  interface String {
    isWellFormed(): boolean;
  }
}

/** Texts that a program writes where it had no id. Compared in lower case. */
const NO_IDS: ReadonlySet<string> = new Set([
  ...['null', 'nil', 'none', 'nan', 'undefined', 'true', 'false', '[object object]', '(null)', 'n/a', '#n/a'],
]);
/** Bit n = some of them have n characters. Most ids are told apart by this and their first letter, without a look-up. */
const NO_ID_LENGTHS = [...NO_IDS].reduce((bits, text) => bits | (1 << text.length), 0);
const NO_ID_LENGTH_MAX = 15;
const NO_ID_INITIALS = 'nutf[(#';

const SPACE = 32;
const DELETE = 127;
const LAST_C1_CONTROL = 159;

/** Free text: any characters but NUL and lone surrogates, which no store and no other program takes unharmed. */
export function checkText(text: string, pointer: string, lengthMax: number): TouchpointError | undefined {
  if (text.length > lengthMax) {
    return refused('tooLong', pointer, `has ${text.length} characters; at most ${lengthMax} are kept: shorten it`);
  }
  if (!text.isWellFormed()) return refused('badText', pointer, 'holds half of a surrogate pair: send whole characters');
  if (text.includes('\0')) return refused('badText', pointer, 'holds a NUL character: remove it');
  return undefined;
}

/** One line without control characters and without spaces at its ends: an id, a source, an actor. */
export function checkLine(value: unknown, pointer: string, lengthMax: number): TouchpointError | undefined {
  if (typeof value !== 'string') return lineTypeError(value, pointer);
  const length = value.length;
  if (length === 0) return refused('badId', pointer, 'is empty: send a value or, if it may be absent, leave it out');
  if (length > lengthMax) return checkText(value, pointer, lengthMax);
  let wide = 0;
  for (let i = 0; i < length; i++) {
    const code = value.charCodeAt(i);
    if (code < SPACE || (code >= DELETE && code <= LAST_C1_CONTROL)) {
      return refused('badText', pointer, `holds a control character at place ${i + 1}: remove it`);
    }
    wide |= code;
  }
  if (value.charCodeAt(0) === SPACE || value.charCodeAt(length - 1) === SPACE) {
    return refused('badId', pointer, 'has spaces at its ends: remove them');
  }
  if (wide > 0xd7ff && !value.isWellFormed()) return checkText(value, pointer, lengthMax);
  return undefined;
}

function lineTypeError(value: unknown, pointer: string): TouchpointError {
  if (value === undefined) return refused('missing', pointer, 'is missing: it is required');
  const error = wrongType(pointer, 'a string', value);
  return typeof value === 'number' ? { ...error, detail: `${error.detail}: write it in quotes` } : error;
}

/** A line that identifies something, so not what a program writes where it had no id. */
export function checkId(value: unknown, pointer: string, lengthMax: number): TouchpointError | undefined {
  const error = checkLine(value, pointer, lengthMax);
  if (error !== undefined) return error;
  if (typeof value === 'string' && mayBeNoId(value) && NO_IDS.has(value.toLowerCase())) {
    return refused(
      'badId',
      pointer,
      `is ${JSON.stringify(value)}, which is no id: the sender had none; send the real one`,
    );
  }
  return undefined;
}

function mayBeNoId(text: string): boolean {
  if (text.length > NO_ID_LENGTH_MAX || (NO_ID_LENGTHS & (1 << text.length)) === 0) return false;
  return NO_ID_INITIALS.includes(text.charAt(0).toLowerCase());
}

/** True for lower-case letters, digits and, inside, `.` `-` `_`: what a type or a channel consists of. */
export function isName(text: string): boolean {
  const length = text.length;
  let last = 46;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    const wordCharacter = (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
    if (!wordCharacter && code !== 45 && code !== 95 && (code !== 46 || last === 46)) return false;
    last = code;
  }
  return length > 0 && last !== 46;
}

/** A mend for a name that isName refused. */
export function nameMend(text: string): string {
  const better = text
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/\.{2,}/g, '.')
    .replaceAll(/^[.-]+|[.-]+$/g, '');
  const rule = 'use lower-case letters, digits, "-", "_" and single dots between words';
  return better.length > 0 && isName(better) ? `${rule}, for example "${better.slice(0, 60)}"` : rule;
}
