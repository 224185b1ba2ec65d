/** A service of somebody else, with the official client, beside the real running server: what it is told, and what it may not do. */
import {
  type AllStreamSubscription,
  END,
  type EventStoreDBClient,
  type Position,
  type ResolvedEvent,
  START,
  streamNameFilter,
} from '@eventstore/db-client';

import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ServerProcess } from '../http/server-process';
import { all, before, climb, named, offeredAt, startOffering, until } from './offering-server';

interface Change {
  customer: string;
  to: string;
}

/** What the service keeps: the changes, and a checkpoint with them. */
class Downstream {
  readonly changes: Change[] = [];
  checkpoint: Position | typeof START = START;
  caughtUp = false;
  ended: unknown;
  private subscription: AllStreamSubscription | undefined;

  start(client: EventStoreDBClient): void {
    const checkpointReached = (_: unknown, position: Position) => Promise.resolve(void (this.checkpoint = position));
    const filter = streamNameFilter({ prefixes: ['journey-'], checkpointInterval: 1, checkpointReached });
    this.subscription = client.subscribeToAll({ fromPosition: this.checkpoint, filter });
    this.subscription
      .on('data', ({ event }: ResolvedEvent) => {
        if (event?.position) this.checkpoint = event.position;
        if (event?.type !== 'StageChanged') return;
        const { subject } = event.metadata as { subject: string };
        this.changes.push({ customer: subject, to: (event.data as { to: string }).to });
      })
      .on('caughtUp', () => (this.caughtUp = true))
      .on('error', (error) => (this.ended = error));
  }

  async stop(): Promise<void> {
    await this.subscription?.unsubscribe();
  }

  of(customer: string): string[] {
    return this.changes.filter((change) => change.customer === customer).map(({ to }) => to);
  }
}

let server: ServerProcess;
let client: EventStoreDBClient;
let url: string;

const start = async (port: string, folder?: string): Promise<void> => {
  ({ server, client } = await startOffering(port, folder));
  url = offeredAt(server);
};
beforeAll(() => start('0'), 60_000);
afterAll(async () => {
  await client.dispose();
  await server.stopAndForget();
}, 30_000);

describe('a service that follows stage changes', () => {
  const service = new Downstream();
  afterAll(() => service.stop());

  it('is told what was, then what is', async () => {
    await climb(server, named('early', 20));
    service.start(client);
    await until(() => service.caughtUp && named('early', 20).every((customer) => service.of(customer).length >= 3));
    for (const customer of named('early', 20)) expect(service.of(customer)).toEqual(['lead', 'customer', 'loyal']);
    await climb(server, named('live', 20));
    await until(() => named('live', 20).every((customer) => service.of(customer).length >= 3));
    for (const customer of named('live', 20)) expect(service.of(customer)).toEqual(['lead', 'customer', 'loyal']);
  });

  it('goes on from its checkpoint after the server was killed, with nothing lost and nothing twice', async () => {
    const { folder } = server;
    const one = async () => {
      for (const customer of named('dying', 100)) await climb(server, [customer]);
    };
    const died = one().catch((error: unknown) => error);
    await until(() => service.of('dying-0').length > 0);
    server.signal('SIGKILL');
    await server.exited();
    expect(await died).toMatchObject({ message: 'fetch failed' });
    await until(() => service.ended !== undefined);
    expect(service.ended).toMatchObject({ type: 'unavailable' });
    await client.dispose();
    await start(/:(\d+)\?/.exec(url)?.[1] ?? '', folder);
    service.start(client);
    await climb(server, named('dying', 100));
    await climb(server, ['after']);
    await until(() => service.of('after').length === 3);
    for (const customer of named('dying', 100)) expect(service.of(customer)).toEqual(['lead', 'customer', 'loyal']);
  }, 60_000);
});

describe('the program in the documentation', () => {
  const root = join(__dirname, '..', '..');
  // Beside the node_modules that it needs.
  const program = join(root, 'node_modules', '.stage-changes-of-the-docs.mjs');
  afterAll(() => rmSync(program, { force: true }));

  it('runs as it stands there, and goes on from its checkpoint', async () => {
    const page = readFileSync(join(root, 'docs', 'eventstore-endpoint.md'), 'utf8');
    writeFileSync(program, /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? '');
    await climb(server, ['doc-one']);
    const run = async (customer: string) => {
      const child = spawn(process.execPath, [program, url, join(server.folder, 'checkpoint-of-the-docs')]);
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (text: Buffer) => (output += text.toString()));
      try {
        await until(() => output.includes(`${customer}: customer -> loyal`) || child.exitCode !== null);
      } finally {
        child.kill('SIGKILL');
      }
      return output;
    };
    expect(await run('doc-one')).toContain('doc-one: lead -> customer\n');
    await climb(server, ['doc-two']);
    const second = await run('doc-two');
    expect(second).toContain('doc-two: lead -> customer\n');
    expect(second).not.toContain('doc-one');
  }, 60_000);
});

describe('the stream of a customer', () => {
  it('is not found for nobody', async () => {
    await expect(all(client.readStream('customer-nobody'))).rejects.toMatchObject({ type: 'stream-not-found' });
  });

  it('has what the timeline has, in the order of the log, numbered without gaps', async () => {
    await climb(server, ['anna']);
    const read = await all(client.readStream('customer-anna'));
    expect(read.map(({ streamId }) => streamId)).toEqual(read.map(() => 'customer-anna'));
    expect(read.map(({ revision }) => revision)).toEqual(read.map((_, i) => BigInt(i)));
    const positions = read.map(({ position }) => position?.commit ?? 0n);
    expect(positions).toEqual([...positions].sort((a, b) => Number(a - b)));
    expect(read.filter(({ type }) => type === 'TouchpointRecorded')).toHaveLength(4);
    const stages = read.filter(({ type }) => type === 'StageChanged').map(({ data }) => (data as { to: string }).to);
    expect(stages).toEqual(['lead', 'customer', 'loyal']);
    expect(read.every(({ metadata }) => (metadata as { subject: string }).subject === 'anna')).toBe(true);
    const backwards = await all(client.readStream('customer-anna', { direction: 'backwards', fromRevision: END }));
    expect(backwards).toEqual([...read].reverse());
    const some = await all(client.readStream('customer-anna', { fromRevision: 2n, maxCount: 3 }));
    expect(some).toEqual(read.slice(2, 5));
  });

  it('leaves out what was sent twice, is followed live, and keeps its numbers', async () => {
    await climb(server, ['bert']);
    const first = await all(client.readStream('customer-bert'));
    await climb(server, ['bert']);
    expect(await all(client.readStream('customer-bert'))).toEqual(first);
    const seen: { revision: bigint; type: string }[] = [];
    const subscription = client.subscribeToStream('customer-bert', { fromRevision: 1n });
    subscription.on('data', ({ event }) => event && seen.push({ revision: event.revision, type: event.type }));
    await until(() => seen.length === first.length - 2);
    const visit = { touchpointId: 'again', customerId: 'bert', type: 'store.visited', occurredAt: before(0) };
    await server.fetch('POST', '/v1/touchpoints', visit, { prefer: 'wait=20' });
    await until(() => seen.length > first.length - 2);
    await subscription.unsubscribe();
    expect(seen.map(({ revision }) => revision)).toEqual(seen.map((_, i) => BigInt(i + 2)));
    expect(seen[first.length - 2]?.type).toBe('TouchpointRecorded');
  });

  it('is no part of everything', async () => {
    const streams = new Set((await all(client.readAll())).map(({ streamId }) => streamId.replace(/-.*/, '')));
    expect(streams.has('customer')).toBe(false);
    expect([...streams]).toEqual(expect.arrayContaining(['touchpoints', 'journey', 'definition']));
  });
});
