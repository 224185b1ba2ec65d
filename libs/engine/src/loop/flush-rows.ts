/** What a flush writes, and what a start reads back. */
import type { Checkpoint, CustomerRow, CustomerRows, Flush } from '@rapport/read-models';
import type { Gathered } from './changes-in-force';
import type { Counters } from './counters';
import { type CustomerRecord, NO_CHUNKS, toProfileRow, toRow } from './customer-record';
import { newPartition, type PartitionState, type PendingControl } from './partition-state';
import { TreatedEarly } from './treated-early';

export interface EngineCheckpoint {
  partitions: PartitionState[];
}

export interface Flushable {
  readonly position: number;
  readonly recordedAt: number;
  readonly checkpoint: EngineCheckpoint;
  readonly counters: Counters;
}

/**
 * The rows of these customers, each made when the writer comes to it: a hundred thousand at once would outlive the young
 * generation and cost the collector more than the making.
 */
class RowsOf implements CustomerRows {
  constructor(private readonly records: readonly CustomerRecord[]) {}

  get length(): number {
    return this.records.length;
  }

  *[Symbol.iterator](): Iterator<CustomerRow> {
    for (const record of this.records) yield toRow(record);
  }
}

export function buildFlush(core: Flushable, records: CustomerRecord[], gathered: Gathered): Flush {
  const flush: Flush = {
    checkpoint: { position: core.position, recordedAt: core.recordedAt, engine: JSON.stringify(core.checkpoint) },
    customers: new RowsOf(records),
    chunks: [],
    profiles: [],
    changes: gathered.changes,
    parked: gathered.parked,
    counters: core.counters.rows(),
    plays: gathered.plays,
  };
  for (const record of records) {
    if (record.profileChanged) flush.profiles.push(toProfileRow(record));
    for (const chunk of record.newChunks) flush.chunks.push(chunk);
    record.profileChanged = false;
    record.newChunks = NO_CHUNKS;
  }
  return flush;
}

/** JSON holds whom an audience run has reached early as a list. */
function revived(control: PendingControl): PendingControl {
  if (control.kind !== 'audience') return control;
  return { ...control, early: new TreatedEarly(control.early as unknown as string[]) };
}

export function readCheckpoint(
  checkpoint: Checkpoint | null,
): (EngineCheckpoint & { position: number; recordedAt: number }) | null {
  if (!checkpoint) return null;
  const engine = JSON.parse(checkpoint.engine) as EngineCheckpoint;
  // Keys in the order in which a rebuild writes them, whatever was left out.
  const partitions = engine.partitions.map((own) => ({
    ...newPartition(own.partition),
    ...own,
    pending: own.pending.map(revived),
  }));
  return { partitions, position: checkpoint.position, recordedAt: checkpoint.recordedAt };
}
