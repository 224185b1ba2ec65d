/** From the shop's request to the stage change at a subscriber, at a steady 5,000 touchpoints a second. */
import { join } from 'node:path';
import type { Bench, BenchContext, Measurement } from './figure';
import { batches, ingest } from './ingest';
import { makeLoad, mustBeWhole } from './load/load';
import { ServerProcess } from './server-process';

const PER_SECOND = 5_000;
const REQUEST = 10;
const CONNECTIONS = 32;
const KNOWN = 20_000;
/** One touchpoint in five is the first of its customer, so that there are 1,000 timed changes a second. */
const FRESH_SHARE = 0.2;

async function latency(context: BenchContext): Promise<Measurement> {
  const server = await ServerProcess.start({
    data: join(context.folder, 'data'),
    profileFolder: context.profileFolder,
  });
  try {
    await ingest(server, batches(KNOWN, { from: 0, count: KNOWN, order: 'sequence' }));
    const plan = { port: server.port, batch: REQUEST, connections: CONNECTIONS, perSecond: PER_SECOND, listen: true };
    const load = (seconds: number, from: number) =>
      makeLoad({
        ...plan,
        total: PER_SECOND * seconds,
        seed: from,
        customers: { from, count: KNOWN, order: 'random', freshShare: FRESH_SHARE },
      });
    // The first seconds warm the compiler; their fresh customers have numbers of their own.
    await load(context.quick ? 1 : 3, 1_000_000);
    const seconds = context.quick ? 4 : 15;
    const result = await load(seconds, 2_000_000);
    mustBeWhole(result, PER_SECOND * seconds);
    const { p50, p99, seen, awaited } = result.change!;
    return { p50, p99, seen, missed: awaited - seen, http50: result.latency.p50, http99: result.latency.p99 };
  } finally {
    await server.stop();
  }
}

export const LATENCY: Bench = {
  name: 'latency',
  title: 'Received -> stage change at an SSE client, at 5,000/s in requests of 10 (open loop)',
  figures: [
    { key: 'p50', title: 'request sent -> stage change at the SSE client, p50', unit: 'ms', atMost: 3 },
    { key: 'p99', title: 'the same, p99', unit: 'ms', atMost: 20, beside: (m) => `${m.seen} changes timed` },
    { key: 'missed', title: 'changes that did not arrive', unit: '', atMost: 0 },
    { key: 'http99', title: 'its HTTP p99', unit: 'ms', atMost: 10, beside: (m) => `p50 ${m.http50!.toFixed(1)} ms` },
  ],
  run: latency,
};
