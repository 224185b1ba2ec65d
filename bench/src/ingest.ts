/** Live touchpoints over HTTP: in batches from customers old and new, one by one, and with a long log behind. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Bench, BenchContext, Measurement } from './figure';
import { makeLoad, mustBeWhole } from './load/load';
import type { CustomerChoice, LoadPlan, LoadResult } from './load/load-plan';
import { memory, processSeconds, threadSeconds } from './machine';
import { ServerProcess } from './server-process';
import { appendsPerSecond, parseMicroseconds } from './yardsticks';

const BATCH = 100;
const CONNECTIONS = 8;
const SINGLE_CONNECTIONS = 64;

let seed = 1;

export interface Ingested extends Measurement {
  perSecond: number;
  cpuMicroseconds: number;
  catchUpSeconds: number;
  p50: number;
  p99: number;
}

/**
 * Sends the load and waits until the read models show it. The server's processor time counts up to there, engine and read
 * models included; the rate counts up to the last acknowledgement.
 */
export async function ingest(server: ServerProcess, plan: Omit<LoadPlan, 'port' | 'seed'>): Promise<Ingested> {
  const before = processSeconds(server.pid);
  const result = await makeLoad({ ...plan, port: server.port, seed: seed++ });
  mustBeWhole(result, Math.ceil(plan.total / plan.batch) * plan.batch);
  const catchUpSeconds = await server.caughtUp(result.lastPosition);
  const cpuMicroseconds = ((processSeconds(server.pid) - before) * 1e6) / result.accepted;
  return { ...rates(result), cpuMicroseconds, catchUpSeconds };
}

function rates(result: LoadResult) {
  return {
    perSecond: result.accepted / result.seconds,
    generatorMicroseconds: (result.cpuSeconds * 1e6) / result.accepted,
    p50: result.latency.p50,
    p99: result.latency.p99,
    refused: result.refused,
  };
}

export function batches(total: number, customers: CustomerChoice): Omit<LoadPlan, 'port' | 'seed'> {
  return { batch: BATCH, connections: CONNECTIONS, total, customers };
}

function withYardsticks(measured: Ingested, parse: number, appends: number): Measurement {
  const raw = measured.perSecond / appends;
  return { ...measured, yardsticks: measured.cpuMicroseconds / parse, parse, appends, raw };
}

async function ingestFresh(context: BenchContext, known: number, total: number, customers: CustomerChoice) {
  const data = join(context.folder, 'data');
  const server = await ServerProcess.start({ data, profileFolder: context.profileFolder });
  try {
    if (known > 0) await ingest(server, batches(known, { from: 0, count: known, order: 'sequence' }));
    const parse = parseMicroseconds();
    const measured = await ingest(server, batches(total, customers));
    context.note(threads(server.pid));
    return withYardsticks(
      { ...measured, residentMb: memory(server.pid).residentMb },
      parse,
      appendsPerSecond(context.folder),
    );
  } finally {
    await server.stop();
  }
}

/** The busiest threads, so that the profile starts from the right one. */
function threads(pid: number): string {
  const busy = Object.entries(threadSeconds(pid)).sort((a, b) => b[1] - a[1]);
  return `processor seconds by thread: ${busy
    .slice(0, 7)
    .map(([name, s]) => `${name} ${s.toFixed(1)}`)
    .join(', ')}`;
}

const text = (value: number | undefined, digits = 1) => (value ?? NaN).toFixed(digits);
const besideRate = (m: Measurement) =>
  `${text((m.raw ?? 0) * 100)} % of plain append with fdatasync; p50 ${text(m.p50)} / p99 ${text(m.p99)} ms, shown ${text(m.catchUpSeconds)} s after`;
const besideCpu = (m: Measurement) => `${text(m.cpuMicroseconds)} us each, JSON.parse ${text(m.parse, 2)} us`;

export const NEW_CUSTOMERS: Bench = {
  name: 'ingest-new',
  title: 'Live touchpoints in batches of 100 over HTTP, fsynced, engine live, 100,000 customers mostly new',
  figures: [
    {
      key: 'perSecond',
      title: 'ingest, 100,000 customers mostly new',
      unit: 'touchpoints/s',
      atLeast: 50_000,
      beside: besideRate,
    },
    { key: 'yardsticks', title: 'its server CPU each', unit: 'x yardstick', atMost: 32, beside: besideCpu },
  ],
  run: (context) =>
    ingestFresh(context, 0, context.quick ? 100_000 : 400_000, { from: 0, count: 100_000, order: 'random' }),
};

export const KNOWN_CUSTOMERS: Bench = {
  name: 'ingest-known',
  title: 'The same, 5,000 customers known already',
  figures: [
    {
      key: 'perSecond',
      title: 'ingest, 5,000 customers known already',
      unit: 'touchpoints/s',
      atLeast: 80_000,
      beside: besideRate,
    },
    { key: 'yardsticks', title: 'its server CPU each', unit: 'x yardstick', atMost: 20, beside: besideCpu },
  ],
  run: (context) =>
    ingestFresh(context, 5_000, context.quick ? 100_000 : 500_000, { from: 0, count: 5_000, order: 'random' }),
};

const SMALL_LOG = 100_000;
const GROWTH_MEASURED = 300_000;

async function growth(context: BenchContext): Promise<Measurement> {
  const target = context.long ? 10_000_000 : context.quick ? 300_000 : 1_000_000;
  const customers: CustomerChoice = { from: 0, count: 100_000, order: 'random' };
  const server = await ServerProcess.start({
    data: join(context.folder, 'data'),
    profileFolder: context.profileFolder,
  });
  try {
    await ingest(server, batches(SMALL_LOG, { from: 0, count: 100_000, order: 'sequence' }));
    const small = await ingest(server, batches(GROWTH_MEASURED, customers));
    const filling = target - SMALL_LOG - GROWTH_MEASURED;
    if (filling > 0) await ingest(server, batches(filling, customers));
    const large = await ingest(server, batches(GROWTH_MEASURED, customers));
    const { residentMb } = memory(server.pid);
    const cpu = large.cpuMicroseconds / small.cpuMicroseconds;
    return {
      share: large.perSecond / small.perSecond,
      small: small.perSecond,
      large: large.perSecond,
      cpu,
      events: target,
      residentMb,
    };
  } finally {
    await server.stop();
  }
}

export const GROWTH: Bench = {
  name: 'ingest-growth',
  title:
    'Ingest with a long log behind it against 0.1 M events, the same 100,000 customers (1 M events; 10 M with --long)',
  runs: 1,
  figures: [
    {
      key: 'share',
      title: 'ingest with the long log / at 0.1 M events',
      unit: 'x',
      atLeast: 0.9,
      beside: (m) =>
        `${Math.round(m.large!)} /s at ${text(m.events! / 1e6)} M, ${Math.round(m.small!)} /s at 0.1 M; CPU ${text(m.cpu, 2)} x; ${text(m.residentMb, 0)} MB`,
    },
  ],
  run: growth,
};

async function bareRate(total: number): Promise<number> {
  const child = fork(join(__dirname, 'bare-server.js'), { execArgv: [] });
  const port = await new Promise<number>((resolve) => child.once('message', (said) => resolve(said as number)));
  const plan = {
    batch: 1,
    connections: SINGLE_CONNECTIONS,
    total,
    customers: { from: 0, count: 100_000, order: 'random' as const },
  };
  const result = await makeLoad({ ...plan, port, seed: seed++ });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.disconnect();
  await ended;
  return result.requests / result.seconds;
}

async function singles(context: BenchContext): Promise<Measurement> {
  const server = await ServerProcess.start({
    data: join(context.folder, 'data'),
    profileFolder: context.profileFolder,
  });
  try {
    const total = context.quick ? 40_000 : 150_000;
    const customers: CustomerChoice = { from: 0, count: 100_000, order: 'random' };
    await ingest(server, { batch: 1, connections: SINGLE_CONNECTIONS, total: 20_000, customers });
    const measured = await ingest(server, { batch: 1, connections: SINGLE_CONNECTIONS, total, customers });
    context.note(threads(server.pid));
    return { ...measured, bare: await bareRate(total) };
  } finally {
    await server.stop();
  }
}

export const SINGLES: Bench = {
  name: 'singles',
  title: 'Single touchpoints, 64 connections, engine live',
  figures: [
    {
      key: 'perSecond',
      title: 'single touchpoints, 64 connections',
      unit: 'requests/s',
      atLeast: 14_000,
      beside: (m) =>
        `bare node:http ${Math.round(m.bare!)} /s (${text(m.perSecond! / m.bare!, 2)} x); ${text(m.cpuMicroseconds, 0)} us CPU each`,
    },
    { key: 'p99', title: 'their p99', unit: 'ms', atMost: 12, beside: (m) => `p50 ${text(m.p50)} ms` },
  ],
  run: singles,
};
