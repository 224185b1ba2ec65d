/** A store that was closed for days has a gap in its stamps that is no jump of the clock: the start says so in the log. */
import type { EventStore, LogReader } from '@rapport/event-store';
import { CLOCK_JUMP_TOLERANCE_MS, EVENT } from '../loop/control-events';
import { controlRequest } from '../loop/idle-work';
import { touchpointStream } from '../partition';
import type { LogEntry } from '../rapport.types';

/** A longer gap is not taken for a rest of the store without an operator's word. */
export const START_GAP_BELIEVED_MS = 400 * 24 * 3_600_000;

export async function judgeClockAtStart(
  store: EventStore,
  log: LogReader,
  partitions: number,
  say: (entry: LogEntry) => void,
): Promise<void> {
  const now = Date.now();
  const requests = [];
  let longest = 0;
  for (let partition = 0; partition < partitions; partition++) {
    const gap = now - lastStamp(log, touchpointStream(partition), now);
    longest = Math.max(longest, gap);
    if (gap <= CLOCK_JUMP_TOLERANCE_MS || gap > START_GAP_BELIEVED_MS) continue;
    requests.push(controlRequest(partition, EVENT.clockJudged, { believe: true, stamp: now, by: 'start' }, now));
  }
  if (requests.length > 0) await store.append(requests);
  if (longest > START_GAP_BELIEVED_MS) {
    say({
      level: 'warn',
      message: `the clock is ${Math.round(longest / 86_400_000)} days ahead of the log: if that is right, say so with "rapport clock believe"`,
    });
  }
}

function lastStamp(log: LogReader, stream: string, none: number): number {
  const head = log.streamHead(stream);
  if (head < 0) return none;
  return log.streamChunks(stream, head, 1).at(-1)?.recordedAt ?? none;
}
