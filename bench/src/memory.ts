/** Resident memory of the server after taking in a million customers, 10 M events with --long. */
import { join } from 'node:path';
import type { Bench, BenchContext, Measurement } from './figure';
import { batches, ingest } from './ingest';
import { memory } from './machine';
import { ServerProcess } from './server-process';

async function measure(context: BenchContext): Promise<Measurement> {
  const customers = context.quick ? 100_000 : 1_000_000;
  const touchpoints = context.long ? 10_000_000 : 2 * customers;
  const server = await ServerProcess.start({ data: join(context.folder, 'data') });
  try {
    const first = await ingest(server, batches(customers, { from: 0, count: customers, order: 'sequence' }));
    const second = await ingest(
      server,
      batches(touchpoints - customers, { from: 0, count: customers, order: 'random' }),
    );
    const { residentMb, peakMb } = memory(server.pid);
    return { residentMb, peakMb, touchpoints, first: first.perSecond, second: second.perSecond };
  } finally {
    await server.stop();
  }
}

export const MEMORY: Bench = {
  name: 'memory',
  title: 'Resident memory after ingest, 1 M customers (2 M touchpoints; 10 M with --long)',
  runs: 1,
  figures: [
    {
      key: 'residentMb',
      title: 'resident memory after ingest, 1 M customers',
      unit: 'MB',
      atMost: 1_024,
      beside: (m) =>
        `${m.touchpoints! / 1e6} M touchpoints, peak ${m.peakMb!.toFixed(0)} MB; first of each customer ${Math.round(m.first!)} /s, then ${Math.round(m.second!)} /s`,
    },
  ],
  run: measure,
};
