/** The leases of one role, asked over a line. */
import type { WaitingLine } from '@rapport/blocking-calls';
import type { LeaseRow } from './leases';
import type { StoreAnswers } from './store-answers';

export class MongoLeaseTable {
  constructor(
    private readonly store: WaitingLine<StoreAnswers>,
    private readonly role: string,
    private readonly partitions: number,
  ) {}

  /** This worker lives, for `ttlMs` from now; those that live. */
  beat(worker: string, ttlMs: number): Promise<string[]> {
    return this.store.ask('beat', this.role, worker, ttlMs);
  }

  /** One for each partition, in their order. */
  rows(): Promise<LeaseRow[]> {
    return this.store.ask('leaseRows', this.role, this.partitions);
  }

  /** Takes a partition that nobody owns or whose lease has expired. Null = somebody else has it. */
  take(partition: number, worker: string, ttlMs: number): Promise<{ token: number } | null> {
    return this.store.ask('take', this.role, partition, worker, ttlMs);
  }

  /** Of these leases, those that are this worker's still: they last for `ttlMs` from now. */
  renew(worker: string, held: { partition: number; token: number }[], ttlMs: number): Promise<number[]> {
    const plain = held.map(({ partition, token }) => ({ partition, token }));
    return this.store.ask('renew', this.role, worker, plain, ttlMs);
  }

  release(partition: number, worker: string, token: number): Promise<void> {
    return this.store.ask('release', this.role, partition, worker, token);
  }

  /** The worker leaves. */
  leave(worker: string): Promise<void> {
    return this.store.ask('leave', this.role, worker);
  }
}
