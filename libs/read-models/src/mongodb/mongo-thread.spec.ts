import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { customer, flush } from '../contract/rows';
import { MongoServerUnfit } from './mongo-settings';
import { FencedError } from './fenced-error';
import { openMongoThread } from './mongo-thread';
import { freePort, startTestMongo } from './mongo-server.fixture';
import { someFlush } from './some-flushes.fixture';

jest.setTimeout(120_000);

const LOOK_MS = 20;

describe('the thread that talks to MongoDB', () => {
  it('is not opened where there is no server', async () => {
    const settings = { url: 'mongodb://127.0.0.1:1/', database: 'x', selectServerMs: 200 };
    await expect(openMongoThread(settings)).rejects.toThrow(MongoServerUnfit);
  });

  it('refuses a writer whose token is older, and tells one that is overtaken', async () => {
    const server = await startTestMongo({ url: process.env['MONGODB_URL'] });
    const thread = await openMongoThread(server.settings());
    const generation = await thread.ask('next');
    const old = await thread.writer(generation, { partition: 2, token: 5 });
    await old.write(flush(1, { customers: [customer(1)] }));
    const fresh = await thread.writer(generation, { partition: 2, token: 6 });
    await expect(old.write(flush(2))).rejects.toThrow(FencedError);
    await expect(thread.writer(generation, { partition: 2, token: 5 })).rejects.toThrow(FencedError);
    await fresh.write(flush(3));
    const reader = thread.engineReader(generation, 2);
    expect(reader.checkpoint()?.position).toBe(3);
    expect(thread.engineReader(generation, 3).checkpoint()).toBeNull();
    await thread.close();
    await server.stop();
  });

  it('writes and answers on a standalone server, without transactions and snapshots', async () => {
    const server = await startTestMongo({ standalone: true });
    const thread = await openMongoThread(server.settings());
    const generation = await thread.ask('next');
    const writer = await thread.writer(generation);
    for (let step = 1; step <= 2; step++) await writer.write(someFlush(step));
    const queries = thread.queries(generation);
    const [position, touchpoints] = queries.snapshot(() => [
      queries.checkpoint()?.position,
      queries.customer('customer-1')?.touchpoints,
    ]);
    expect([position, touchpoints]).toEqual([2000, 2]);
    queries.close();
    await writer.close();
    await thread.close();
    expect(await thread.ended).toBeNull();
    await server.stop();
  });

  // A server that is given to the specs is not ours to kill: this one is always our own.
  it('waits for a server that is killed, says so, and goes on where it was', async () => {
    const storage = mkdtempSync(join(tmpdir(), 'rapport-mongo-'));
    const port = await freePort();
    let server = await startTestMongo({ storage, port });
    const thread = await openMongoThread({ ...server.settings(), selectServerMs: 300 });
    const generation = await thread.ask('next');
    const stalls: (string | null)[] = [];
    const writer = await thread.writer(generation, {}, (detail) => stalls.push(detail));
    await writer.write(flush(1, { customers: [customer(1)] }));

    const waiting = [2, 3, 4, 5].map((n) => writer.write(flush(n, { customers: [customer(n)] })));
    await server.stop();
    const after = writer.write(flush(6, { customers: [customer(6)] }));
    while (stalls.length === 0) await pause(LOOK_MS);
    server = await startTestMongo({ storage, port });
    await Promise.all([...waiting, after]);

    expect(stalls[0]).toMatch(/./);
    expect(stalls.at(-1)).toBeNull();
    const queries = thread.queries(generation);
    const lines = [...queries.dump()].map((line) => JSON.parse(line) as { model: string; position?: number });
    expect(lines.filter((line) => line.model === 'customer')).toHaveLength(6);
    expect(lines[0]).toMatchObject({ model: 'checkpoint', position: 6 });
    queries.close();
    await writer.close();
    await thread.close();
    await server.stop();
    rmSync(storage, { recursive: true, force: true });
  });
});
