import type { SqliteEventStore } from '@rapport/event-store';
import type { DispatchSnapshot, StatusSnapshot } from '../rapport.types';
import type { EngineStatus } from './engine-protocol';

const NO_FSYNCS = { count: 0, p50: 0, p99: 0, max: 0 };
/** Before the engine thread has said anything. */
const NOTHING_REPORTED: EngineStatus = {
  engine: 0,
  readModels: 0,
  recordedAt: 0,
  duplicates: 0,
  parked: 0,
  decisions: 0,
  timersDue: 0,
  unsettledCustomers: 0,
  customers: 0,
  flush: { count: 0, lastMs: 0 },
  clock: undefined,
  ready: false,
  generation: 0,
  flushProblem: null,
};

/** What stopped, and when (ms). */
export interface Failure {
  detail: string;
  since: number;
}

/** What /metrics and /health say: cheap, from what the threads last reported. */
export function statusSnapshot(
  store: SqliteEventStore,
  reported: EngineStatus | null,
  ingested: number,
  failure: Failure | null,
  dispatch: DispatchSnapshot | undefined,
): StatusSnapshot {
  const engine = reported ?? NOTHING_REPORTED;
  const head = store.client.head;
  const log = store.stats();
  const lagEvents = Math.max(0, head.position - engine.engine);
  const lagMs = lagEvents === 0 || !reported ? 0 : head.recordedAt - engine.recordedAt;
  return {
    head: Math.max(head.position, engine.engine),
    engine: engine.engine,
    readModels: engine.readModels,
    lagEvents,
    lagSeconds: Math.max(0, lagMs / 1_000),
    ingested,
    duplicates: engine.duplicates,
    parked: engine.parked,
    decisions: engine.decisions,
    timersDue: engine.timersDue,
    unsettledCustomers: engine.unsettledCustomers,
    customers: engine.customers,
    fsync: log?.fsync ?? NO_FSYNCS,
    flush: engine.flush,
    unavailable: failure ?? log?.unavailable ?? engine.flushProblem ?? undefined,
    clock: engine.clock,
    ...(dispatch && { dispatch }),
    ready: engine.ready,
    generation: engine.generation,
    cpuMs: processCpu(),
  };
}

function processCpu(): Record<string, number> {
  const { user, system } = process.cpuUsage();
  return { user: user / 1_000, system: system / 1_000 };
}
