import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_PAUSE_MS = 50;
const PAUSE_MS_MAX = 2_000;

/** Pauses that grow from one failure to the next, with full jitter, so that many clients do not come back at once. */
export class Backoff {
  private failures = 0;

  /** How long to wait now, in ms. */
  pauseMs(): number {
    const most = Math.min(PAUSE_MS_MAX, FIRST_PAUSE_MS * 2 ** this.failures++);
    return most / 2 + (Math.random() * most) / 2;
  }

  reset(): void {
    this.failures = 0;
  }
}

/** Resolves after so many ms, or at once when the signal is aborted. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, signal ? { signal } : {});
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}
