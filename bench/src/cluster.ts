/** Touchpoints end to end through a cluster: one process for the API, 1, 2 and 4 that run the engine. What the two servers take is not counted. */
import { join } from 'node:path';
import { startTestMongo, type TestMongo } from '../../libs/read-models/src/testing';
import { type EventServer, eventServer } from './event-server/event-server';
import type { Bench, BenchContext, FigureSpec, Measurement } from './figure';
import { batches } from './ingest';
import { makeLoad, mustBeWhole } from './load/load';
import { processSeconds } from './machine';
import { ServerProcess } from './server-process';

const WORKERS = [1, 2, 4] as const;
const CUSTOMERS = 10_000;
const TOUCHPOINTS = 40_000;
const QUICK_TOUCHPOINTS = 10_000;
const PARTITIONS = '64';
const GOAL_MICROSECONDS = 60;

interface Cluster {
  api: ServerProcess;
  engines: ServerProcess[];
}

async function start(context: BenchContext, events: EventServer, mongo: TestMongo, workers: number): Promise<Cluster> {
  const { url, database } = mongo.settings();
  const mongoUrl = new URL(url);
  mongoUrl.pathname = `/${database}`;
  const process = (role: 'api' | 'engine', number: number): Promise<ServerProcess> =>
    ServerProcess.start({
      data: join(context.folder, `${workers}-${role}-${number}`),
      profileFolder: context.profileFolder,
      environment: {
        RAPPORT_EVENTSTORE_URL: events.url,
        RAPPORT_MONGODB_URL: mongoUrl.toString(),
        RAPPORT_PARTITIONS: PARTITIONS,
        RAPPORT_ROLES: role,
      },
    });
  const engines: ServerProcess[] = [];
  for (let number = 1; number <= workers; number++) engines.push(await process('engine', number));
  return { api: await process('api', 0), engines };
}

/** Microseconds of CPU a touchpoint of the API and of all engines, and touchpoints a second until everything was shown. */
async function endToEnd({ api, engines }: Cluster, touchpoints: number, seed: number) {
  const seconds = (): [number, number] => [
    processSeconds(api.pid),
    engines.reduce((sum, engine) => sum + processSeconds(engine.pid), 0),
  ];
  const before = seconds();
  const began = performance.now();
  const plan = batches(touchpoints, { from: 0, count: CUSTOMERS, order: 'random' });
  const result = await makeLoad({ ...plan, patient: true, port: api.port, seed });
  mustBeWhole(result, touchpoints);
  await api.caughtUp(result.lastPosition);
  const perSecond = (touchpoints * 1_000) / (performance.now() - began);
  const [apiMicroseconds, engineMicroseconds] = seconds().map((after, i) => ((after - before[i]!) * 1e6) / touchpoints);
  return { api: apiMicroseconds!, engine: engineMicroseconds!, perSecond };
}

async function run(context: BenchContext): Promise<Measurement> {
  const mongo = await startTestMongo({ url: process.env.MONGODB_URL });
  const measured: Measurement = {};
  try {
    for (const workers of WORKERS) {
      // A log of its own each time, where no server is given.
      const events = await eventServer(process.env.EVENTSTORE_URL);
      if (workers === 1) context.note(`log: ${events.name}; read models: ${mongo.says}`);
      const cluster = await start(context, events, mongo, workers);
      const rates = await endToEnd(cluster, context.quick ? QUICK_TOUCHPOINTS : TOUCHPOINTS, workers);
      for (const server of [cluster.api, ...cluster.engines]) await server.stop();
      await events.close();
      measured[`sum ${workers}`] = rates.api + rates.engine;
      for (const [name, value] of Object.entries(rates)) measured[`${name} ${workers}`] = value;
    }
  } finally {
    await mongo.stop();
  }
  return measured;
}

function figure(workers: number): FigureSpec {
  const number = (m: Measurement, name: string, digits: number): string => m[`${name} ${workers}`]!.toFixed(digits);
  return {
    key: `sum ${workers}`,
    title: `cluster, ${workers} worker${workers === 1 ? '' : 's'}: CPU of API and engine for each touchpoint`,
    unit: 'us',
    ...(workers === 1 && { atMost: GOAL_MICROSECONDS }),
    beside: (m) =>
      `API ${number(m, 'api', 1)}, engine ${number(m, 'engine', 1)} us; ${number(m, 'perSecond', 0)}/s until shown, servers on the same cores`,
  };
}

export const CLUSTER: Bench = {
  name: 'cluster',
  title: 'A cluster end to end: batches of 100 over HTTP, 10,000 customers, 64 partitions, shown in MongoDB',
  runs: 1,
  figures: WORKERS.map(figure),
  run,
};
