/** How parameters are written: one decorator for each kind, which reads the text and says what it must be. */
import { applyDecorators } from '@nestjs/common';
import { parseDuration, parseInstant } from '@rapport/journey';
import { Transform } from 'class-transformer';
import { ValidateBy, ValidateIf } from 'class-validator';
import { CURSOR_CHARS_MAX, FILTER_CHARS_MAX, FILTER_VALUES_MAX, LIST_LIMIT_MAX } from '../config/limits';

/** What a reader of a parameter answers where the text is not of its kind. */
const BAD = Symbol('bad parameter');

/** `read` gets what the query parser made of it: a text, or a list where the name was repeated. */
function parameter(rule: string, read: (value: unknown) => unknown): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (value === undefined ? undefined : (read(value) ?? BAD))),
    ValidateBy({ name: 'parameter', validator: { validate: (value) => value !== BAD, defaultMessage: () => rule } }),
  );
}

/** Leave it out, or write it rightly. */
export const Optional = (): PropertyDecorator => ValidateIf((_object, value) => value !== undefined);

/** A required parameter that is missing is still undefined when it is validated. */
export const Required = (): PropertyDecorator =>
  ValidateBy({
    name: 'required',
    validator: { validate: (value) => value !== undefined, defaultMessage: () => 'is required' },
  });

const once = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const DIGITS = /^\d{1,400}$/;

/** 1 or more; what is above the greatest is taken as the greatest. */
export const Limit = (): PropertyDecorator =>
  parameter(
    `must be one whole number from 1 on; more than ${LIST_LIMIT_MAX} is taken as ${LIST_LIMIT_MAX}`,
    (value) => {
      const text = once(value);
      if (text === undefined || !DIGITS.test(text)) return undefined;
      const limit = Math.min(Number(text), LIST_LIMIT_MAX);
      return limit >= 1 ? limit : undefined;
    },
  );

/** A position of the log. */
export const Position = (least: number): PropertyDecorator =>
  parameter(`must be one position of the log: a whole number from ${least} on`, (value) => {
    const text = once(value);
    if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined;
    const position = Number(text);
    return Number.isSafeInteger(position) && position >= least ? position : undefined;
  });

export const Cursor = (): PropertyDecorator =>
  parameter('must be the nextCursor of an earlier answer', (value) => {
    const text = once(value);
    return text !== undefined && text.length > 0 && text.length <= CURSOR_CHARS_MAX ? text : undefined;
  });

export const Text = (charsMax: number): PropertyDecorator =>
  parameter(`must be one text of 1 to ${charsMax} characters`, (value) => {
    const text = once(value);
    return text !== undefined && text.length > 0 && fits(text, charsMax) ? text : undefined;
  });

/** Characters are code points, as JSON Schema counts them; most texts need no counting. */
function fits(text: string, charsMax: number): boolean {
  return text.length <= charsMax || (text.length <= 2 * charsMax && Array.from(text).length <= charsMax);
}

/** In a URL: true or false. */
export const Flag = (): PropertyDecorator =>
  parameter('must be true or false', (value) => (value === 'true' ? true : value === 'false' ? false : undefined));

/** In a body: a JSON boolean. */
export const TrueOrFalse = (): PropertyDecorator =>
  parameter('must be true or false, without quotes', (value) => (typeof value === 'boolean' ? value : undefined));

export const Choice = (values: readonly string[]): PropertyDecorator =>
  parameter(`must be one of ${values.join(', ')}`, (value) => {
    const text = once(value);
    return text !== undefined && values.includes(text) ? text : undefined;
  });

/** May be repeated: any of the values. */
export const AnyOf = (values?: readonly string[]): PropertyDecorator =>
  parameter(
    values === undefined
      ? `must be texts of 1 to ${FILTER_CHARS_MAX} characters, at most ${FILTER_VALUES_MAX} of them`
      : `must be one or more of ${values.join(', ')}`,
    (value) => {
      const list: unknown[] = Array.isArray(value) ? value : [value];
      if (list.length > FILTER_VALUES_MAX) return undefined;
      return list.every((text) => isFilterValue(text, values)) ? [...new Set(list)] : undefined;
    },
  );

function isFilterValue(text: unknown, values: readonly string[] | undefined): text is string {
  if (typeof text !== 'string') return false;
  return values === undefined ? text.length > 0 && text.length <= FILTER_CHARS_MAX : values.includes(text);
}

/** Years of four digits in UTC: only these can be written in an answer again. */
const MOMENT_FIRST_MS = Date.parse('0000-01-01T00:00:00Z');
const MOMENT_LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** RFC 3339 with a zone, read as ms. */
export const Moment = (): PropertyDecorator =>
  parameter('must be a moment with a zone, like 2026-03-04T10:11:12Z (write "+" as %2B in a URL)', (value) => {
    const ms = parseInstant(once(value) ?? '');
    return ms >= MOMENT_FIRST_MS && ms <= MOMENT_LAST_MS ? ms : undefined;
  });

/** `30d`, `12h`, read as ms. */
export const Span = (): PropertyDecorator =>
  parameter('must be a duration like 30d or 12h (s, m, h, d, w), at most a hundred years', (value) =>
    parseDuration(once(value) ?? ''),
  );

/** `now`, `beginning`, or a position to start after. */
export const StartPoint = (): PropertyDecorator =>
  parameter('must be now, beginning, or one position of the log', (value) => {
    const text = once(value);
    if (text === 'now') return text;
    if (text === 'beginning') return 0;
    return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  });
