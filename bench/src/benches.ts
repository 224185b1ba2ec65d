/** Every bench, in the order in which they run. */
import type { Bench } from './figure';
import { HISTORY_IMPORT } from './history-import';
import { GROWTH, KNOWN_CUSTOMERS, NEW_CUSTOMERS, SINGLES } from './ingest';
import { LATENCY } from './latency';
import { runLogWriterBench } from './log-writer';
import { MEMORY } from './memory';
import { QUERIES } from './queries';
import { REBUILD } from './rebuild';

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
  LOG_WRITER,
];
