/**
 * Which stamps count. A stamp that runs ahead of the partition's clock by more than CLOCK_JUMP_TOLERANCE_MS is not believed until the
 * log holds a verdict (ClockJudged); a replay finds the verdict further on in the log and obeys it.
 */
import { type Chunk, EventCursor, lastPosition, type LogReader } from '@rapport/event-store';
import { CLOCK_JUMP_TOLERANCE_MS, type ClockJudged, EVENT } from './control-events';
import type { PartitionState } from './partition-state';

/** Events read at once while looking ahead for a verdict. */
const VERDICT_EVENTS_PER_READ = 2_000;

export class ClockGuard {
  constructor(private readonly log: LogReader) {}

  /** The stamp that counts for a chunk; null = it jumped and no verdict is in the log yet. */
  believedStamp(chunk: Chunk, partition: PartitionState): number | null {
    const stamp = chunk.recordedAt;
    if (partition.clock === 0 || stamp <= partition.clock + CLOCK_JUMP_TOLERANCE_MS) {
      partition.distrust = false;
      return stamp;
    }
    if (!partition.distrust) {
      const verdict = this.firstVerdict(chunk);
      if (verdict === null) return null;
      if (verdict.believe) return stamp;
      partition.distrust = true;
    }
    freeze(chunk, partition);
    return partition.clock;
  }

  judge(verdict: ClockJudged, stamp: number, partition: PartitionState): void {
    partition.distrust = !verdict.believe;
    if (verdict.believe && stamp > partition.clock) partition.clock = stamp;
  }

  /** The first verdict at or after this chunk in its stream. */
  private firstVerdict(chunk: Chunk): ClockJudged | null {
    const cursor = new EventCursor();
    for (let revision = chunk.firstRevision; ;) {
      const chunks = this.log.streamChunks(chunk.stream, revision, VERDICT_EVENTS_PER_READ);
      if (chunks.length === 0) return null;
      for (const ahead of chunks) {
        cursor.reset(ahead);
        while (cursor.next()) if (cursor.type === EVENT.clockJudged) return JSON.parse(cursor.data) as ClockJudged;
        revision = ahead.firstRevision + ahead.count;
      }
    }
  }
}

function freeze(chunk: Chunk, partition: PartitionState): void {
  const to = lastPosition(chunk);
  const last = partition.frozen.at(-1);
  if (last && last.at === partition.clock) last.to = to;
  else partition.frozen.push({ from: chunk.firstPosition, to, at: partition.clock });
}
