/** Flushes of customers through the adapter against the same documents through the bare driver, in turns, in the same run. */
import { randomUUID } from 'node:crypto';
import { type CustomerRow, openMongoThread } from '@rapport/read-models';
import { type Collection, type Document, MongoClient } from 'mongodb';
import { startTestMongo } from '../../libs/read-models/src/testing';
import type { Bench, BenchContext, Measurement } from './figure';
import { flushOf, Population } from './population';

const FLUSH_ROWS = 1_000;
const FLUSHES = 6;
const QUICK_FLUSHES = 2;

interface Rates {
  /** Documents per second. */
  fresh: number;
  known: number;
}

/** `write` gets rows whose customers are new, then the same ones after another touchpoint. */
async function measure(
  flushes: readonly CustomerRow[][],
  write: (rows: CustomerRow[]) => Promise<void>,
): Promise<Rates> {
  const rate = async (more: number): Promise<number> => {
    const later = flushes.map((rows) =>
      rows.map((row) => ({
        ...row,
        touchpoints: row.touchpoints + more,
        lastTouchpointAt: row.lastTouchpointAt + more,
      })),
    );
    const from = performance.now();
    for (const rows of later) await write(rows);
    return (flushes.length * FLUSH_ROWS * 1_000) / (performance.now() - from);
  };
  return { fresh: await rate(0), known: await rate(1) };
}

async function throughAdapter(url: string, flushes: readonly CustomerRow[][]): Promise<Rates> {
  const thread = await openMongoThread({ url, database: `rapport-bench-${randomUUID()}` });
  const generation = await thread.ask('next');
  const writer = await thread.writer(generation);
  let position = 0;
  const rates = await measure(flushes, (rows) => writer.write(flushOf(++position, rows, [], [])));
  await writer.close();
  await thread.ask('discard', generation);
  await thread.close();
  return rates;
}

/** As a program would that has nothing but the driver: the same indexes, bulks of replacements, acknowledged by most. */
async function throughDriver(url: string, flushes: readonly CustomerRow[][]): Promise<Rates> {
  const client = await MongoClient.connect(url, { writeConcern: { w: 'majority', journal: true } });
  const db = client.db(`rapport-bench-${randomUUID()}`);
  const customers: Collection<Document> = db.collection('customers');
  await customers.createIndexes(SAME_INDEXES);
  const rates = await measure(flushes, async (rows) => {
    const operations = rows.map((row) => ({
      replaceOne: { filter: { _id: row.customerId as never }, replacement: { ...row }, upsert: true },
    }));
    await customers.bulkWrite(operations, { ordered: false });
  });
  await db.dropDatabase();
  await client.close();
  return rates;
}

const SAME_INDEXES = [
  { key: { no: 1 } },
  { key: { stage: 1, engagement: 1, lastTouchpointAt: 1, no: 1 } },
  { key: { stage: 1, engagement: 1, stageSince: 1, no: 1 } },
  { key: { partition: 1, customerId: 1 } },
  { key: { partition: 1, due: 1, customerId: 1 }, partialFilterExpression: { due: { $gte: 0 } } },
  { key: { unsettled: 1, partition: 1 }, partialFilterExpression: { unsettled: true } },
] as const satisfies readonly object[] as never;

async function run(context: BenchContext): Promise<Measurement> {
  const server = await startTestMongo({ url: process.env['MONGODB_URL'] });
  context.note(`MongoDB writes ran on ${server.says}`);
  const population = new Population();
  const count = context.quick ? QUICK_FLUSHES : FLUSHES;
  const flushes = Array.from({ length: count }, (_, i) =>
    Array.from({ length: FLUSH_ROWS }, (_, row) => population.old((i * FLUSH_ROWS + row) * 10 + 1)),
  );
  const driver = await throughDriver(server.url, flushes);
  const cpu = process.cpuUsage();
  const adapter = await throughAdapter(server.url, flushes);
  const { user, system } = process.cpuUsage(cpu);
  await server.stop();
  return {
    ...{ fresh: adapter.fresh, known: adapter.known, bareFresh: driver.fresh, bareKnown: driver.known },
    ...{ freshShare: (100 * adapter.fresh) / driver.fresh, knownShare: (100 * adapter.known) / driver.known },
    cpu: (user + system) / (2 * count * FLUSH_ROWS),
  };
}

export const MONGODB_WRITES: Bench = {
  name: 'mongodb-writes',
  title: 'Flushes of 1,000 customers to MongoDB, against the bare driver in the same run',
  runs: 1,
  figures: [
    {
      key: 'freshShare',
      title: 'MongoDB: flushes of new customers, of the bare driver',
      unit: '%',
      atLeast: 80,
      beside: (m) => `${m.fresh!.toFixed(0)} of ${m.bareFresh!.toFixed(0)} customers/s`,
    },
    {
      key: 'knownShare',
      title: 'MongoDB: flushes of known customers, of the bare driver',
      unit: '%',
      atLeast: 80,
      beside: (m) =>
        `${m.known!.toFixed(0)} of ${m.bareKnown!.toFixed(0)} customers/s; ${m.cpu!.toFixed(1)} us CPU each`,
    },
  ],
  run,
};
