/** Why a touchpoint is refused. */

export type TouchpointErrorCode =
  | 'notAnObject'
  | 'unknownField'
  | 'missing'
  | 'wrongType'
  | 'badId'
  | 'badName'
  | 'badText'
  | 'badDate'
  | 'inFuture'
  | 'notAllowed'
  | 'outOfRange'
  | 'tooLong'
  | 'tooMany'
  | 'tooDeep';

export interface TouchpointError {
  code: TouchpointErrorCode;
  /** JSON pointer into the item, `` = the item itself. */
  pointer: string;
  /** What is wrong and how to mend it, one sentence. */
  detail: string;
}

export function refused(code: TouchpointErrorCode, pointer: string, detail: string): TouchpointError {
  return { code, pointer, detail };
}

/** One more step of a JSON pointer (RFC 6901). */
export function pointerTo(pointer: string, name: string): string {
  return `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** A JSON value's kind in plain words. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'boolean' ? 'true or false' : `a ${typeof value}`;
}

export function wrongType(pointer: string, wanted: string, value: unknown): TouchpointError {
  return refused('wrongType', pointer, `must be ${wanted}, but is ${kindOf(value)}`);
}
