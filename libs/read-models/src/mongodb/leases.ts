/**
 * Who owns which partition, and which workers live, by the server's clock ($$NOW): no process judges a lease by its own. The token of a partition
 * rises by one with each change of hands and never falls, also while nobody owns it.
 */
import type { Collection, Db, Document } from 'mongodb';

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

const LONG_AGO = new Date(0);
/** A document that holds no lease. */
const CLOCK = 'clock';

export class Leases {
  private readonly leases: Collection<LeaseDoc>;
  private readonly workers: Collection<WorkerDoc>;

  constructor(db: Db) {
    this.leases = db.collection('leases');
    this.workers = db.collection('workers');
  }

  /** This worker lives, for `ttlMs` from now; those that live, in the order of their names. */
  async beat(role: string, worker: string, ttlMs: number): Promise<string[]> {
    const alive = [
      { $set: { role: { $literal: role }, worker: { $literal: worker }, until: { $add: ['$$NOW', ttlMs] } } },
    ];
    await this.workers.updateOne({ _id: `${role}|${worker}` }, alive, { upsert: true });
    const now = await this.now();
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
      found.map(({ partition, owner, token, until }) => [partition, { partition, owner, token, expired: until <= now }]),
    );
    return Array.from({ length: partitions }, (_, partition) => {
      return known.get(partition) ?? { partition, owner: '', token: 0, expired: true };
    });
  }

  /** Takes a partition that nobody owns or whose lease has expired. Null = somebody else has it. */
  async take(role: string, partition: number, worker: string, ttlMs: number): Promise<{ token: number } | null> {
    const free = { $or: [{ $eq: ['$owner', ''] }, { $lte: [{ $ifNull: ['$until', LONG_AGO] }, '$$NOW'] }] };
    const mine = {
      role: { $literal: role },
      partition: { $literal: partition },
      // Literal: a name that begins with $ is a name.
      owner: when(free, { $literal: worker }, '$owner'),
      token: when(free, { $add: [{ $ifNull: ['$token', 0] }, 1] }, '$token'),
      until: when(free, { $add: ['$$NOW', ttlMs] }, '$until'),
      // Tells this call's success from a lease that the same worker holds already.
      taken: free,
    };
    const doc = await this.change({ _id: `${role}|${partition}` }, [{ $set: mine }]);
    return doc?.['taken'] === true && doc['owner'] === worker ? { token: Number(doc['token']) } : null;
  }

  /** Of these leases, those that are this worker's still: they last for `ttlMs` from now. */
  async renew(
    role: string,
    worker: string,
    held: readonly { partition: number; token: number }[],
    ttlMs: number,
  ): Promise<number[]> {
    if (held.length === 0) return [];
    const ids = held.map(({ partition }) => `${role}|${partition}`);
    const longer = held.map(({ partition, token }) => ({
      updateOne: {
        filter: { _id: `${role}|${partition}`, owner: worker, token },
        update: [
          { $set: { until: when({ $gt: ['$until', '$$NOW'] }, { $add: ['$$NOW', ttlMs] }, '$until') } },
        ] as Document[],
      },
    }));
    await this.leases.bulkWrite(longer, { ordered: false });
    const now = await this.now();
    const rows = await this.leases.find({ _id: { $in: ids }, owner: worker }).toArray();
    const kept = new Map(rows.flatMap((row) => (row.until > now ? [[row.partition, row.token]] : [])));
    return held.filter(({ partition, token }) => kept.get(partition) === token).map(({ partition }) => partition);
  }

  /** Where it is this worker's still. The token stays, so that the next owner's is greater. */
  async release(role: string, partition: number, worker: string, token: number): Promise<void> {
    await this.leases.updateOne(
      { _id: `${role}|${partition}`, owner: worker, token },
      { $set: { owner: '', until: LONG_AGO } },
    );
  }

  /** By the server. Asked by a write: there every server knows $$NOW, in queries not all do. */
  private async now(): Promise<Date> {
    const doc = await this.change({ _id: CLOCK }, [{ $set: { role: CLOCK, until: '$$NOW' } }]);
    return (doc as LeaseDoc).until;
  }

  /** Two that make the same document at once: one of them tries again. */
  private async change(filter: { _id: string }, update: Document[]): Promise<Document | null> {
    try {
      return await this.leases.findOneAndUpdate(filter, update, { upsert: true, returnDocument: 'after' });
    } catch (error) {
      if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error;
      return this.leases.findOneAndUpdate(filter, update, { returnDocument: 'after' });
    }
  }
}

const DUPLICATE_KEY = 11_000;

function when(condition: Document, then: unknown, otherwise: unknown): Document {
  return { $cond: [condition, then, otherwise] };
}
