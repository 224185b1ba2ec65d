/** The reads by key that the engine and the queries share. */
import type { Checkpoint, CounterRow, ProfileRow } from '../read-models';
import { ownBytes, type ProgressDoc, progressKey } from './documents';
import type { Models } from './models';
import type { Reading } from './reading';

export class PointReads {
  /** `partition` = of this one only. */
  constructor(
    private readonly models: Models,
    private readonly reading: Reading,
    private readonly partition?: number,
  ) {}

  /** Of all partitions together: the smallest position, and the engines' lists joined. */
  async checkpoint(): Promise<Checkpoint | null> {
    const flushed = (await this.progress()).filter((doc) => doc.position !== null);
    const first = flushed.reduce<ProgressDoc | null>((a, b) => (a && a.position! <= b.position! ? a : b), null);
    if (!first) return null;
    const engine = flushed.length === 1 ? first.engine : joined(flushed.map((doc) => doc.engine));
    return { position: first.position!, recordedAt: first.recordedAt, engine };
  }

  /** By rising partition. */
  async progress(): Promise<ProgressDoc[]> {
    const filter = this.partition === undefined ? {} : { _id: progressKey(this.partition) };
    const found = await this.models.progress.find(filter, this.reading.options).toArray();
    return found.sort((a, b) => Number(a._id) - Number(b._id));
  }

  async counters(): Promise<CounterRow[]> {
    return (await this.progress()).flatMap((doc) => doc.counters);
  }

  async profile(no: number): Promise<ProfileRow | null> {
    const doc = await this.models.profiles.findOne({ _id: no }, this.reading.options);
    if (!doc) return null;
    const { customerId, traits, personal } = doc;
    return { no, traits, personal, customerId };
  }

  async chunks(no: number): Promise<Uint8Array[]> {
    const found = await this.models.chunks.find({ no }, this.reading.options).sort({ no: 1, chunk: 1 }).toArray();
    return found.map((doc) => ownBytes(doc.bytes));
  }

  unsettledCount(): Promise<number> {
    const where = this.partition === undefined ? {} : { partition: this.partition };
    return this.models.customers.countDocuments({ ...where, unsettled: true }, this.reading.options);
  }
}

/** Lists of the same name, one after the other. */
function joined(engines: readonly string[]): string {
  const lists: Record<string, unknown[]> = {};
  for (const text of engines)
    for (const [name, value] of Object.entries(JSON.parse(text) as Record<string, unknown>))
      if (Array.isArray(value)) (lists[name] ??= []).push(...(value as unknown[]));
  return JSON.stringify(lists);
}
