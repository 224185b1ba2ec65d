/** The simulation's live touchpoints over HTTP with all default plays live, against the same without plays; and memory with a million customers. */
import { join } from 'node:path';
import type { Bench, BenchContext, Measurement } from '../figure';
import { batches, ingest, type Ingested } from '../ingest';
import type { CustomerChoice } from '../load/load-plan';
import { memory, threadSeconds } from '../machine';
import { ServerProcess } from '../server-process';

const CUSTOMERS = 100_000;
const TOUCHPOINTS = 200_000;
const QUICK_TOUCHPOINTS = 60_000;

type Plays = 'default' | 'none';

function startServer(context: BenchContext, plays: Plays): Promise<ServerProcess> {
  const { profileFolder } = context;
  return ServerProcess.start({
    data: join(context.folder, plays),
    profileFolder: plays === 'default' ? profileFolder : undefined,
    environment: { RAPPORT_PLAYS: plays },
  });
}

async function ingestWith(context: BenchContext, plays: Plays): Promise<Ingested & { enrolments: number }> {
  const server = await startServer(context, plays);
  try {
    const customers: CustomerChoice = { from: 0, count: CUSTOMERS, order: 'random' };
    const total = context.quick ? QUICK_TOUCHPOINTS : TOUCHPOINTS;
    const measured = await ingest(server, { ...batches(total, customers), mix: 'simulation', patient: true });
    const busy = Object.entries(threadSeconds(server.pid)).sort((a, b) => b[1] - a[1]);
    const threads = busy.slice(0, 6).map(([name, seconds]) => `${name} ${seconds.toFixed(1)}`);
    context.note(`plays ${plays}: processor seconds by thread: ${threads.join(', ')}`);
    return { ...measured, enrolments: await entered(server) };
  } finally {
    await server.stop();
  }
}

async function entered(server: ServerProcess): Promise<number> {
  const { items } = await server.json<{ items: { entered: number }[] }>('/v1/plays');
  return items.reduce((sum, one) => sum + one.entered, 0);
}

async function measureIngest(context: BenchContext): Promise<Measurement> {
  const alone = await ingestWith(context, 'none');
  const played = await ingestWith(context, 'default');
  return {
    ...played,
    alone: alone.perSecond,
    aloneCpu: alone.cpuMicroseconds,
    ratio: played.cpuMicroseconds / alone.cpuMicroseconds,
  };
}

export const INGEST_PLAYS: Bench = {
  name: 'ingest-plays',
  title: "The simulation's live touchpoints in batches of 100 over HTTP, all default plays live, customers mostly new",
  runs: 1,
  figures: [
    {
      key: 'perSecond',
      title: 'ingest with all default plays live, 100,000 customers mostly new',
      unit: 'touchpoints/s',
      atLeast: 25_000,
      beside: (m) =>
        `without plays ${Math.round(m.alone!)} /s; ${m.enrolments!} enrolments; p99 ${m.p99!.toFixed(1)} ms, shown ${m.catchUpSeconds!.toFixed(1)} s after`,
    },
    {
      key: 'ratio',
      title: 'its server CPU, delivery to the sandbox included',
      unit: 'x without plays',
      beside: (m) => `${m.cpuMicroseconds!.toFixed(1)} us each, without plays ${m.aloneCpu!.toFixed(1)} us`,
    },
  ],
  run: measureIngest,
};

async function measureMemory(context: BenchContext): Promise<Measurement> {
  const customers = context.quick ? 50_000 : 1_000_000;
  const server = await startServer(context, 'default');
  try {
    const plan = batches(customers, { from: 0, count: customers, order: 'sequence' });
    const first = await ingest(server, { ...plan, mix: 'simulation', patient: true });
    const { residentMb, peakMb } = memory(server.pid);
    return { residentMb, peakMb, customers, first: first.perSecond, enrolments: await entered(server) };
  } finally {
    await server.stop();
  }
}

export const MEMORY_PLAYS: Bench = {
  name: 'memory-plays',
  title: 'Resident memory with all default plays live, 1 M customers',
  runs: 1,
  long: true,
  figures: [
    {
      key: 'residentMb',
      title: 'resident memory with all default plays live, 1 M customers',
      unit: 'MB',
      atMost: 1_638,
      beside: (m) =>
        `${m.customers! / 1e6} M customers, peak ${m.peakMb!.toFixed(0)} MB; ${m.enrolments!} enrolments; ${Math.round(m.first!)} touchpoints/s`,
    },
  ],
  run: measureMemory,
};
