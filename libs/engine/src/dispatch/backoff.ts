/** When to try again: full jitter, so that those who failed together do not come back together. */
import type { ChannelSpec } from '../channels/channel.types';

/** A receiver may not put an attempt off for longer than this. */
export const RETRY_AFTER_MAX_MS = 3_600_000;
const DOUBLINGS_MAX = 30;

/**
 * ms until the next attempt.
 * @param attempts made so far, 1 or more
 * @param random in [0, 1)
 */
export function backoffMs(spec: ChannelSpec, attempts: number, retryAfterMs: number, random: number): number {
  const ceiling = Math.min(spec.backoffMaxMs, spec.backoffBaseMs * 2 ** Math.min(DOUBLINGS_MAX, attempts - 1));
  return Math.max(Math.floor(random * ceiling), Math.min(RETRY_AFTER_MAX_MS, retryAfterMs));
}
