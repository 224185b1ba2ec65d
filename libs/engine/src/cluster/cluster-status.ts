/** What /metrics and /health say of a process of a cluster. */
import type { StatusSnapshot } from '../rapport.types';
import type { ClusterProcess } from './cluster-process';
import type { PartitionStanding } from './run/engine-host';

const NO_FSYNCS = { count: 0, p50: 0, p99: 0, max: 0 };

/** Lags and positions are of the whole cluster; what is counted is this process's own. */
export function clusterStatus(
  process: ClusterProcess,
  { ingested, heard }: { ingested: number; heard: number },
): StatusSnapshot {
  const { watch, view, engines, dispatching } = process;
  const own = engines?.standing ?? [];
  const partitions = view.partitions().map((status) => {
    const { detail } = own.find((standing) => standing.partition === status.partition) ?? {};
    return detail === undefined ? status : { ...status, trouble: detail };
  });
  const lagEvents = partitions.reduce((sum, { lagEvents: lag }) => sum + lag, 0);
  const held = own.find((standing) => standing.state === 'held');
  const trouble = watch.trouble ?? view.trouble;
  const dispatch = dispatching.snapshot();
  return {
    head: Math.max(view.head, watch.position, heard),
    engine: watch.position,
    readModels: watch.position,
    lagEvents,
    lagSeconds: lagEvents === 0 ? 0 : Math.max(0, (Date.now() - watch.recordedAt) / 1_000),
    ingested,
    duplicates: total(own, (standing) => standing.duplicates),
    parked: total(own, (standing) => standing.parked),
    decisions: total(own, (standing) => standing.decisions),
    timersDue: total(own, (standing) => standing.timersDue),
    unsettledCustomers: total(own, (standing) => standing.unsettled),
    customers: total(own, (standing) => standing.customers),
    fsync: NO_FSYNCS,
    flush: {
      count: total(own, (standing) => standing.flushes),
      lastMs: own.reduce((greatest, { lastFlushMs }) => Math.max(greatest, lastFlushMs), 0),
    },
    unavailable: process.failure() ?? (trouble === null ? undefined : { detail: trouble, since: Date.now() }),
    clock: held && { suspect: true, detail: `partition ${held.partition}: ${held.detail}` },
    ...(dispatch && { dispatch }),
    ready: true,
    generation: 0,
    partitions,
  };
}

function total(own: PartitionStanding[], of: (standing: PartitionStanding) => number): number {
  return own.reduce((sum, standing) => sum + of(standing), 0);
}
