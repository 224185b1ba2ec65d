/** Sends simulated touchpoints through the real ingest path. */
import type { Touchpoint } from '@rapport/journey';
import { BATCH_TOUCHPOINTS_MAX, type BatchItem } from '../import/batch';
import type { SentTouchpoint } from '../import/mapping/compile-mapping';
import { Sending } from '../import/sending';
import { CommandFailed, EXIT } from '../exit-code';
import { note } from '../output/notes';
import { pause, type Target } from '../target/target';
import { LiveTouchpoints } from './live-touchpoints';
import { simulate, type SimulationOptions } from './simulation';

export function item(touchpoint: Touchpoint, line: number): BatchItem {
  const sent: SentTouchpoint = { ...touchpoint, occurredAt: new Date(touchpoint.occurredAt).toISOString() };
  return { line, raw: '', sent, touchpoint };
}

/** Plays the history; resolves with the number of touchpoints that are on disk. */
export async function playHistory(
  target: Target,
  options: SimulationOptions,
  signal: AbortSignal,
  onStep: (sent: number, last: Touchpoint) => void,
): Promise<number> {
  const sending = new Sending(target.send, refused, 0);
  let batch: BatchItem[] = [];
  let line = 0;
  for (const touchpoint of simulate(options)) {
    batch.push(item(touchpoint, ++line));
    if (batch.length < BATCH_TOUCHPOINTS_MAX) continue;
    await sending.add(batch);
    onStep(line, touchpoint);
    batch = [];
    if (signal.aborted) break;
  }
  if (batch.length > 0) await sending.add(batch);
  await sending.finish();
  return sending.accepted;
}

function refused(one: BatchItem, reason: string): void {
  throw new CommandFailed(EXIT.failure, `A simulated touchpoint was refused: ${reason} (${JSON.stringify(one.sent)})`);
}

/** A few live touchpoints a second until the signal says so; trouble on the way is said and survived. */
export async function playLive(
  target: Target,
  live: LiveTouchpoints,
  perSecond: number,
  signal: AbortSignal,
): Promise<void> {
  for (let line = 1; !signal.aborted; line++) {
    try {
      await target.send([item(live.next(Date.now()), line)]);
    } catch (error) {
      if (!signal.aborted) note(error instanceof Error ? error.message : String(error));
    }
    await pauseOrStop(1_000 / perSecond, signal);
  }
}

/** Resolves early where the signal says so. */
export async function pauseOrStop(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  let stop = (): void => undefined;
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  signal.addEventListener('abort', stop, { once: true });
  await Promise.race([pause(ms), stopped]);
  signal.removeEventListener('abort', stop);
}
