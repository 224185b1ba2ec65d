/** What every process sees of all partitions: who owns them, and how many inputs they are behind. */
import type { EventStore } from '@rapport/event-store';
import { touchpointStream } from '../../partition';
import type { PartitionStatus } from '../cluster.types';
import type { LeaseTable } from '../leases/lease-table';
import type { ProgressWatch } from './progress-watch';

const LOOK_MS = 2_000;
/** Streams whose heads are asked for at one time. */
const HEADS_AT_ONCE = 8;

export interface ViewPorts {
  log: Pick<EventStore, 'streamHead' | 'head'>;
  engines: Pick<LeaseTable, 'rows'>;
  dispatchers: Pick<LeaseTable, 'rows'>;
  watch: ProgressWatch;
  partitions: number;
}

export class ClusterView {
  head = 0;
  private heads: number[] = [];
  private owners: string[] = [];
  private dispatchers: string[] = [];
  private timer: NodeJS.Timeout | null = null;
  private closed = false;
  private looking: Promise<void> = Promise.resolve();
  trouble: string | null = null;

  constructor(private readonly ports: ViewPorts) {}

  async start(): Promise<void> {
    this.looking = this.look();
    await this.looking;
  }

  partitions(): PartitionStatus[] {
    const { partitions, watch } = this.ports;
    return Array.from({ length: partitions }, (_, partition) => {
      const { inputs, position } = watch.of(partition);
      return {
        ...{ partition, position, owner: this.owners[partition] ?? '', dispatcher: this.dispatchers[partition] ?? '' },
        lagEvents: Math.max(0, (this.heads[partition] ?? -1) - inputs),
      };
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    const { log, engines, dispatchers, partitions } = this.ports;
    try {
      this.head = (await log.head()).position;
      for (let from = 0; from < partitions && !this.closed; from += HEADS_AT_ONCE) {
        const some = Array.from({ length: Math.min(HEADS_AT_ONCE, partitions - from) }, (_, i) => from + i);
        const heads = await Promise.all(some.map((partition) => log.streamHead(touchpointStream(partition))));
        heads.forEach((head, i) => (this.heads[from + i] = head));
      }
      for (const row of await engines.rows()) this.owners[row.partition] = row.expired ? '' : row.owner;
      for (const row of await dispatchers.rows()) this.dispatchers[row.partition] = row.expired ? '' : row.owner;
      this.trouble = null;
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
    }
    if (this.closed) return;
    this.timer = setTimeout(() => {
      this.looking = this.look();
    }, LOOK_MS);
    this.timer.unref();
  }
}
