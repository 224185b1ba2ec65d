/**
 * Keeps a worker's fair share of the partitions: renews what it holds, gives back what is too much, takes what is free. What it believes to
 * hold it believes for a margin less than the table does, by a clock that goes on while the process is stopped.
 */
import type { LogEntry } from '../../rapport.types';
import { Ownership, steadyMs } from '../run/ownership';
import type { LeaseRow, LeaseTable } from './lease-table';

export interface KeeperPorts {
  table: LeaseTable;
  worker: string;
  partitions: number;
  /** How long a lease lasts that is not renewed. */
  leaseMs: number;
  owned(ownership: Ownership): void;
  renewed(partition: number, until: number): void;
  /** It is another's, or may be: nothing more may be written. */
  lost(partition: number): void;
  /** Resolves when everything is written and the partition is let go of. */
  giveBack(partition: number): Promise<void>;
  say(entry: LogEntry): void;
}

/** Leases are renewed so often within their time. */
const RENEWALS_PER_LEASE = 4;
/** Not believed at the end of a lease, as a share of it. */
const MARGIN_SHARE = 0.2;

export class LeaseKeeper {
  private readonly held = new Map<number, Ownership>();
  private readonly leaving = new Set<number>();
  private timer: NodeJS.Timeout | null = null;
  private round: Promise<void> = Promise.resolve();
  private stopped = false;
  private trouble = false;

  constructor(private readonly ports: KeeperPorts) {}

  get owned(): readonly number[] {
    return [...this.held.keys()];
  }

  start(): void {
    this.round = this.turn();
  }

  /** Gives everything back. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.round;
    await Promise.all([...this.held.keys()].map((partition) => this.giveBack(partition)));
    await this.ports.table.leave(this.ports.worker);
  }

  private async turn(): Promise<void> {
    try {
      await this.renew();
      if (!this.stopped) await this.balance();
      this.trouble = false;
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      if (!this.trouble) this.ports.say({ level: 'warn', message: `leases cannot be kept at present: ${detail}` });
      this.trouble = true;
    }
    this.dropExpired();
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.round = this.turn();
    }, this.ports.leaseMs / RENEWALS_PER_LEASE);
  }

  private async renew(): Promise<void> {
    const { table, worker, leaseMs } = this.ports;
    if (this.held.size === 0) return;
    const until = this.believedUntil();
    const all = [...this.held.values()];
    const kept = new Set(await table.renew(worker, all, leaseMs));
    for (const ownership of all) {
      const { partition } = ownership;
      if (this.held.get(partition) !== ownership) continue;
      if (!kept.has(partition)) this.lose(partition);
      else {
        ownership.renewed(until);
        this.ports.renewed(partition, until);
      }
    }
  }

  private async balance(): Promise<void> {
    const { table, worker, partitions, leaseMs } = this.ports;
    const living = await table.beat(worker, leaseMs);
    const share = Math.ceil(partitions / Math.max(1, living.length));
    const mine = [...this.held.keys()].filter((partition) => !this.leaving.has(partition));
    for (const partition of mine.slice(share)) void this.giveBack(partition);
    if (mine.length >= share) return;
    for (const row of inTurn(await table.rows(), worker)) {
      if (this.held.size >= share || this.stopped) return;
      if (!this.held.has(row.partition) && (row.owner === '' || row.expired)) await this.take(row.partition);
    }
  }

  private async take(partition: number): Promise<void> {
    const until = this.believedUntil();
    const taken = await this.ports.table.take(partition, this.ports.worker, this.ports.leaseMs);
    if (!taken) return;
    const ownership = new Ownership(partition, taken.token, until);
    this.held.set(partition, ownership);
    this.ports.owned(ownership);
  }

  private async giveBack(partition: number): Promise<void> {
    const ownership = this.held.get(partition);
    if (!ownership || this.leaving.has(partition)) return;
    this.leaving.add(partition);
    try {
      await this.ports.giveBack(partition);
      if (this.held.get(partition) === ownership) this.held.delete(partition);
      await this.ports.table.release(partition, this.ports.worker, ownership.token);
    } catch (error) {
      // The lease runs out by itself.
      this.ports.say({ level: 'warn', message: error instanceof Error ? error.message : String(error), partition });
    } finally {
      this.leaving.delete(partition);
    }
  }

  /** Where the table could not be asked in time. */
  private dropExpired(): void {
    for (const { partition, valid } of [...this.held.values()]) if (!valid) this.lose(partition);
  }

  private lose(partition: number): void {
    this.held.get(partition)?.lost();
    this.held.delete(partition);
    this.ports.lost(partition);
  }

  private believedUntil(): number {
    return steadyMs() + this.ports.leaseMs * (1 - MARGIN_SHARE);
  }
}

/** From a place of its own on, so that workers that start together do not all reach for the same. */
function inTurn(rows: LeaseRow[], worker: string): LeaseRow[] {
  let hash = 0;
  for (const letter of worker) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0;
  const start = rows.length === 0 ? 0 : hash % rows.length;
  return [...rows.slice(start), ...rows.slice(0, start)];
}
