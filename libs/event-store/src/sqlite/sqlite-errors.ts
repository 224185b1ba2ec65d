/** What an error of SQLite means for us. The binding leaves the code out of some errors, so the message counts too. */
import { isNativeError } from 'node:util/types';

/** Primary result codes that speak of the machine, not of the file's content, each with SQLite's words for it. */
const ENVIRONMENT: Record<number, string> = {
  3: 'access permission denied',
  5: 'database is locked',
  6: 'database table is locked',
  7: 'out of memory',
  8: 'attempt to write a readonly database',
  10: 'disk I/O error',
  13: 'database or disk is full',
  14: 'unable to open database file',
  23: 'authorization denied',
};
const [BUSY, FULL] = [5, 13];

function isSqlite(error: unknown): error is Error & { errcode?: number } {
  return isNativeError(error) && (error as { code?: unknown }).code === 'ERR_SQLITE_ERROR';
}

function has(error: unknown, code: number): boolean {
  if (!isSqlite(error)) return false;
  return error.errcode === undefined
    ? error.message.includes(ENVIRONMENT[code] as string)
    : (error.errcode & 0xff) === code;
}

/** Another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  return has(error, BUSY);
}

/** No room; the connection stays sound. */
export function isFull(error: unknown): boolean {
  return has(error, FULL);
}

/** The file does not hold what our statements need: they are right, so the file is wrong. Numbers that cannot be are such a case too. */
export function isDamage(error: unknown): boolean {
  if (isNativeError(error) && (error as { code?: unknown }).code === 'ERR_OUT_OF_RANGE') return true;
  return isSqlite(error) && !Object.keys(ENVIRONMENT).some((code) => has(error, Number(code)));
}
