import { setTimeout as pause } from 'node:timers/promises';
import { customer, flush } from '../contract/rows';
import { connectMongo, type MongoConnection } from './connection';
import { MongoServerUnfit } from './mongo-settings';
import { dumpOf } from './faults.fixture';
import { FlushWriter } from './flush-writer';
import { Generations } from './generations';
import { startTestMongo, type TestMongo } from './mongo-server.fixture';
import { collectionName, ensureIndexes, INDEXES, MODEL_NAMES, MongoIndexError, Models } from './models';

const { MONGODB_URL } = process.env;
jest.setTimeout(120_000);

const GRACE_MS = 1_000;

describe('the collections in MongoDB', () => {
  let server: TestMongo;
  let connection: MongoConnection;
  beforeAll(async () => {
    server = await startTestMongo({ url: MONGODB_URL });
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    connection = await connectMongo(server.settings());
  });
  afterEach(() => connection.client.close());

  const collections = async (generation: number): Promise<string[]> => {
    const names = await connection.db.listCollections({}, { nameOnly: true }).toArray();
    return names.map(({ name }) => name).filter((name) => name.startsWith(`g${generation}_`));
  };

  async function filled(generation: number, rows: number): Promise<void> {
    const models = new Models(connection.db, generation);
    await ensureIndexes(models);
    const writer = await FlushWriter.open(connection, models, {});
    await writer.write(flush(9, { customers: Array.from({ length: rows }, (_, i) => customer(i + 1)) }));
  }

  it('of a rebuild are filled beside the live ones, switched to at once, and the old ones dropped after a grace period', async () => {
    const generations = new Generations(connection.db);
    const live = await generations.current();
    await filled(live, 1);
    const rebuilt = await generations.next();
    await filled(rebuilt, 2);
    expect(await generations.current()).toBe(live);
    expect(await dumpOf(connection, live)).toHaveLength(2);
    await generations.switchTo(rebuilt);
    expect(await generations.current()).toBe(rebuilt);
    expect(await generations.dropOld(GRACE_MS)).toEqual([]);
    // Whoever still reads the old one finds it.
    expect(await dumpOf(connection, live)).toHaveLength(2);
    await pause(GRACE_MS + 200);
    expect(await generations.dropOld(GRACE_MS)).toEqual([live]);
    expect(await collections(live)).toEqual([]);
    expect(await dumpOf(connection, rebuilt)).toHaveLength(3);
    expect(await generations.dropOld(0)).toEqual([]);
  });

  it('are numbered for one rebuild each, whoever asks, and the one in use is not discarded', async () => {
    const generations = new Generations(connection.db);
    const numbers = await Promise.all(Array.from({ length: 8 }, () => new Generations(connection.db).next()));
    expect(new Set(numbers).size).toBe(8);
    await expect(generations.discard(await generations.current())).rejects.toThrow('is in use');
    await filled(numbers[0]!, 1);
    await generations.discard(numbers[0]!);
    expect(await collections(numbers[0]!)).toEqual([]);
  });

  it('get every index that is declared, once', async () => {
    const models = new Models(connection.db, 1);
    await ensureIndexes(models);
    await ensureIndexes(models);
    for (const model of MODEL_NAMES) {
      if (INDEXES[model].length === 0) continue;
      const found = (await models.of(model).listIndexes().toArray()) as { name: string }[];
      const names = found.map((index) => index.name).filter((name) => name !== '_id_');
      expect(names.sort()).toEqual(INDEXES[model].map((index) => index.name).sort());
    }
  });

  it('with an index that is not what it should be are refused, with the mend', async () => {
    const customers = collectionName(1, 'customers');
    await connection.db.collection(customers).createIndex({ no: 1, stage: 1 }, { name: 'by_no' });
    const refused = ensureIndexes(new Models(connection.db, 1));
    await expect(refused).rejects.toThrow(MongoIndexError);
    await expect(refused).rejects.toThrow(`db.${customers}.dropIndex("by_no")`);
  });
});

it('a server that cannot be reached is named, without the password', async () => {
  const refused = connectMongo({
    url: 'mongodb://ann:secret@127.0.0.1:1/',
    database: 'x',
    selectServerMs: 300,
  });
  await expect(refused).rejects.toThrow(MongoServerUnfit);
  await expect(refused).rejects.toThrow(/\*\*\*@127\.0\.0\.1:1.*Check the URL/);
  await expect(refused).rejects.not.toThrow('secret');
});
