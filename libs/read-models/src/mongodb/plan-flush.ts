/** A flush as documents and the progress that comes with them. Reads what it needs; writes nothing. */
import type { CounterRow, Flush, ParkedOp } from '../read-models';
import { customerDoc, type OfCustomer, type ProgressDoc, type Shown } from './documents';
import type { Models } from './models';
import { planChanges } from './plan-changes';
import { type Names, planPlays } from './plan-plays';
import { type PlannedWrite, PlannedWrites } from './planned-writes';

export interface FlushPlan {
  f: number;
  writes: PlannedWrite[];
  next: Shown;
}

export async function planFlush(models: Models, progress: ProgressDoc, flush: Flush): Promise<FlushPlan> {
  const writes = new PlannedWrites(progress.f + 1);
  const names = namesFrom(models, flush);
  const highest = { ...progress.highest };
  for (const row of flush.customers) {
    writes.put('customers', customerDoc(row, writes.f), row.no > progress.highest.no);
    highest.no = Math.max(highest.no, row.no);
  }
  for (const row of flush.profiles) writes.put('profiles', { ...row, _id: row.no, f: writes.f } satisfies OfCustomer);
  await planChunks(flush, names, writes);
  highest.change = await planChanges(models, progress, flush.changes, writes);
  await planParked(models, flush.parked, writes);
  const plays = flush.plays ? await planPlays(models, flush.plays, progress.plays, names, writes) : progress.plays;
  const { position, recordedAt, engine } = flush.checkpoint;
  const counters = mergeCounters(progress.counters, flush.counters);
  return { f: writes.f, writes: writes.list, next: { position, recordedAt, engine, counters, plays, highest } };
}

async function planChunks({ chunks }: Flush, names: Names, writes: PlannedWrites): Promise<void> {
  const known = await names(chunks.map((row) => row.no));
  for (const { no, chunk, bytes } of chunks) {
    const customerId = known.get(no);
    if (customerId === undefined) throw new Error(`Read models: customer ${no} is missing. Run \`rapport rebuild\`.`);
    writes.put('timeline_chunks', { _id: `${no}|${chunk}`, customerId, no, chunk, bytes, f: writes.f } as OfCustomer);
  }
}

interface Named {
  no: number;
  customerId: string;
}

/** Ids of customers by their numbers: from the flush, where they mostly are, else from the collection. */
function namesFrom(models: Models, flush: Flush): Names {
  const known = new Map<number, string>();
  for (const { no, customerId } of flush.customers) known.set(no, customerId);
  for (const op of flush.plays?.ops ?? []) if ('row' in op) known.set(op.row.no, op.row.customerId);
  const only = { projection: { no: 1, customerId: 1 } } as const;
  return async (numbers) => {
    for (const collection of [models.customers, models.enrolments]) {
      const missing = [...new Set(numbers)].filter((no) => !known.has(no));
      if (missing.length === 0) return known;
      const found = collection.find({ no: { $in: missing } } as never, only);
      for await (const { no, customerId } of found as AsyncIterable<Named>) known.set(no, customerId);
    }
    return known;
  };
}

async function planParked(models: Models, ops: readonly ParkedOp[], writes: PlannedWrites): Promise<void> {
  const removed = ops.flatMap((op) => (op.op === 'remove' ? [op.position] : []));
  const owners = new Map<number, string>();
  if (removed.length > 0)
    for await (const doc of models.parked.find({ position: { $in: removed } }))
      owners.set(doc.position, doc.customerId);
  for (const op of ops) {
    if (op.op === 'add') {
      owners.set(op.row.position, op.row.customerId);
      writes.put('parked', { ...op.row, _id: op.row.position, f: writes.f } satisfies OfCustomer);
      continue;
    }
    const customerId = owners.get(op.position);
    if (customerId !== undefined) writes.remove('parked', { _id: op.position, customerId });
  }
}

/** Those at nothing go. */
function mergeCounters(before: readonly CounterRow[], changed: readonly CounterRow[]): CounterRow[] {
  const cells = new Map<string, CounterRow>();
  for (const row of [...before, ...changed]) cells.set(JSON.stringify([row.partition, row.stage, row.engagement]), row);
  return [...cells.values()].filter((row) => row.customers !== 0);
}
