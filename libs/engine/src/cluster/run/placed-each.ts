/** Where each decision stands: read back from a store that only says where the last one does. */
import type { AppendRequest, AppendResult, StoredEvent } from '@rapport/event-store';
import { streamRole } from '../../partition';

export type ReadBack = (stream: string, fromRevision: number, count: number) => AsyncIterable<StoredEvent>;

/** Inputs are placed when they are folded; only decisions become rows by what their append says. */
export async function placedEach(
  { stream, events }: AppendRequest,
  result: AppendResult,
  readBack: ReadBack,
): Promise<AppendResult> {
  if (!result.ok || result.each !== undefined || streamRole(stream)?.role !== 'journey') return result;
  const positions = new Float64Array(events.count);
  const recordedAt = new Float64Array(events.count);
  let place = 0;
  for await (const event of readBack(stream, result.firstRevision, events.count)) {
    positions[place] = event.position;
    recordedAt[place++] = event.recordedAt;
  }
  if (place < events.count)
    throw new Error(
      `${stream} holds ${place} of ${events.count} decisions from revision ${result.firstRevision} on, which were acknowledged`,
    );
  return { ...result, each: { positions, recordedAt } };
}
