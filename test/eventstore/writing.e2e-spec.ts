/** What somebody else may write with the official client beside the real running server, and what that does to the store. */
import {
  binaryEvent,
  EventStoreDBClient,
  jsonEvent,
  persistentSubscriptionToStreamSettingsFromDefaults,
} from '@eventstore/db-client';

import { Sandbox } from '../cli/rapport-process';
import { ServerProcess } from '../http/server-process';
import { all, before, climb, offeredAt, startOffering } from './offering-server';

let server: ServerProcess;
let client: EventStoreDBClient;
beforeAll(async () => ({ server, client } = await startOffering('0')), 60_000);
afterAll(async () => {
  await client.dispose();
  await server.stopAndForget();
}, 30_000);

describe('what a client may write', () => {
  const event = jsonEvent({ type: 'Noted', data: { a: 1 } });

  it.each([
    'touchpoints-00',
    'journey-00',
    'actions-00',
    'definition-x',
    'effects',
    'suppressions',
    'customer-anna',
    '$$journey-00',
  ])('is not %s', async (stream) => {
    await expect(client.appendToStream(stream, [event])).rejects.toMatchObject({ type: 'access-denied' });
  });

  it('is a stream of its own, which the engine passes over', async () => {
    await client.appendToStream('notes-1', [event], { expectedRevision: 'no_stream' });
    await climb(server, ['carl']);
    expect((await all(client.readStream('notes-1'))).map(({ data }) => data)).toEqual([{ a: 1 }]);
    const { body } = await server.fetch<{ stage: string }>('GET', '/v1/customers/carl');
    expect(body.stage).toBe('loyal');
  });
});

describe('a store that clients have written to', () => {
  it('is whole, is rebuilt to the same, and is exported with what they wrote', async () => {
    const sandbox = new Sandbox();
    const own = await ServerProcess.start(
      { RAPPORT_EVENTSTORE_PORT: '0', RAPPORT_EVENTSTORE_WRITES: 'true' },
      sandbox.data,
    );
    const writer = EventStoreDBClient.connectionString(offeredAt(own));
    const bytes = binaryEvent({ type: 'Bytes', data: Uint8Array.of(0, 255), metadata: Uint8Array.of(1, 2) });
    await writer.appendToStream('notes-1', [bytes]);
    await writer.createPersistentSubscriptionToStream(
      'notes-1',
      'group',
      persistentSubscriptionToStreamSettingsFromDefaults(),
    );
    const visit = { touchpointId: 'v', customerId: 'dora', type: 'store.visited', occurredAt: before(1) };
    await own.fetch('POST', '/v1/touchpoints', visit, { prefer: 'wait=20' });
    await writer.appendToStream('notes-1', [bytes], { expectedRevision: 0n });
    await writer.deleteStream('notes-1');
    await writer.dispose();
    await own.stop();
    for (const command of ['verify', 'rebuild']) {
      const { code, stderr } = await sandbox.run(command);
      expect([command, code, stderr]).toEqual([command, 0, stderr]);
    }
    const exported = (await sandbox.run('export')).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(exported.filter((line) => 'stream' in line && line.stream === 'notes-1')).toMatchObject([
      { type: 'Bytes', dataBase64: 'AP8=', personalBase64: 'AAEC', revision: 0 },
      { type: 'Bytes', dataBase64: 'AP8=', personalBase64: 'AAEC', revision: 1 },
    ]);
    await sandbox.end();
  }, 60_000);
});

describe('a server without the setting', () => {
  it('refuses writes, and says why', async () => {
    const reading = await ServerProcess.start({ RAPPORT_EVENTSTORE_PORT: '0' });
    const reader = EventStoreDBClient.connectionString(offeredAt(reading));
    const write = reader.appendToStream('notes-1', [jsonEvent({ type: 'Noted', data: {} })]);
    await expect(write).rejects.toMatchObject({
      type: 'access-denied',
      message: expect.stringMatching(/--eventstore-writes/) as string,
    });
    await reader.dispose();
    await reading.stopAndForget();
  }, 60_000);

  it('does not start where the port is taken', async () => {
    const port = /:(\d+)\?/.exec(offeredAt(server))?.[1] ?? '';
    const { code, output } = await ServerProcess.refused({
      PORT: '0',
      RAPPORT_DATA: `${server.folder}-2`,
      RAPPORT_EVENTSTORE_PORT: port,
    });
    expect([code, output]).toEqual([2, expect.stringMatching(/RAPPORT_EVENTSTORE_PORT/)]);
  }, 60_000);
});
