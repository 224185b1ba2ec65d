import { readModelsContract, type ReadModelsUnderTest } from '../read-models.contract';
import { type MongoThread, openMongoThread } from './mongo-thread';
import { startTestMongo, type TestMongo } from './mongo-server.fixture';

const { MONGODB_URL } = process.env;
/** The test server is written in Python: ten thousand rows take it a while. */
jest.setTimeout(180_000);

/** A generation of its own for each store under test. */
async function openMongo(thread: MongoThread): Promise<ReadModelsUnderTest> {
  const generation = await thread.ask('next');
  const writer = await thread.writer(generation);
  const engine = thread.engineReader(generation);
  const queries = thread.queries(generation);
  return {
    write: (flush) => writer.write(flush),
    engine,
    queries,
    close: async () => {
      engine.close();
      queries.close();
      await writer.close();
      await thread.ask('discard', generation);
    },
  };
}

describe(`read models on ${MONGODB_URL ? 'MONGODB_URL' : 'secantusd-py'}`, () => {
  let server: TestMongo;
  let thread: MongoThread;
  beforeAll(async () => {
    server = await startTestMongo({ url: MONGODB_URL });
    thread = await openMongoThread(server.settings());
  }, 240_000);
  afterAll(async () => {
    await thread.close();
    await server.stop();
  });

  readModelsContract('MongoDB', () => openMongo(thread));
});
