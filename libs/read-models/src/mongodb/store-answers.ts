/** What concerns the store as a whole: generations, checkpoints and leases. */
import type { Checkpoint } from '../read-models';
import type { MongoConnection } from './connection';
import { Generations } from './generations';
import { type LeaseRow, Leases } from './leases';
import { ensureIndexes, Models } from './models';

export interface PartitionCheckpoint {
  partition: number;
  checkpoint: Checkpoint;
}

export class StoreAnswers {
  private readonly generations: Generations;
  private readonly leases: Leases;

  constructor(private readonly connection: MongoConnection) {
    this.generations = new Generations(connection.db);
    this.leases = new Leases(connection.db);
  }

  /** The generation in use; made where there is none. */
  current(): Promise<number> {
    return this.generations.current();
  }

  /** A fresh one, to be filled beside the one in use. */
  async next(): Promise<number> {
    const generation = await this.generations.next();
    await this.prepare(generation);
    return generation;
  }

  switchTo(generation: number): Promise<void> {
    return this.generations.switchTo(generation);
  }

  dropOld(graceMs: number): Promise<number[]> {
    return this.generations.dropOld(graceMs);
  }

  discard(generation: number): Promise<void> {
    return this.generations.discard(generation);
  }

  /** Makes and verifies the indexes. Rejects with MongoIndexError. */
  prepare(generation: number): Promise<void> {
    return ensureIndexes(new Models(this.connection.db, generation));
  }

  /** Of each partition that has flushed. */
  async checkpoints(generation: number): Promise<PartitionCheckpoint[]> {
    const options = { readConcern: { level: 'majority' } } as const;
    const found = await new Models(this.connection.db, generation).progress.find({}, options).toArray();
    return found.flatMap(({ _id, position, recordedAt, engine }) =>
      position === null ? [] : [{ partition: Number(_id), checkpoint: { position, recordedAt, engine } }],
    );
  }

  beat(role: string, worker: string, ttlMs: number): Promise<string[]> {
    return this.leases.beat(role, worker, ttlMs);
  }

  leave(role: string, worker: string): Promise<void> {
    return this.leases.leave(role, worker);
  }

  leaseRows(role: string, partitions: number): Promise<LeaseRow[]> {
    return this.leases.rows(role, partitions);
  }

  take(role: string, partition: number, worker: string, ttlMs: number): Promise<{ token: number } | null> {
    return this.leases.take(role, partition, worker, ttlMs);
  }

  renew(role: string, worker: string, held: { partition: number; token: number }[], ttlMs: number): Promise<number[]> {
    return this.leases.renew(role, worker, held, ttlMs);
  }

  release(role: string, partition: number, worker: string, token: number): Promise<void> {
    return this.leases.release(role, partition, worker, token);
  }
}
