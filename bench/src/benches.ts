/** Every bench, in the order in which they run. */
import { runAdvanceBench } from './advance';
import { EVENT_STORE_ADAPTER } from './event-server/adapter-bench';
import type { Bench, BenchContext, Measurement } from './figure';
import { CLUSTER } from './cluster';
import { HISTORY_IMPORT } from './history-import';
import { GROWTH, KNOWN_CUSTOMERS, NEW_CUSTOMERS, SINGLES } from './ingest';
import { LATENCY } from './latency';
import { runLogWriterBench } from './log-writer';
import { MEMORY } from './memory';
import { MONGODB_WRITES } from './mongodb-writes';
import { ADVANCE_PLAYS } from './plays/advance-plays';
import { INGEST_PLAYS, MEMORY_PLAYS } from './plays/ingest-plays';
import { WEBHOOK_DELIVERY } from './plays/webhooks';
import { QUERIES } from './queries';
import { runReadModelBench, type BenchFigure } from './read-models';
import { REBUILD } from './rebuild';

const ADVANCE: Bench = {
  name: 'advance',
  title: 'advance with evidence, default definition, in log order',
  runs: 1,
  figures: [
    {
      key: 'ratio',
      title: 'advance with evidence, default definition',
      unit: 'x yardstick',
      atMost: 2,
      beside: (m) =>
        `${m.advanceMicroseconds!.toFixed(2)} us, JSON.parse ${m.parseMicroseconds!.toFixed(2)} us; ${m.decisionsPerTouchpoint!.toFixed(2)} decisions each`,
    },
  ],
  run: (context) => Promise.resolve(context.quick ? runAdvanceBench(200_000, 1) : runAdvanceBench()),
};

const LOG_WRITER: Bench = {
  name: 'log-writer',
  title: 'The log writer alone, groups of 400 events, each on disk before the next',
  runs: 1,
  figures: [
    {
      key: 'perSecond',
      title: 'log writer alone, groups of 400',
      unit: 'events/s',
      beside: (m) => `${(100 * m.ratio!).toFixed(0)} % of plain append; ${m.cpu!.toFixed(1)} us CPU each`,
    },
  ],
  run: () => {
    const { log, ratio } = runLogWriterBench();
    return Promise.resolve({ perSecond: log.eventsPerSecond, cpu: log.cpuMicrosPerEvent, ratio });
  },
};

/** The read models alone have many figures; the table shows the worst of each goal, the notes all that miss theirs. */
async function readModels(context: BenchContext): Promise<Measurement> {
  const figures = await runReadModelBench(context.quick ? { customers: 100_000, flushed: 20_000 } : {});
  for (const { name, value, unit, goal } of figures)
    if (goal !== undefined && value > goal) context.note(`${name}: ${value.toFixed(2)} ${unit}, more than ${goal}`);
  const worst = (wanted: (figure: BenchFigure) => boolean) =>
    Math.max(...figures.filter(wanted).map((figure) => figure.value));
  return {
    pages: worst((figure) => figure.unit === 'ms' && figure.goal === 5),
    counts: worst((figure) => figure.unit === 'ms' && figure.goal === 2),
    others: worst((figure) => figure.unit === 'ms' && figure.goal === 50),
    flush: worst((figure) => figure.name.startsWith('live flush')),
  };
}

const READ_MODELS: Bench = {
  name: 'read-models',
  title: 'The read models alone at 1 M customers: queries and a flush, without HTTP',
  runs: 1,
  figures: [
    { key: 'pages', title: 'read models alone: the slowest page with an index of its own, p99', unit: 'ms', atMost: 5 },
    { key: 'counts', title: 'read models alone: the slowest kept count, p99', unit: 'ms', atMost: 2 },
    { key: 'others', title: 'read models alone: the slowest of all other queries, p99', unit: 'ms', atMost: 50 },
    { key: 'flush', title: 'read models alone: a flush of 100,000 customers', unit: 'ms', atMost: 1_000 },
  ],
  run: readModels,
};

export const BENCHES: Bench[] = [
  NEW_CUSTOMERS,
  KNOWN_CUSTOMERS,
  SINGLES,
  LATENCY,
  GROWTH,
  REBUILD,
  HISTORY_IMPORT,
  QUERIES,
  MEMORY,
  ADVANCE,
  ADVANCE_PLAYS,
  INGEST_PLAYS,
  MEMORY_PLAYS,
  WEBHOOK_DELIVERY,
  LOG_WRITER,
  READ_MODELS,
  EVENT_STORE_ADAPTER,
  MONGODB_WRITES,
  CLUSTER,
];
