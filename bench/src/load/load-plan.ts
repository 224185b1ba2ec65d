/** What the parent asks of the load generator, and what it tells back. */
export interface LoadPlan {
  port: number;
  /** Touchpoints in a request; 1 sends a single object. */
  batch: number;
  connections: number;
  /** Touchpoints to send in all. */
  total: number;
  /** Open loop at this many touchpoints a second; absent = closed loop, each connection as fast as it is answered. */
  perSecond?: number;
  customers: CustomerChoice;
  seed: number;
  /** Listens to the stage changes as well and times those of customers that are new. */
  listen?: boolean;
  /** `simulation`: the live touchpoints of the default simulation; absent = those of touchpoints.ts. */
  mix?: 'simulation';
  /** Sends a request that was refused again, a moment later: what is measured is the pace that the server allows. */
  patient?: boolean;
  /** Sends them as history. */
  history?: boolean;
}

export interface CustomerChoice {
  /** Number of the first one. */
  from: number;
  count: number;
  /** `random`: any of them each time. `sequence`: one after the other, round and round. */
  order: 'random' | 'sequence';
  /** Share of the touchpoints that go to a customer who is not among them and never was. */
  freshShare?: number;
}

export interface LoadResult {
  seconds: number;
  requests: number;
  accepted: number;
  rejected: number;
  /** Requests answered 429 or 503. */
  refused: number;
  /** Any other answer that is not 200. */
  odd: number;
  /** The first such answer. */
  oddExample?: string;
  lastPosition: number;
  /** Milliseconds from when a request was due (open loop) or sent to its answer. */
  latency: Spread;
  /** Milliseconds from when a request was sent to its stage change at the subscriber. */
  change?: Spread & { seen: number; awaited: number };
  /** Processor seconds of the generator itself. */
  cpuSeconds: number;
}

export interface Spread {
  p50: number;
  p99: number;
  max: number;
}

export type LoadMessage = { kind: 'done'; result: LoadResult } | { kind: 'failed'; message: string };
