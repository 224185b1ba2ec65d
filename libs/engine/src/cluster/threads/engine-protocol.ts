/** Messages between a process and its threads that fold partitions. */
import type { LogEntry } from '../../rapport.types';
import type { LineEnd } from '@rapport/blocking-calls';
import type { StoreMeta } from '@rapport/event-store';
import type { ClusterConnection } from '../cluster.types';
import type { PartitionStanding } from '../run/engine-host';

export interface EngineThreadData {
  connection: ClusterConnection;
  meta: StoreMeta;
  /** Where the log answers questions that cannot wait. */
  log: LineEnd;
  settleQuietMs: number;
  controls: 'own' | 'log';
  /** Customers kept in memory by each partition. */
  cachedCustomersMax: number;
}

export type ToEngineThread =
  | { kind: 'own'; partition: number; token: number; until: number }
  | { kind: 'renewed'; partition: number; until: number }
  | { kind: 'lost'; partition: number }
  | { kind: 'giveBack'; partition: number; id: number }
  | { kind: 'stop' };

export type FromEngineThread =
  | { kind: 'standing'; standing: PartitionStanding[] }
  | { kind: 'gaveBack'; id: number }
  | { kind: 'log'; entry: LogEntry }
  /** This code does not know what the partitions have adopted: it must fold none. */
  | { kind: 'unfit'; detail: string }
  | { kind: 'stopped' }
  | { kind: 'failed'; message: string };
