/** What Prometheus reads. Every figure is taken from the engine when it is asked for: nothing is counted on the hot path. */
import { Inject, Injectable } from '@nestjs/common';
import { CHANNEL_NAMES, type RapportEngine, type StatusSnapshot } from '@rapport/engine';
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import { ENGINE } from '../engine.token';
import { Admission } from '../http/admission';
import { LiveStreams } from '../stream/live-streams';
import { DISPATCH_GAUGES, EFFECTS_GAUGE, EFFECTS_LEVEL } from './dispatch-metrics';
import { addPartitionMetrics } from './partition-metrics';

type Read = (status: StatusSnapshot) => number;

const COUNTERS: { readonly [name: string]: [help: string, read: Read] } = {
  rapport_ingested_total: ['Touchpoints and commands acknowledged since the start.', (s) => s.ingested],
  rapport_duplicates_total: ['Repeated touchpoints that the engine dropped since the start.', (s) => s.duplicates],
  rapport_decisions_total: ['Decisions appended since the start.', (s) => s.decisions],
  rapport_log_fsyncs_total: ['Commits of the log since the start.', (s) => s.fsync.count],
  rapport_read_model_flushes_total: ['Flushes of the read models since the start.', (s) => s.flush.count],
};

const GAUGES: { readonly [name: string]: [help: string, read: Read] } = {
  rapport_log_head_position: ['Position of the last event of the log.', (s) => s.head],
  rapport_engine_position: ['Position up to which the engine has decided.', (s) => s.engine],
  rapport_read_models_position: ['Position that the read models show.', (s) => s.readModels],
  rapport_engine_lag_events: ['Events that the engine has not folded yet.', (s) => s.lagEvents],
  rapport_engine_lag_seconds: ['Age of the oldest event that the engine has not folded yet.', (s) => s.lagSeconds],
  rapport_timers_due: ['Customers whose timer is due and not fired yet.', (s) => s.timersDue],
  rapport_unsettled_customers: ['Customers whose history waits for its settling.', (s) => s.unsettledCustomers],
  rapport_parked_inputs: ['Inputs that are parked.', (s) => s.parked],
  rapport_customers: ['Customers known.', (s) => s.customers],
  rapport_read_model_flush_last_seconds: [
    'Duration of the last flush of the read models.',
    (s) => s.flush.lastMs / 1_000,
  ],
  rapport_ingest_available: [
    '1 while touchpoints are taken, 0 while they are refused.',
    (s) => (s.unavailable === undefined ? 1 : 0),
  ],
  rapport_clock_suspect: [
    '1 while a jump of the clock waits for a verdict.',
    (s) => (s.clock?.suspect === true ? 1 : 0),
  ],
};

@Injectable()
export class Metrics {
  private readonly registry = new Registry();

  constructor(
    @Inject(ENGINE) private readonly engine: RapportEngine,
    @Inject(LiveStreams) private readonly streams: LiveStreams,
    @Inject(Admission) private readonly admission: Admission,
  ) {
    collectDefaultMetrics({ register: this.registry });
    for (const [name, [help, read]] of Object.entries(COUNTERS)) this.counter(name, help, read);
    for (const [name, [help, read]] of Object.entries(GAUGES)) this.gauge(name, help, () => read(this.engine.status()));
    for (const [name, [help, read]] of Object.entries(DISPATCH_GAUGES))
      this.gauge(name, help, () => read(this.engine.status().dispatch));
    this.effects();
    this.gauge('rapport_sse_clients', 'Live streams that are open.', () => this.streams.count);
    this.gauge(
      'rapport_http_requests_in_flight',
      'Requests that are being answered.',
      () => this.admission.requestsInFlight,
    );
    this.fsyncTimes();
    addPartitionMetrics(this.registry, this.engine);
  }

  readonly contentType = this.registry.contentType;

  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** The engine counts; the exposition only takes its number over. */
  private counter(name: string, help: string, read: Read): void {
    const { engine } = this;
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect(): void {
        this.reset();
        this.inc(read(engine.status()));
      },
    });
  }

  private gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect(): void {
        this.set(read());
      },
    });
  }

  private effects(): void {
    const { engine } = this;
    new Gauge({
      ...EFFECTS_GAUGE,
      labelNames: ['channel'],
      registers: [this.registry],
      collect(): void {
        const now = engine.effects();
        for (const channel of CHANNEL_NAMES) this.set({ channel }, EFFECTS_LEVEL[now.modeOf(channel)]);
      },
    });
  }

  private fsyncTimes(): void {
    const { engine } = this;
    new Gauge({
      name: 'rapport_log_fsync_seconds',
      help: 'Duration of the newest commits of the log, by quantile.',
      labelNames: ['quantile'],
      registers: [this.registry],
      collect(): void {
        const { p50, p99, max } = engine.status().fsync;
        this.set({ quantile: '0.5' }, p50 / 1_000);
        this.set({ quantile: '0.99' }, p99 / 1_000);
        this.set({ quantile: '1' }, max / 1_000);
      },
    });
  }
}
