/** What a process of a cluster is told, and what it says of itself. */
import type { DispatchOptions } from '../embedded/dispatch-protocol';
import type { PlaysSource, LogEntry } from '../rapport.types';

/** `api` takes touchpoints and answers; `engine` decides; `dispatcher` carries out. */
export const CLUSTER_ROLES = ['api', 'engine', 'dispatcher'] as const;
export type ClusterRole = (typeof CLUSTER_ROLES)[number];

/** How to reach the two servers. Passwords stand in it: it is never logged. */
export interface ClusterConnection {
  /** As the client of EventStoreDB takes it. */
  eventStoreUrl: string;
  /** As the driver of MongoDB takes it, with the name of the database in its path. */
  mongoUrl: string;
}

export interface ClusterOptions extends ClusterConnection {
  /** Folder for what this process alone needs: where a command line finds it, the sandbox's outbox. */
  data: string;
  /** Absent = all. */
  roles?: readonly ClusterRole[];
  /** Of a new store; of an existing one it must be what it was made with. Absent = what the store has, 64 for a new one. */
  partitions?: number;
  /** Threads that fold; default 1. */
  engineThreads?: number;
  /** A lease that is not renewed for so long is another worker's to take; default LEASE_MS. */
  leaseMs?: number;
  definitionFile?: string;
  plays?: PlaysSource;
  settleQuietMs?: number;
  dispatch?: DispatchOptions | 'off';
  /** `log`: a copied log is folded as it is, nothing is added to it by the clock. Default `own`. */
  controls?: 'own' | 'log';
  log?: (entry: LogEntry) => void;
}

/** How a partition stands, as every process sees it. */
export interface PartitionStatus {
  partition: number;
  /** The worker that folds it; '' = nobody at present. */
  owner: string;
  /** The worker that carries out its actions; '' = nobody at present. */
  dispatcher: string;
  /** Inputs in the log that the read models do not show. */
  lagEvents: number;
  /** Everything in the log up to here is shown. */
  position: number;
  /** Of this process's own partitions: why one does not go on. */
  trouble?: string;
}

export const LEASE_MS = 10_000;
