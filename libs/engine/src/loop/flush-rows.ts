/** What a flush writes, and what a start reads back. */
import type { ChangeOp, Checkpoint, Flush, ParkedOp } from '@rapport/read-models';
import type { Counters } from './counters';
import { type CustomerRecord, NO_CHUNKS, toProfileRow, toRow } from './customer-record';
import type { PartitionState } from './partition-state';

export interface EngineCheckpoint {
  partitions: PartitionState[];
}

export interface Flushable {
  readonly position: number;
  readonly recordedAt: number;
  readonly checkpoint: EngineCheckpoint;
  readonly counters: Counters;
}

export function buildFlush(
  core: Flushable,
  records: CustomerRecord[],
  gathered: { changes: ChangeOp[]; parked: ParkedOp[] },
): Flush {
  const flush: Flush = {
    checkpoint: { position: core.position, recordedAt: core.recordedAt, engine: JSON.stringify(core.checkpoint) },
    customers: [],
    chunks: [],
    profiles: [],
    changes: gathered.changes,
    parked: gathered.parked,
    counters: core.counters.rows(),
  };
  for (const record of records) {
    flush.customers.push(toRow(record));
    if (record.profileChanged) flush.profiles.push(toProfileRow(record));
    for (const chunk of record.newChunks) flush.chunks.push(chunk);
    record.profileChanged = false;
    record.newChunks = NO_CHUNKS;
  }
  return flush;
}

export function readCheckpoint(
  checkpoint: Checkpoint | null,
): (EngineCheckpoint & { position: number; recordedAt: number }) | null {
  if (!checkpoint) return null;
  const engine = JSON.parse(checkpoint.engine) as EngineCheckpoint;
  return { ...engine, position: checkpoint.position, recordedAt: checkpoint.recordedAt };
}
