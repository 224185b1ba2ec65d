import type { Bench, BenchContext, FigureSpec, Measurement } from '../figure';
import { type AdapterRates, measureAdapter, type Rate } from './adapter-figures';
import { eventServer } from './event-server';

/** Of the bare client in the same run, by CPU for each event: what a client process can reach when the server is not the limit. */
const SHARE_MIN = 0.8;

function share(key: string, title: string, bare: string, atLeast?: number): FigureSpec {
  const cpu = (m: Measurement, of: string): string => `${m[`${of} cpu`]!.toFixed(1)} us`;
  const rate = (m: Measurement, of: string): string => `${Math.round(m[`${of} rate`]!)}/s`;
  return {
    ...{ key: `${key} share`, title, unit: 'of the bare client', atLeast },
    beside: (m) => `CPU ${cpu(m, key)} an event, bare ${cpu(m, bare)}; ${rate(m, key)}, bare ${rate(m, bare)}`,
  };
}

async function run({ quick, ...context }: BenchContext): Promise<Measurement> {
  const server = await eventServer(process.env.EVENTSTORE_URL);
  context.note(`on ${server.name}`);
  try {
    const rates = await measureAdapter({ url: server.url, eventsPerRound: quick ? 8_000 : 40_000, rounds: 3 });
    return numbers(rates);
  } finally {
    await server.close();
  }
}

function numbers(rates: AdapterRates): Measurement {
  const measured: Measurement = {};
  const put = (key: string, { cpuPerEvent, eventsPerSecond }: Rate, bare: Rate): void => {
    measured[`${key} cpu`] = cpuPerEvent;
    measured[`${key} rate`] = eventsPerSecond;
    measured[`${key} share`] = bare.cpuPerEvent / cpuPerEvent;
  };
  put('append bare', rates['append bare'], rates['append bare']);
  put('append adapter', rates['append adapter'], rates['append bare']);
  put('append placed', rates['append placed'], rates['append bare']);
  put('read bare', rates['read bare'], rates['read bare']);
  put('read adapter', rates['read adapter'], rates['read bare']);
  put('follow bare', rates['follow bare'], rates['follow bare']);
  put('follow adapter', rates['follow adapter'], rates['follow bare']);
  return measured;
}

export const EVENT_STORE_ADAPTER: Bench = {
  name: 'event-store-adapter',
  title:
    'The EventStoreDB adapter against the bare client: batches of 100, 8 streams side by side, reads and catch-up of one stream',
  runs: 1,
  figures: [
    share('append adapter', 'adapter: appends', 'append bare', SHARE_MIN),
    share('append placed', 'adapter: appends, with the read that finds their place', 'append bare'),
    share('read adapter', 'adapter: reads', 'read bare', SHARE_MIN),
    share('follow adapter', 'adapter: a subscription catches up', 'follow bare', SHARE_MIN),
  ],
  run,
};
