/** What was acknowledged over the protocol is there after kill -9, and what was not is there whole or not at all. */
import { EventStoreDBClient } from '@eventstore/db-client';

import { EndpointProcess } from '../endpoint-process.fixture';
import { events, failure, said } from './client.fixture';
import { soon } from './group-worker.fixture';

const WRITERS = 8;
const BATCH = 10;
const ROUNDS = 3;

describe('a server that is killed under a flood of appends', () => {
  let server: EndpointProcess;
  beforeAll(async () => (server = await EndpointProcess.start()));
  afterAll(() => server.close());

  it('has lost nothing that it acknowledged, and holds no part of a batch', async () => {
    const acknowledged = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round++) {
      const client = EventStoreDBClient.connectionString(server.url);
      let stopped = false;
      const flood = async (stream: string) => {
        for (let next = 0; !stopped; next += BATCH) {
          const expectedRevision = next === 0 ? 'no_stream' : BigInt(next - 1);
          const written = await client
            .appendToStream(stream, events(BATCH, next), { expectedRevision })
            .catch(() => undefined);
          if (written === undefined) return;
          acknowledged.set(stream, next + BATCH);
        }
      };
      const floods = Promise.all(Array.from({ length: WRITERS }, (_, writer) => flood(`flood-${round}-${writer}`)));
      while (acknowledged.size < (round + 1) * WRITERS) await soon(10);
      await soon(200);
      await server.signal('SIGKILL');
      stopped = true;
      await floods;
      await client.dispose();
      await server.run();
    }
    expect(acknowledged.size).toBe(ROUNDS * WRITERS);
    const client = EventStoreDBClient.connectionString(server.url);
    for (const [stream, count] of acknowledged) {
      const stored = await said(client.readStream(stream));
      expect(stored).toEqual(stored.map((_, i) => i));
      expect(stored.length).toBeGreaterThanOrEqual(count);
      expect(stored.length % BATCH).toBe(0);
    }
    await client.dispose();
  }, 60_000);

  it('does not answer while it is stopped, and goes on when it is continued', async () => {
    const client = EventStoreDBClient.connectionString(server.url);
    await client.appendToStream('stopped', events(1));
    await server.signal('SIGSTOP');
    const frozen = client.deleteStream('stopped', { deadline: 300 });
    expect(await failure(frozen)).toMatchObject({ type: 'deadline-exceeded' });
    const append = client.appendToStream('stopped', events(1, 1));
    const early = await Promise.race([append, new Promise((resolve) => setTimeout(resolve, 300, 'nothing'))]);
    expect(early).toBe('nothing');
    await server.signal('SIGCONT');
    expect(await append).toMatchObject({ success: true });
    await client.dispose();
  });
});
