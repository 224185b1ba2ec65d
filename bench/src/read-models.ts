/** Read models alone, at 1 M customers: bulk load, live flush, list pages, counts, reports. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CustomerFilter,
  type CustomerRow,
  type CustomerSort,
  openReadModelQueries,
  openReadModelWriter,
  type PageKey,
  type ReadModelQueries,
  SqliteReadModelFile,
} from '@rapport/read-models';
import { Cells, DAY_MS, flushOf, NOW, Population } from './population';
import { seeded } from './touchpoints';

export interface ReadModelBenchOptions {
  customers?: number;
  /** Customers that one live flush changes. */
  flushed?: number;
  /** Asks of each kind of query. */
  asks?: number;
}

export interface BenchFigure {
  name: string;
  value: number;
  unit: string;
  /** What it should not exceed. */
  goal?: number;
}

const CUSTOMERS = 1_000_000;
const FLUSHED = 100_000;
const ASKS = 200;
const PAGE_ROWS = 50;
const BULK_ROWS = 20_000;

/** Milliseconds since `from`. */
const since = (from: number): number => performance.now() - from;

function bulkLoad(folder: string, customers: number, population: Population): BenchFigure[] {
  const cells = new Cells();
  const file = SqliteReadModelFile.openBulk(folder, 1);
  let inserting = 0;
  for (let first = 0; first < customers; first += BULK_ROWS) {
    const rows: CustomerRow[] = [];
    for (let i = first; i < Math.min(customers, first + BULK_ROWS); i++) rows.push(population.old(i * 10 + 1));
    for (const row of rows) cells.add(row);
    const changes = rows.flatMap((row) => population.changes(row));
    const flush = flushOf(first + 1, rows, changes, cells.rows());
    const from = performance.now();
    file.write(flush);
    inserting += since(from);
  }
  const from = performance.now();
  file.finishBulk();
  const finishing = since(from);
  return [
    {
      name: 'bulk: rows of a customer and its 2.5 changes',
      value: (inserting * 1000) / customers,
      unit: 'us/customer',
    },
    { name: 'bulk: indexes, changes in order, fsync', value: (finishing * 1000) / customers, unit: 'us/customer' },
  ];
}

function percentiles(times: number[]): { p50: number; p99: number } {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number;
  return { p50: at(0.5), p99: at(0.99) };
}

/** Wall time, and beside it CPU time, which other processes disturb less. */
function timed(name: string, asks: number, goal: number, ask: (i: number) => void): BenchFigure[] {
  for (let i = 0; i < 5; i++) ask(i);
  const times: number[] = [];
  const cpu: number[] = [];
  for (let i = 0; i < asks; i++) {
    const cpuFrom = process.cpuUsage();
    const from = performance.now();
    ask(i);
    times.push(since(from));
    const { user, system } = process.cpuUsage(cpuFrom);
    cpu.push((user + system) / 1000);
  }
  const { p50, p99 } = percentiles(times);
  return [
    { name: `${name}, p50`, value: p50, unit: 'ms' },
    { name: `${name}, CPU p99`, value: percentiles(cpu).p99, unit: 'ms' },
    { name: `${name}, p99`, value: p99, unit: 'ms', goal },
  ];
}

interface Ask {
  name: string;
  goal: number;
  filter: CustomerFilter;
  sort: CustomerSort;
}

const LISTS: Ask[] = [
  {
    name: 'stage and engagement, by last touchpoint',
    goal: 5,
    filter: { stages: ['customer'], engagements: ['at risk'] },
    sort: 'lastTouchpoint',
  },
  {
    name: 'stage and engagement, by time in stage',
    goal: 5,
    filter: { stages: ['customer'], engagements: ['at risk'] },
    sort: 'since',
  },
  { name: 'stage alone, by last touchpoint', goal: 5, filter: { stages: ['advocate'] }, sort: 'lastTouchpoint' },
  { name: 'everybody, by time in stage', goal: 5, filter: {}, sort: 'since' },
  { name: 'everybody, by id', goal: 50, filter: {}, sort: 'id' },
  { name: 'rare stage, by id', goal: 50, filter: { stages: ['advocate'], engagements: ['cooling'] }, sort: 'id' },
  { name: 'channel, by last touchpoint', goal: 50, filter: { channels: ['store'] }, sort: 'lastTouchpoint' },
  { name: 'channel, by time in stage', goal: 50, filter: { channels: ['store'] }, sort: 'since' },
  { name: 'rare channel, by last touchpoint', goal: 50, filter: { channels: ['fax'] }, sort: 'lastTouchpoint' },
  { name: 'rare channel, by id', goal: 50, filter: { channels: ['fax'] }, sort: 'id' },
  { name: 'rare kind, by time in stage', goal: 50, filter: { kinds: ['partner'] }, sort: 'since' },
  {
    name: 'rare kind and stage, by last touchpoint',
    goal: 50,
    filter: { kinds: ['partner'], stages: ['loyal'] },
    sort: 'lastTouchpoint',
  },
  { name: 'common kind, by id', goal: 50, filter: { kinds: ['person'], stages: ['loyal'] }, sort: 'id' },
  {
    name: 'touched in one week, by time in stage',
    goal: 50,
    filter: { lastFrom: NOW - 300 * DAY_MS, lastTo: NOW - 293 * DAY_MS },
    sort: 'since',
  },
  { name: 'not touched for a year, by time in stage', goal: 50, filter: { lastTo: NOW - 365 * DAY_MS }, sort: 'since' },
  {
    name: 'in stage for one week of a year ago, by last touchpoint',
    goal: 50,
    filter: { sinceFrom: NOW - 372 * DAY_MS, sinceTo: NOW - 365 * DAY_MS },
    sort: 'lastTouchpoint',
  },
  {
    name: 'long in stage, lately touched, one channel, by id',
    goal: 50,
    filter: { sinceTo: NOW - 80 * DAY_MS, lastFrom: NOW - 20 * DAY_MS, channels: ['phone'] },
    sort: 'id',
  },
  {
    name: 'long in stage, lately touched, one channel, by time in stage',
    goal: 50,
    filter: { sinceTo: NOW - 60 * DAY_MS, lastFrom: NOW - 20 * DAY_MS, channels: ['phone'] },
    sort: 'since',
  },
];

function askLists(queries: ReadModelQueries, asks: number): BenchFigure[] {
  return LISTS.flatMap(({ name, goal, filter, sort }) => {
    let after: PageKey | undefined;
    // Pages one after the other, then from the start again, newest first every other time.
    return timed(`page: ${name}`, asks, goal, (i) => {
      const descending = Math.floor(i / 20) % 2 === 0;
      if (i % 20 === 0) after = undefined;
      after = queries.customers(filter, sort, descending, after, PAGE_ROWS).next;
    });
  });
}

function askOthers(queries: ReadModelQueries, asks: number): BenchFigure[] {
  const count = (name: string, goal: number, filter: CustomerFilter): BenchFigure[] =>
    timed(`count: ${name}`, asks, goal, () => queries.count(filter));
  const month = NOW - 100 * DAY_MS;
  return [
    ...count('stage and engagement', 2, { stages: ['customer'], engagements: ['at risk'] }),
    ...count('everybody', 2, {}),
    ...count('channel', 50, { channels: ['store'] }),
    ...count('rare channel and stage', 50, { channels: ['fax'], stages: ['lead'] }),
    ...count('few of many conditions', 50, {
      channels: ['phone'],
      lastFrom: NOW - 2 * DAY_MS,
      sinceTo: NOW - 80 * DAY_MS,
    }),
    ...timed('stage report of a month, by the millisecond', asks, 50, (i) =>
      queries.stageReport(month + i, month + i + 30 * DAY_MS),
    ),
    ...timed('changes into a stage in a month', asks, 50, () =>
      queries.changes(
        { axis: 'stage', to: ['advocate'], atFrom: month, atUntil: month + 30 * DAY_MS },
        undefined,
        PAGE_ROWS,
      ),
    ),
    ...timed('changes, live only', asks, 50, () =>
      queries.changes({ axis: 'stage', history: false }, undefined, PAGE_ROWS),
    ),
    ...timed('changes into a stage', asks, 50, (i) =>
      queries.changes({ axis: 'stage', to: ['loyal'] }, { position: i * 40_000, part: 0 }, PAGE_ROWS),
    ),
  ];
}

async function liveFlush(
  folder: string,
  customers: number,
  flushed: number,
  population: Population,
): Promise<BenchFigure[]> {
  const writer = await openReadModelWriter(folder, 1);
  const figures: BenchFigure[] = [];
  const random = seeded(3);
  for (const [name, no] of [
    ['known customers, any', () => Math.floor(random() * customers) * 10 + 1],
    [
      'new customers',
      (
        (next) => () =>
          (next += 10)
      )(customers * 10 + 1),
    ],
  ] as const) {
    const times: number[] = [];
    for (let round = 0; round < 3; round++) {
      const rows = Array.from({ length: flushed }, () => population.row(no(), NOW + round));
      const flush = flushOf(customers * 11 + round, rows, [], []);
      const from = performance.now();
      await writer.write(flush);
      times.push(since(from));
    }
    figures.push({ name: `live flush of ${flushed} ${name}`, value: percentiles(times).p50, unit: 'ms', goal: 1000 });
  }
  await writer.close();
  return figures;
}

/** Fills a folder of its own, asks, and removes it. */
export async function runReadModelBench(options: ReadModelBenchOptions = {}): Promise<BenchFigure[]> {
  const { customers = CUSTOMERS, flushed = FLUSHED, asks = ASKS } = options;
  const folder = mkdtempSync(join(tmpdir(), 'rapport-bench-read-models-'));
  try {
    const population = new Population();
    const figures = bulkLoad(folder, customers, population);
    const queries = openReadModelQueries(folder, 1);
    figures.push(...askLists(queries, asks), ...askOthers(queries, asks));
    queries.close();
    figures.push(...(await liveFlush(folder, customers, flushed, population)));
    return figures;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
