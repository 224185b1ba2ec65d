/** Who owns which partition, as all processes see it. Leases are judged by the table's own clock. */
export interface LeaseRow {
  partition: number;
  /** '' = nobody. */
  owner: string;
  /** Rises by one with each change of hands. */
  token: number;
  expired: boolean;
}

export interface LeaseTable {
  /** This worker lives, for `ttlMs` from now; those that live. */
  beat(worker: string, ttlMs: number): Promise<string[]>;
  rows(): Promise<LeaseRow[]>;
  /** Takes a partition that nobody owns or whose lease has expired. Null = somebody was faster. */
  take(partition: number, worker: string, ttlMs: number): Promise<{ token: number } | null>;
  /** Of these leases, those that are this worker's still: they last for `ttlMs` from now. */
  renew(worker: string, held: { partition: number; token: number }[], ttlMs: number): Promise<number[]>;
  release(partition: number, worker: string, token: number): Promise<void>;
  /** The worker leaves. */
  leave(worker: string): Promise<void>;
}
