/** Which errors of the disk may pass by themselves. */

/** SQLITE_BUSY, NOMEM, READONLY, IOERR, FULL, CANTOPEN: primary result codes. */
const PASSING_CODES: ReadonlySet<number> = new Set([5, 7, 8, 10, 13, 14]);
/** SQLITE_IOERR_FSYNC and SQLITE_IOERR_DIR_FSYNC: what was not synced may be lost without another error. Final. */
const FINAL_CODES: ReadonlySet<number> = new Set([1034, 1290]);
const PRIMARY_CODE_MASK = 0xff;

/** True for a full, read-only or failing disk: the same write may succeed later. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { sqliteExtendedCode?: number; errcode?: number }).sqliteExtendedCode;
  if (code === undefined) return false;
  return !FINAL_CODES.has(code) && PASSING_CODES.has(code & PRIMARY_CODE_MASK);
}
