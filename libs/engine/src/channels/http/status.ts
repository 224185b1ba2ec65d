/** What an HTTP status says of an attempt. */
import type { Attempted } from '../channel.types';

const GONE = 410;
const SOON_AGAIN: readonly number[] = [408, 425, 429];

export function attemptedOf(status: number, retryAfter: string | undefined, now: number): Attempted {
  const detail = String(status);
  if (status >= 200 && status < 300) return { result: 'delivered', detail };
  if (status >= 500 || SOON_AGAIN.includes(status)) {
    const retryAfterMs = retryAfterOf(retryAfter, now);
    return retryAfterMs === null ? { result: 'retry', detail } : { result: 'retry', detail, retryAfterMs };
  }
  if (status >= 300 && status < 400) return { result: 'failed', detail: `${detail}: redirects are not followed` };
  return status === GONE ? { result: 'failed', detail, address: true } : { result: 'failed', detail };
}

/** Seconds, or a date. null = none, or none that can be read. */
export function retryAfterOf(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
