/**
 * Who owns which partition, and which workers live, by the server's clock: no process judges a lease by its own. The token of a partition
 * rises by one with each change of hands and never falls, also while nobody owns it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Collection, Db } from 'mongodb';

export interface LeaseRow {
  partition: number;
  /** '' = nobody. */
  owner: string;
  token: number;
  expired: boolean;
}

interface LeaseDoc {
  _id: string;
  role: string;
  partition: number;
  owner: string;
  token: number;
  until: Date;
}
interface WorkerDoc {
  _id: string;
  role: string;
  worker: string;
  until: Date;
}

interface ClockDoc {
  _id: string;
  now: Date;
}

const LONG_AGO = new Date(0);
const CLOCK = 'server';
const CLOCK_ATTEMPTS_MAX = 10;
const CLOCK_PAUSE_MS = 20;

export class Leases {
  private readonly leases: Collection<LeaseDoc>;
  private readonly workers: Collection<WorkerDoc>;
  private readonly clock: Collection<ClockDoc>;

  constructor(db: Db) {
    this.leases = db.collection('leases');
    this.workers = db.collection('workers');
    this.clock = db.collection('clock');
  }

  /** This worker lives, for `ttlMs` from now; those that live, in the order of their names. */
  async beat(role: string, worker: string, ttlMs: number): Promise<string[]> {
    const now = await this.now();
    const alive = { $set: { role, worker, until: after(now, ttlMs) } };
    await this.workers.updateOne({ _id: `${role}|${worker}` }, alive, { upsert: true });
    const rows = await this.workers.find({ role }).toArray();
    return rows.flatMap((row) => (row.until > now ? [row.worker] : [])).sort();
  }

  async leave(role: string, worker: string): Promise<void> {
    await this.workers.deleteOne({ _id: `${role}|${worker}` });
  }

  /** One for each partition, also where nobody has ever owned it. */
  async rows(role: string, partitions: number): Promise<LeaseRow[]> {
    const now = await this.now();
    const found = await this.leases.find({ role }).toArray();
    const known = new Map(
      found.map(({ partition, owner, token, until }) => [
        partition,
        { partition, owner, token, expired: until <= now },
      ]),
    );
    return Array.from({ length: partitions }, (_, partition) => {
      return known.get(partition) ?? { partition, owner: '', token: 0, expired: true };
    });
  }

  /** Takes a partition that nobody owns or whose lease has expired. Null = somebody else has it. */
  async take(role: string, partition: number, worker: string, ttlMs: number): Promise<{ token: number } | null> {
    const _id = `${role}|${partition}`;
    const now = await this.now();
    const mine = { role, partition, owner: worker, until: after(now, ttlMs) };
    try {
      const doc = await this.leases.findOneAndUpdate(
        { _id, $or: [{ owner: '' }, { until: { $lte: now } }] },
        { $set: mine, $inc: { token: 1 } },
        { upsert: true, returnDocument: 'after' },
      );
      return doc && { token: doc.token };
    } catch (error) {
      // There, but not free: the filter did not match, and the upsert met the key.
      if (isDuplicate(error)) return null;
      throw error;
    }
  }

  /** Of these leases, those that are this worker's still: they last for `ttlMs` from now. */
  async renew(
    role: string,
    worker: string,
    held: readonly { partition: number; token: number }[],
    ttlMs: number,
  ): Promise<number[]> {
    if (held.length === 0) return [];
    const now = await this.now();
    const until = after(now, ttlMs);
    const longer = held.map(({ partition, token }) => ({
      updateOne: {
        filter: { _id: `${role}|${partition}`, owner: worker, token, until: { $gt: now } },
        update: { $set: { until } },
      },
    }));
    await this.leases.bulkWrite(longer, { ordered: false });
    const ids = held.map(({ partition }) => `${role}|${partition}`);
    const rows = await this.leases.find({ _id: { $in: ids }, owner: worker, until: { $gte: until } }).toArray();
    const kept = new Map(rows.map((row) => [row.partition, row.token]));
    return held.filter(({ partition, token }) => kept.get(partition) === token).map(({ partition }) => partition);
  }

  /** Where it is this worker's still. The token stays, so that the next owner's is greater. */
  async release(role: string, partition: number, worker: string, token: number): Promise<void> {
    await this.leases.updateOne(
      { _id: `${role}|${partition}`, owner: worker, token },
      { $set: { owner: '', until: LONG_AGO } },
    );
  }

  /**
   * By the server. What is compared with it comes later, so a lease is never taken too early; one that runs out in between is
   * renewed only where nobody else has taken it.
   */
  private async now(): Promise<Date> {
    for (let attempt = 1; ; attempt++) {
      try {
        const ask = { $currentDate: { now: true } } as const;
        const doc = await this.clock.findOneAndUpdate({ _id: CLOCK }, ask, { upsert: true, returnDocument: 'after' });
        if (doc) return doc.now;
      } catch (error) {
        // Another process makes it in the same moment.
        if (!isDuplicate(error) || attempt === CLOCK_ATTEMPTS_MAX) throw error;
      }
      if (attempt === CLOCK_ATTEMPTS_MAX) throw new Error('MongoDB does not say what time it is.');
      await pause(CLOCK_PAUSE_MS);
    }
  }
}

const DUPLICATE_KEY = 11_000;

function isDuplicate(error: unknown): boolean {
  return (error as { code?: unknown }).code === DUPLICATE_KEY;
}

function after(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}
