import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { changeOps, customerRows } from '../contract/generated';
import { naiveCounters } from '../contract/naive-models';
import { customer, flush } from '../contract/rows';
import type { Flush } from '../read-models';
import { openReadModelQueries } from '../sqlite/queries';
import { SqliteReadModelFile } from '../sqlite/read-model-file';
import { connectMongo, type MongoConnection } from './connection';
import { Cut, dumpOf, watchedModels } from './faults.fixture';
import { FencedError } from './fenced-error';
import { FlushWriter, WRITER_LIMITS, type WriterLimits } from './flush-writer';
import { startTestMongo, type TestMongo } from './mongo-server.fixture';
import { ensureIndexes, Models, SHARDED } from './models';
import { PointReads } from './point-reads';
import { Reading } from './reading';
import { someFlush } from './some-flushes.fixture';

const { MONGODB_URL } = process.env;
jest.setTimeout(180_000);

const FLUSHES = 3;
/** Nothing fits into a transaction, and a few documents fill a piece of the journal. */
const JOURNAL: WriterLimits = { ...WRITER_LIMITS, transactionWritesMax: 0, journalPieceBytes: 1_200 };

function sqliteDump(flushes: readonly Flush[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-equal-'));
  const file = SqliteReadModelFile.openLive(folder, 1);
  for (const one of flushes) file.write(one);
  file.close();
  const queries = openReadModelQueries(folder, 1);
  const lines = [...queries.dump()];
  queries.close();
  rmSync(folder, { recursive: true });
  return lines;
}

describe('flushes to MongoDB', () => {
  let server: TestMongo;
  let connection: MongoConnection;
  let generation = 0;
  let models: Models;
  beforeAll(async () => {
    server = await startTestMongo({ url: MONGODB_URL });
    connection = await connectMongo(server.settings());
  });
  afterAll(async () => {
    await connection.client.close();
    await server.stop();
  });
  beforeEach(() => fresh());
  afterEach(() => models.drop());

  async function fresh(): Promise<void> {
    models = new Models(connection.db, ++generation);
    await ensureIndexes(models);
  }

  const open = (token?: number, limits?: WriterLimits, own = models, partition?: number): Promise<FlushWriter> =>
    FlushWriter.open(
      connection,
      own,
      { ...(token && { token }), ...(partition !== undefined && { partition }) },
      limits,
    );
  const dump = (): Promise<string[]> => dumpOf(connection, generation);
  const expected = (steps: number): string[] => sqliteDump(Array.from({ length: steps }, (_, i) => someFlush(i + 1)));

  it.each([WRITER_LIMITS, JOURNAL])('dump to the bytes that SQLite dumps (%j)', async (limits) => {
    const writer = await open(1, limits);
    for (let step = 1; step <= FLUSHES; step++) await writer.write(someFlush(step));
    expect(await dump()).toEqual(expected(FLUSHES));
  });

  it('do so for any content, however flushed', async () => {
    const law = fc.asyncProperty(customerRows, changeOps, fc.integer({ min: 1, max: 30 }), async (rows, ops, size) => {
      await models.drop();
      await fresh();
      const people = [...rows.filter((row) => ![1, 4, 7].includes(row.no)), ...[1, 4, 7].map((no) => customer(no))];
      const flushes = [flush(1, { customers: people, counters: naiveCounters(people) })];
      for (let i = 0; i < ops.length; i += size) flushes.push(flush(i + 2, { changes: ops.slice(i, i + size) }));
      const writer = await open();
      for (const one of flushes) await writer.write(one);
      expect(await dump()).toEqual(sqliteDump(flushes));
    });
    await fc.assert(law, { numRuns: 6 });
  });

  it.each([WRITER_LIMITS, JOURNAL])('are whole after a crash at any write (%j)', async (limits) => {
    for (let cutAt = 1; ; cutAt++) {
      await models.drop();
      await fresh();
      await (await open(1)).write(someFlush(1));
      let writes = 0;
      const cutting = watchedModels(connection.db, generation, () => {
        if (++writes >= cutAt) throw new Cut(`write ${cutAt}`);
      });
      const crashed = await write(cutting, limits);
      const next = await open(3, limits);
      const shown = await dump();
      const done = JSON.stringify(shown) === JSON.stringify(expected(2));
      if (!done) expect(shown).toEqual(expected(1));
      if (!crashed) break;
      if (!done) await next.write(someFlush(2));
      await next.write(someFlush(3));
      expect(await dump()).toEqual(expected(3));
    }
  });

  async function write(own: Models, limits: WriterLimits): Promise<boolean> {
    try {
      await (await open(2, limits, own)).write(someFlush(2));
      return false;
    } catch (error) {
      if (error instanceof Cut) return true;
      throw error;
    }
  }

  it('name the shard key in every document of a customer, also in what is left of a deleted one', async () => {
    const writer = await open(1, JOURNAL);
    for (let step = 1; step <= FLUSHES; step++) await writer.write(someFlush(step));
    for (const model of SHARDED) {
      const all = await models.of(model).countDocuments({});
      expect(all).toBeGreaterThan(0);
      expect(await models.of(model).countDocuments({ customerId: { $type: 'string' } })).toBe(all);
    }
    expect(await models.changes.countDocuments({ gone: { $exists: true } })).toBeGreaterThan(0);
    expect(await models.journal.countDocuments({})).toBe(0);
  });

  it.each([WRITER_LIMITS, JOURNAL])('change nothing when they are written again (%j)', async (limits) => {
    const writer = await open(1, limits);
    await writer.write(someFlush(1));
    const plan = await writer.plan(someFlush(2));
    for (let i = 0; i < 3; i++) await writer.apply(plan);
    await (await open(2, limits)).write(someFlush(3));
    expect(await dump()).toEqual(expected(3));
  });

  it.each([WRITER_LIMITS, JOURNAL])('are refused with an older token, and leave nothing (%j)', async (limits) => {
    const old = await open(1, limits);
    await old.write(someFlush(1));
    await open(2, limits);
    await expect(old.write(someFlush(2))).rejects.toThrow(FencedError);
    expect(await dump()).toEqual(expected(1));
    await expect(open(1, limits)).rejects.toThrow('token 1 was overtaken by 2');
  });

  it('of an owner that was stopped in the middle do no harm when it goes on after the next has written', async () => {
    await (await open(1)).write(someFlush(1));
    let held: (() => void) | undefined;
    let late: Promise<void> = Promise.resolve();
    let bulks = 0;
    const stopped = new Promise<void>((resolve) => {
      const gate = new Promise<void>((open) => (held = open));
      const stopping = watchedModels(connection.db, generation, (method) => {
        if (method !== 'bulkWrite' || ++bulks < 5) return undefined;
        resolve();
        return gate;
      });
      late = open(2, JOURNAL, stopping).then((writer) => writer.write(someFlush(2)));
    });
    await stopped;
    const next = await open(3, JOURNAL);
    expect(await dump()).toEqual(expected(2));
    await next.write(someFlush(3));
    held?.();
    await expect(late).rejects.toThrow(FencedError);
    expect(await dump()).toEqual(expected(3));
  });

  it('of an owner that is gone in the middle of its transaction hold up nobody', async () => {
    await (await open(1)).write(someFlush(1));
    let held: (() => void) | undefined;
    let late: Promise<void> = Promise.resolve();
    const stopped = new Promise<void>((resolve) => {
      const gate = new Promise<void>((open) => (held = open));
      // Its documents are written, its progress is not.
      const stopping = watchedModels(connection.db, generation, (method) => {
        if (method !== 'updateOne') return undefined;
        resolve();
        return gate;
      });
      late = open(2, WRITER_LIMITS, stopping).then((writer) => writer.write(someFlush(2)));
    });
    await stopped;
    const next = await open(3);
    await next.write(someFlush(2));
    expect(await dump()).toEqual(expected(2));
    held?.();
    await expect(late).rejects.toThrow(FencedError);
    await next.write(someFlush(3));
    expect(await dump()).toEqual(expected(3));
  }, 30_000);

  it('of several partitions stand side by side: the checkpoint is the smallest, the counters are of all', async () => {
    const engine = (partition: number): string => JSON.stringify({ partitions: [{ partition }] });
    const of = (partition: number, position: number): Flush => ({
      ...flush(position, { customers: [customer(position, { partition })] }),
      checkpoint: { position, recordedAt: position, engine: engine(partition) },
      counters: [{ partition, stage: 'lead', engagement: 'active', customers: 1 }],
    });
    const [zero, one] = [await open(1, WRITER_LIMITS, models, 0), await open(1, WRITER_LIMITS, models, 1)];
    await one.write(of(1, 5));
    await zero.write(of(0, 9));
    const all = new PointReads(models, new Reading(connection));
    expect(await all.checkpoint()).toEqual({
      ...{ position: 5, recordedAt: 5 },
      engine: '{"partitions":[{"partition":0},{"partition":1}]}',
    });
    expect(await all.counters()).toHaveLength(2);
    const own = new PointReads(models, new Reading(connection), 0);
    expect(await own.checkpoint()).toEqual({ position: 9, recordedAt: 9, engine: engine(0) });
    expect(await own.counters()).toHaveLength(1);
  });
});
