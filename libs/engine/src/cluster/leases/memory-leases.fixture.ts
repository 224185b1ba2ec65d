/** A table of leases in memory, for specs: what the database does, judged by one clock. */
import { steadyMs } from '../run/ownership';
import type { LeaseRow, LeaseTable } from './lease-table';

interface Lease {
  owner: string;
  token: number;
  until: number;
}

export class MemoryLeases {
  private readonly leases: Lease[];
  private readonly workers = new Map<string, number>();
  /** Workers that reach it no more. */
  readonly cutOff = new Set<string>();

  constructor(partitions: number) {
    this.leases = Array.from({ length: partitions }, () => ({ owner: '', token: 0, until: 0 }));
  }

  /** As one worker reaches it. */
  of(worker: string): LeaseTable {
    const reach = <T>(answer: () => T): Promise<T> =>
      this.cutOff.has(worker) ? Promise.reject(new Error('no connection')) : Promise.resolve(answer());
    return {
      beat: (name, ttlMs) => reach(() => this.beat(name, ttlMs)),
      rows: () => reach(() => this.rows()),
      take: (partition, name, ttlMs) => reach(() => this.take(partition, name, ttlMs)),
      renew: (name, held, ttlMs) => reach(() => this.renew(name, held, ttlMs)),
      release: (partition, name, token) => reach(() => this.release(partition, name, token)),
      leave: (name) => reach(() => void this.workers.delete(name)),
    };
  }

  rows(): LeaseRow[] {
    return this.leases.map(({ owner, token, until }, partition) => ({
      ...{ partition, owner, token },
      expired: until <= steadyMs(),
    }));
  }

  private beat(worker: string, ttlMs: number): string[] {
    this.workers.set(worker, steadyMs() + ttlMs);
    return [...this.workers].filter(([, until]) => until > steadyMs()).map(([name]) => name);
  }

  private take(partition: number, worker: string, ttlMs: number): { token: number } | null {
    const lease = this.leases[partition]!;
    if (lease.owner !== '' && lease.until > steadyMs()) return null;
    this.leases[partition] = { owner: worker, token: lease.token + 1, until: steadyMs() + ttlMs };
    return { token: lease.token + 1 };
  }

  private renew(worker: string, held: { partition: number; token: number }[], ttlMs: number): number[] {
    const kept = held.filter(({ partition, token }) => {
      const lease = this.leases[partition]!;
      return lease.owner === worker && lease.token === token;
    });
    for (const { partition } of kept) this.leases[partition]!.until = steadyMs() + ttlMs;
    return kept.map(({ partition }) => partition);
  }

  private release(partition: number, worker: string, token: number): void {
    const lease = this.leases[partition]!;
    if (lease.owner === worker && lease.token === token) this.leases[partition] = { ...lease, owner: '', until: 0 };
  }
}
