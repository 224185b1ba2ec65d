/** Questions over HTTP to a store of a million customers, one at a time, beside the memory that it takes to have taken them in. */
import { join } from 'node:path';
import { percentile, type Bench, type BenchContext, type Measurement } from './figure';
import { memory } from './machine';
import { fillStore } from './rebuild';
import { ServerProcess } from './server-process';
import { customerId, seeded } from './touchpoints';

const ASKED = 400;
/** Asked first and not counted: the compiler and the page cache. */
const WARM_UP = 50;
/** Numbers below this are customers in every run. */
const CUSTOMERS_QUICK = 100_000;
const STAGES = ['lead', 'customer'];

interface Question {
  key: string;
  path: (random: () => number) => string;
}

const stage = (random: () => number) => STAGES[Math.floor(random() * STAGES.length)];

/** Cursors make pages other than the first; `since` of a moment long ago or now starts the list elsewhere. */
const QUESTIONS: Question[] = [
  { key: 'bySince', path: (r) => `/v1/customers?stage=${stage(r)}&engagement=active&sort=since` },
  { key: 'bySinceDown', path: (r) => `/v1/customers?stage=${stage(r)}&engagement=active&sort=-since` },
  { key: 'byLast', path: (r) => `/v1/customers?stage=${stage(r)}&engagement=active&sort=lastTouchpoint` },
  { key: 'byLastDown', path: (r) => `/v1/customers?stage=${stage(r)}&engagement=active&sort=-lastTouchpoint` },
  { key: 'counts', path: (r) => `/v1/customers?stage=${stage(r)}&engagement=active&count=true&limit=1` },
  { key: 'timeline', path: (r) => `/v1/customers/${customerId(Math.floor(r() * CUSTOMERS_QUICK))}/timeline` },
  { key: 'byChannel', path: (r) => `/v1/customers?stage=${stage(r)}&channel=store&sort=-lastTouchpoint` },
  { key: 'byId', path: () => '/v1/customers?channel=phone&sort=id' },
  { key: 'byTime', path: () => '/v1/customers?inStageAtMost=30d&kind=person&sort=-since' },
  { key: 'report', path: () => `/v1/stages/report?from=2026-01-01T00:00:00Z&until=${new Date().toISOString()}` },
  { key: 'changes', path: () => '/v1/stage-changes?to=customer' },
];

/** Milliseconds below which 99 of 100 answers came. */
async function ask(server: ServerProcess, question: Question): Promise<number> {
  const random = seeded(5);
  const times: number[] = [];
  for (let i = 0; i < ASKED + WARM_UP; i++) {
    const path = question.path(random);
    const started = performance.now();
    const { status, text } = await server.get(path);
    if (i >= WARM_UP) times.push(performance.now() - started);
    if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${text.slice(0, 300)}`);
  }
  return percentile(times, 0.99);
}

async function queries(context: BenchContext): Promise<Measurement> {
  const data = join(context.folder, 'data');
  const customers = context.quick ? CUSTOMERS_QUICK : 1_000_000;
  const touchpoints = context.long ? 10_000_000 : 2 * customers;
  await fillStore(data, touchpoints, customers);
  const server = await ServerProcess.start({ data, profileFolder: context.profileFolder });
  try {
    const measured: Measurement = { customers, touchpoints };
    for (const question of QUESTIONS) {
      measured[question.key] = await ask(server, question);
      context.note(`${question.key.padEnd(12)} p99 ${measured[question.key]!.toFixed(2)} ms`);
    }
    return { ...measured, ...groups(measured), residentMb: memory(server.pid).residentMb };
  } finally {
    await server.stop();
  }
}

const greatest = (measured: Measurement, keys: string[]) => Math.max(...keys.map((key) => measured[key] ?? NaN));

function groups(measured: Measurement): Measurement {
  return {
    pages: greatest(measured, ['bySince', 'bySinceDown', 'byLast', 'byLastDown']),
    others: greatest(measured, ['byChannel', 'byId', 'byTime', 'changes']),
  };
}

export const QUERIES: Bench = {
  name: 'queries',
  title: 'Questions over HTTP at 1 M customers (2 M touchpoints; 10 M with --long)',
  runs: 1,
  figures: [
    { key: 'pages', title: 'list page by stage and engagement, either order, p99', unit: 'ms', atMost: 5 },
    { key: 'counts', title: 'exact count of a stage and engagement, p99', unit: 'ms', atMost: 2 },
    { key: 'timeline', title: 'timeline page, p99', unit: 'ms', atMost: 2 },
    { key: 'others', title: 'any other list page, p99', unit: 'ms', atMost: 50 },
    { key: 'report', title: 'stage report of a year, p99', unit: 'ms' },
  ],
  run: queries,
};
