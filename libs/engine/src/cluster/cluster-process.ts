/** The parts of one process of a cluster, opened and closed in their order. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { BlockingLogReader, type StoreMeta } from '@rapport/event-store';
import { HISTORY_QUIET_MS } from '../loop/control-events';
import type { LogEntry } from '../rapport.types';
import { CACHED_CUSTOMERS_MAX } from '../loop/customer-cache';
import type { Failure } from '../embedded/status';
import { ClusterDispatching } from './api/cluster-dispatching';
import { ClusterView } from './api/cluster-view';
import { ProgressWatch } from './api/progress-watch';
import { CLUSTER_ROLES, type ClusterOptions, LEASE_MS } from './cluster.types';
import { LeaseKeeper } from './leases/lease-keeper';
import { publishInCluster } from './store/definition';
import type { ClusterLog } from './store/cluster-log';
import { openLog, openShared, type Shared } from './store/open-stores';
import { openSettings } from './store/settings';
import { ClusterQueries } from './threads/cluster-queries';
import type { EngineThreadData } from './threads/engine-protocol';
import { EngineThreads } from './threads/engine-threads';
import { StoresThread } from './threads/stores-thread';

/** Beside its fair share a worker must be able to hold what others left. */
const CACHED_FOR_PARTITIONS_MIN = 8;
const WORKER_NAME_BYTES = 4;

export interface ClusterProcess {
  readonly worker: string;
  readonly log: ClusterLog;
  readonly meta: StoreMeta;
  readonly watch: ProgressWatch;
  readonly view: ClusterView;
  readonly queries: ClusterQueries;
  readonly engines: EngineThreads | null;
  readonly dispatching: ClusterDispatching;
  /** What stopped; undefined = nothing. */
  readonly failure: () => Failure | undefined;
  close(): Promise<void>;
}

export async function openProcess(options: ClusterOptions): Promise<ClusterProcess> {
  const parts = new Opened();
  try {
    return await open(options, parts);
  } catch (error) {
    await parts.close();
    throw error;
  }
}

const NOTHING_SENT =
  'the role dispatcher does nothing in a cluster yet: what plays ask for is decided and shown, but not sent (docs/cluster.md)';

async function open(options: ClusterOptions, parts: Opened): Promise<ClusterProcess> {
  const { roles = CLUSTER_ROLES, log: say = () => undefined, leaseMs = LEASE_MS } = options;
  const warn = (message: string): void => say({ level: 'warn', message });
  if (roles.includes('dispatcher')) warn(NOTHING_SENT);
  const log = await openLog(options, warn);
  parts.add(() => log.close());
  const meta = await openSettings(log, options.partitions);
  const shared = await openShared(options, meta.partitions);
  parts.add(() => shared.close());
  const stores = await StoresThread.start({ connection: connectionOf(options), meta }, warn);
  parts.add(() => stores.stop());
  await prepare(options, log, stores, say);
  const watch = new ProgressWatch(meta.partitions, () => shared.checkpoints());
  parts.add(() => watch.close());
  const view = new ClusterView({ log, watch, partitions: meta.partitions, ...shared });
  parts.add(() => view.close());
  const queries = ClusterQueries.start({ connection: connectionOf(options), partitions: meta.partitions }, stores);
  parts.add(() => queries.stop());
  const worker = `${hostname()}-${process.pid}-${randomBytes(WORKER_NAME_BYTES).toString('hex')}`;
  const stopped = new Stopped(say);
  const given = { options, meta, stores, shared, worker, leaseMs, stopped, say };
  const engines = roles.includes('engine') ? startEngines(given, parts) : null;
  const dispatching = await ClusterDispatching.open(log);
  parts.add(() => dispatching.stop());
  await watch.start();
  await view.start();
  const failure = (): Failure | undefined => stopped.failure;
  return { worker, log, meta, watch, view, queries, engines, dispatching, failure, close: () => parts.close() };
}

interface Given {
  options: ClusterOptions;
  meta: StoreMeta;
  stores: StoresThread;
  shared: Shared;
  worker: string;
  leaseMs: number;
  stopped: Stopped;
  say: (entry: LogEntry) => void;
}

/** The definition of this process; and the first one in every partition before it takes touchpoints. */
async function prepare(
  { definitionFile, plays, controls }: ClusterOptions,
  log: ClusterLog,
  stores: StoresThread,
  say: (entry: LogEntry) => void,
): Promise<void> {
  if (controls === 'log') return;
  const reader = new BlockingLogReader(stores.line());
  try {
    await publishInCluster(log, reader, { file: definitionFile, plays }, say);
  } finally {
    reader.close();
  }
}

function startEngines({ options, meta, stores, shared, worker, leaseMs, stopped, say }: Given, parts: Opened) {
  const { engineThreads = 1, settleQuietMs = HISTORY_QUIET_MS, controls = 'own' } = options;
  const share = Math.max(CACHED_FOR_PARTITIONS_MIN, Math.ceil(meta.partitions / 2));
  const data = (): EngineThreadData => ({
    ...{ connection: connectionOf(options), meta, log: stores.line(), settleQuietMs, controls },
    cachedCustomersMax: Math.ceil(CACHED_CUSTOMERS_MAX / share),
  });
  const threads = new EngineThreads(Array.from({ length: engineThreads }, data), {
    say,
    unfit: (detail) => {
      stopped.because(detail);
      void keeper.stop();
    },
    failed: (error) => {
      stopped.because(error.message);
      void keeper.stop();
    },
  });
  const keeper = new LeaseKeeper({
    ...{ table: shared.engines, worker, partitions: meta.partitions, leaseMs, say },
    owned: (ownership) => threads.own(ownership),
    renewed: (partition, until) => threads.renewed(partition, until),
    lost: (partition) => threads.lost(partition),
    giveBack: (partition) => threads.giveBack(partition),
  });
  keeper.start();
  parts.add(async () => {
    await keeper.stop();
    await threads.stop();
  });
  return threads;
}

/** Why this process does part of its work no more. */
class Stopped {
  failure: Failure | undefined;

  constructor(private readonly say: (entry: LogEntry) => void) {}

  because(detail: string): void {
    this.failure ??= { detail, since: Date.now() };
    this.say({ level: 'error', message: detail });
  }
}

/** What is open, closed in the reverse order. */
class Opened {
  private readonly parts: (() => void | Promise<void>)[] = [];

  add(close: () => void | Promise<void>): void {
    this.parts.push(close);
  }

  async close(): Promise<void> {
    for (const close of this.parts.splice(0).reverse()) await close();
  }
}

/** Nothing but what threads need to reach the servers. */
function connectionOf({ eventStoreUrl, mongoUrl }: ClusterOptions) {
  return { eventStoreUrl, mongoUrl };
}
