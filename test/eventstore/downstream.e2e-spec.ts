/** A service of somebody else, with the official client, beside the real running server: what it is told, and what it may not do. */
import {
  type AllStreamSubscription,
  END,
  EventStoreDBClient,
  jsonEvent,
  type Position,
  type ResolvedEvent,
  START,
  streamNameFilter,
} from '@eventstore/db-client';

import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ServerProcess } from '../http/server-process';

const DAY_MS = 86_400_000;
const NOW = Date.now();
const before = (days: number): string => new Date(NOW - days * DAY_MS).toISOString();
const TYPES = ['store.visited', 'purchase.completed', 'purchase.completed', 'purchase.completed'];

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

async function start(port: string, folder?: string): Promise<void> {
  server = await ServerProcess.start({ RAPPORT_EVENTSTORE_PORT: port, RAPPORT_EVENTSTORE_WRITES: 'true' }, folder);
  url = /"eventstoreUrl":"([^"]+)"/.exec(server.output)?.[1] ?? '';
  client = EventStoreDBClient.connectionString(url);
}

beforeAll(() => start('0'), 60_000);
afterAll(async () => {
  await client.dispose();
  await server.stopAndForget();
}, 30_000);

/** Each customer visits and then buys three times: a lead, a customer, loyal. */
async function climb(customers: string[]): Promise<void> {
  const touchpoints = customers.flatMap((customerId) =>
    TYPES.map((type, i) => ({
      ...{ touchpointId: `${customerId}-${i}`, customerId, type, occurredAt: before(9 - i) },
      properties: type === 'store.visited' ? {} : { orderId: `${customerId}-${i}`, value: 25, currency: 'EUR' },
    })),
  );
  const answer = await server.fetch('POST', '/v1/touchpoints', touchpoints, { prefer: 'wait=20' });
  expect([answer.status, answer.text]).toEqual([200, answer.text]);
}

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('It did not come to hold.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function all(read: AsyncIterable<ResolvedEvent>) {
  const events = [];
  for await (const { event } of read) if (event) events.push(event);
  return events;
}

const named = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);

describe('a service that follows stage changes', () => {
  const service = new Downstream();
  afterAll(() => service.stop());

  it('is told what was, then what is', async () => {
    await climb(named('early', 20));
    service.start(client);
    await until(() => service.caughtUp && named('early', 20).every((customer) => service.of(customer).length >= 3));
    for (const customer of named('early', 20)) expect(service.of(customer)).toEqual(['lead', 'customer', 'loyal']);
    await climb(named('live', 20));
    await until(() => named('live', 20).every((customer) => service.of(customer).length >= 3));
    for (const customer of named('live', 20)) expect(service.of(customer)).toEqual(['lead', 'customer', 'loyal']);
  });

  it('goes on from its checkpoint after the server was killed, with nothing lost and nothing twice', async () => {
    const { folder } = server;
    const one = async () => {
      for (const customer of named('dying', 100)) await climb([customer]);
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
    await climb(named('dying', 100));
    await climb(['after']);
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
    await climb(['doc-one']);
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
    await climb(['doc-two']);
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
    await climb(['anna']);
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
    await climb(['bert']);
    const first = await all(client.readStream('customer-bert'));
    await climb(['bert']);
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
    await climb(['carl']);
    expect((await all(client.readStream('notes-1'))).map(({ data }) => data)).toEqual([{ a: 1 }]);
    const { body } = await server.fetch<{ stage: string }>('GET', '/v1/customers/carl');
    expect(body.stage).toBe('loyal');
  });
});

describe('a server without the setting', () => {
  it('refuses writes, and says why', async () => {
    const reading = await ServerProcess.start({ RAPPORT_EVENTSTORE_PORT: '0' });
    const reader = EventStoreDBClient.connectionString(/"eventstoreUrl":"([^"]+)"/.exec(reading.output)?.[1] ?? '');
    const write = reader.appendToStream('notes-1', [jsonEvent({ type: 'Noted', data: {} })]);
    await expect(write).rejects.toMatchObject({
      type: 'access-denied',
      message: expect.stringMatching(/--eventstore-writes/) as string,
    });
    await reader.dispose();
    await reading.stopAndForget();
  }, 60_000);

  it('does not start where the port is taken', async () => {
    const port = /:(\d+)\?/.exec(url)?.[1] ?? '';
    const { code, output } = await ServerProcess.refused({
      PORT: '0',
      RAPPORT_DATA: `${server.folder}-2`,
      RAPPORT_EVENTSTORE_PORT: port,
    });
    expect([code, output]).toEqual([2, expect.stringMatching(/RAPPORT_EVENTSTORE_PORT/)]);
  }, 60_000);
});
