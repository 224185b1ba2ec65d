import { describeEventStore } from '../testing';
import { freshStore, type ServerUnderTest, serverUnderTest } from './server-under-test.fixture';

const { EVENTSTORE_URL } = process.env;
let server: ServerUnderTest;

beforeAll(async () => {
  server = await serverUnderTest(EVENTSTORE_URL);
});
afterAll(() => server.close());

describeEventStore(EVENTSTORE_URL ? 'EventStoreDB at EVENTSTORE_URL' : 'EventStoreDB, on the protocol endpoint', () =>
  freshStore(server.url),
);
