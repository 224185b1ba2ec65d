import type { SqliteEventStore } from '@rapport/event-store';
import type { StatusSnapshot } from '../rapport.types';
import type { EngineStatus } from './engine-protocol';

const NO_FSYNCS = { count: 0, p50: 0, p99: 0, max: 0 };

/** What /metrics and /health say: cheap, from what the threads last reported. */
export function statusSnapshot(
  store: SqliteEventStore,
  engine: EngineStatus | null,
  ingested: number,
  failure: Error | null,
): StatusSnapshot {
  const head = store.client.head;
  const log = store.stats();
  const lagEvents = Math.max(0, head.position - (engine?.engine ?? 0));
  const stopped = failure && { detail: failure.message, since: Date.now() };
  const full = engine?.flushProblem ? { detail: `read models: ${engine.flushProblem}`, since: Date.now() } : undefined;
  return {
    head: Math.max(head.position, engine?.engine ?? 0),
    engine: engine?.engine ?? 0,
    readModels: engine?.readModels ?? 0,
    lagEvents,
    lagSeconds: lagEvents === 0 ? 0 : Math.max(0, (head.recordedAt - (engine?.recordedAt ?? head.recordedAt)) / 1_000),
    ingested,
    duplicates: engine?.duplicates ?? 0,
    parked: engine?.parked ?? 0,
    decisions: engine?.decisions ?? 0,
    timersDue: engine?.timersDue ?? 0,
    unsettledCustomers: engine?.unsettledCustomers ?? 0,
    customers: engine?.customers ?? 0,
    fsync: log?.fsync ?? NO_FSYNCS,
    flush: engine?.flush ?? { count: 0, lastMs: 0 },
    unavailable: stopped ?? log?.unavailable ?? full,
    clock: engine?.clock,
    ready: engine?.ready ?? false,
    generation: engine?.generation ?? 0,
    cpuMs: processCpu(),
  };
}

function processCpu(): Record<string, number> {
  const { user, system } = process.cpuUsage();
  return { user: user / 1_000, system: system / 1_000 };
}
