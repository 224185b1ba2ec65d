/** The header `Prefer: wait=<seconds>` (RFC 7240). */
import { PREFER_WAIT_SECONDS_MAX } from '../config/limits';

const WAIT = /(?:^|,)[ \t]{0,8}wait[ \t]{0,8}=[ \t]{0,8}"?(\d{1,9})"?[ \t]{0,8}(?=[,;]|$)/i;

/** Seconds that the caller is ready to wait, at most PREFER_WAIT_SECONDS_MAX; undefined where it says none that can be read. */
export function preferredWait(header: string | string[] | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = WAIT.exec(Array.isArray(header) ? header.join(',') : header)?.[1];
  return seconds === undefined ? undefined : Math.min(Number(seconds), PREFER_WAIT_SECONDS_MAX);
}

/** What is left of a wait, shared by all the steps of one request. */
export class Deadline {
  private readonly end: number;

  constructor(
    seconds: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.end = now() + seconds * 1_000;
  }

  leftMs(): number {
    return Math.max(0, this.end - this.now());
  }
}
