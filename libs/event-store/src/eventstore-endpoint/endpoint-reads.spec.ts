import { EventStoreDBClient, jsonEvent, START } from '@eventstore/db-client';
import { openTestEndpoint, type TestEndpoint } from './endpoint.fixture';

describe('reading', () => {
  let endpoint: TestEndpoint;
  let client: EventStoreDBClient;
  beforeAll(async () => {
    endpoint = await openTestEndpoint();
    client = EventStoreDBClient.connectionString(endpoint.url);
  });
  afterAll(async () => {
    await client.dispose();
    await endpoint.close();
  });

  it('reads what was appended', async () => {
    const events = [1, 2, 3].map((n) => jsonEvent({ type: 'Tested', data: { n }, metadata: { m: n } }));
    const answer = await client.appendToStream('a', events, { expectedRevision: 'no_stream' });
    expect(answer).toEqual({ success: true, nextExpectedRevision: 2n, position: { commit: 3n, prepare: 3n } });
    const read = [];
    for await (const { event } of client.readStream('a', { fromRevision: START })) read.push(event);
    expect(read).toMatchObject([
      { data: { n: 1 }, metadata: { m: 1 }, revision: 0n },
      { data: { n: 2 } },
      { data: { n: 3 } },
    ]);
    const sub = client.subscribeToAll({ fromPosition: START });
    const seen = [];
    for await (const { event } of sub) {
      seen.push(event?.revision);
      if (seen.length === 3) break;
    }
    await sub.unsubscribe();
    expect(seen).toEqual([0n, 1n, 2n]);
  });
});
