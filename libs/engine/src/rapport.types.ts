/**
 * What the apps see of a running embedded Rapport: open it, feed it, ask it, listen to it. All heavy work happens in
 * worker threads; every method here returns at once or a promise.
 */
import type { AppendResult, ChunkLog, LogFilter, StoredEvent, ViewStreams } from '@rapport/event-store';
import type { Fault, Touchpoint } from '@rapport/journey';
import type { PartitionStatus } from './cluster/cluster.types';
import type { Unarmed } from './dispatch/instance.types';
import type { DispatchOptions } from './embedded/dispatch-protocol';
import type { PlayEngine, PlayQuery } from './plays.types';

export interface RapportOptions {
  /** Folder of the store; made if absent. */
  data: string;
  /**
   * YAML or JSON file, or a folder with a definition.yaml and plays beside it; absent = the default definition. Adopted as a new version
   * where its content is new.
   */
  definitionFile?: string;
  /** Absent = those of the folder, where `definitionFile` is one. */
  plays?: PlaysSource;
  /** History that nobody settles is settled after this long without more of it; default HISTORY_QUIET_MS. */
  settleQuietMs?: number;
  /** What messages need. Absent = no receivers: enough for the sandbox. `off` = nothing is carried out while it is open. */
  dispatch?: DispatchOptions | 'off';
  log?: (entry: LogEntry) => void;
}

/** `default`: the plays that come with Rapport. A folder: guards.yaml, teams.yaml, plays/*.yaml, templates/*.liquid. */
export type PlaysSource = 'none' | 'default' | { folder: string };

export interface LogEntry {
  level: 'debug' | 'info' | 'warn' | 'error';
  message: string;
  [detail: string]: unknown;
}

/** Answer to an ingest call. `accepted` means on disk; `unavailable` = nothing of it was stored, try again. */
export type IngestAnswer =
  | { ok: true; position: number; recordedAt: number; positions: Float64Array }
  | { ok: false; reason: 'overloaded' | 'unavailable'; detail: string; retryAfterSeconds: number };

/** What became of one input once the engine has folded it. */
export type Outcome = 'accepted' | 'duplicate' | 'parked';

/** Every answer says the position it is true for. `json` is ready to send. */
export interface QueryAnswer {
  found: boolean;
  position: number;
  recordedAt: number;
  json: string;
}

export type Query =
  | { name: 'customers'; params: CustomersParams }
  | { name: 'customer'; params: { customerId: string } }
  | { name: 'timeline'; params: { customerId: string; limit: number; cursor?: string } }
  | { name: 'why'; params: { customerId: string } }
  | { name: 'stagesReport'; params: { from: number; until: number } }
  | { name: 'standing'; params: { stage: string; before: number; limit: number; cursor?: string } }
  | { name: 'changes'; params: ChangesParams }
  | { name: 'counts'; params: Record<string, never> }
  | { name: 'parked'; params: { limit: number; cursor?: string } }
  | { name: 'parkedAt'; params: { position: number } }
  | { name: 'definition'; params: Record<string, never> }
  | PlayQuery;

/** Asked inside the process alone. */
export type EntriesQuery = { name: 'customerEntries'; params: { customerId: string; after: number } };

/** Where the log holds a customer's first input, and its folded touchpoints after a position. */
export interface CustomerEntries {
  first: number;
  touchpoints: number[];
}

export interface CustomersParams {
  stage?: string[];
  engagement?: string[];
  kind?: string[];
  channel?: string[];
  /** ms: at least / at most this long in the present stage, measured at the answer's recordedAt. */
  inStageAtLeast?: number;
  inStageAtMost?: number;
  lastFrom?: number;
  lastTo?: number;
  sort: 'since' | 'lastTouchpoint' | 'id';
  descending: boolean;
  count: boolean;
  limit: number;
  cursor?: string;
}

export interface ChangesParams {
  axis: 'stage' | 'engagement';
  to?: string[];
  from?: string[];
  customerId?: string;
  history?: boolean;
  atFrom?: number;
  atUntil?: number;
  limit: number;
  cursor?: string;
}

/** A bad cursor or parameter, for the caller to mend. */
export class BadQuery extends Error {
  constructor(
    readonly parameter: string,
    message: string,
  ) {
    super(message);
  }
}

/** How carrying out stands. */
export interface DispatchSnapshot {
  /** Why nothing may leave this instance of the store; null = it may, as far as effects go. */
  unarmed: Unarmed | null;
  /** Actions that are not over, attempts under way. */
  open: number;
  underWay: number;
  /** Channels whose dispatch is paused, as dispatch has heard of it. */
  pausedChannels: string[];
  /** Position that is carried out. */
  position: number;
  /** How often it had to be started again since the store was opened. */
  restarts: number;
  /** Present where it has stopped: nothing is sent until it runs again, which is tried at `nextTry` (ms). */
  failure?: { detail: string; since: number; nextTry: number };
}

export interface StatusSnapshot {
  head: number;
  /** Positions the engine has folded / the read models show. */
  engine: number;
  readModels: number;
  lagEvents: number;
  lagSeconds: number;
  ingested: number;
  duplicates: number;
  parked: number;
  decisions: number;
  timersDue: number;
  unsettledCustomers: number;
  customers: number;
  /** Milliseconds of the last fsyncs. */
  fsync: { count: number; p50: number; p99: number; max: number };
  flush: { count: number; lastMs: number };
  /** Present where ingest is refused: why, since when. */
  unavailable?: { detail: string; since: number };
  clock?: { suspect: boolean; detail: string };
  /** Absent where nothing is carried out: no plays, or dispatch is off. */
  dispatch?: DispatchSnapshot;
  /** Everything that was in the log at the start is folded. */
  ready: boolean;
  /** In a cluster: every partition, whoever owns it. */
  partitions?: PartitionStatus[];
  /** Of the read models in use. */
  generation: number;
  /** CPU time of the process so far, all threads (ms). */
  cpuMs?: Record<string, number>;
}

/** A live feed of log events: catch-up, then live; `deliver` returns false when the receiver is full and the feed must end. */
export interface Feed {
  close(): void;
}

/** What it takes to offer the log itself to others. */
export interface LogOffer {
  log: ChunkLog;
  /** Tells this store from every other one. */
  instanceId: string;
  /** What the names of Rapport's own streams begin with. */
  reserved: string[];
  customers: ViewStreams;
}

export interface RapportEngine extends PlayEngine {
  /** The folder, as an absolute path. */
  readonly data: string;
  /** Adds a touchpoint to the batch that the next turn of the loop sends; resolves when it is on disk. */
  ingest(touchpoints: Touchpoint[]): Promise<IngestAnswer>;
  /** Asks for a settling of everybody's history, or of these customers'. Resolves with the position of the control event. */
  settle(customerIds?: string[]): Promise<IngestAnswer>;
  /** Resolves true when the read models show everything up to `position` (a settling there being through with everybody), false when the time is over. */
  waitFor(position: number, timeoutMs: number): Promise<boolean>;
  /** Call before waitFor's flush is forgotten (the newest OUTCOMES_KEPT inputs are remembered). */
  outcomes(positions: Float64Array): Promise<Outcome[]>;
  retryParked(position: number): Promise<IngestAnswer | { ok: false; reason: 'notParked' }>;
  judgeClock(believe: boolean): Promise<IngestAnswer>;
  query(query: Query): Promise<QueryAnswer>;
  /** Events of the log after `from` that pass the filter, in order, then live ones. */
  feed(options: {
    from: number;
    filter: LogFilter;
    deliver: (event: StoredEvent) => boolean;
    ended: (why: string) => void;
  }): Feed;
  /** The log and a stream for each customer, for who offers them over another protocol. */
  offer(): LogOffer;
  status(): StatusSnapshot;
  close(): Promise<void>;
}

/** A definition file that cannot be adopted, with every fault. */
export class DefinitionRefused extends Error {
  constructor(
    readonly file: string,
    readonly faults: Fault[],
  ) {
    super(
      `${file}: ${faults.length} fault(s)\n` + faults.map((f) => `  ${f.path}: ${f.problem}. ${f.mend}`).join('\n'),
    );
  }
}

export type { AppendResult };
