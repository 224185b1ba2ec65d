/** Our adapter against the bare client, on the same server, in turns within one run: events each second, and CPU of this process for each. */
import { randomBytes, randomUUID } from 'node:crypto';

import { type EventData, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { type EventStoreDb, openEventStoreDb, pack, type PackedEvents } from '@rapport/event-store';

const BATCH_EVENTS = 100;
/** Appended to side by side, each at its exact revision. */
const STREAMS = 8;

export interface Rate {
  eventsPerSecond: number;
  /** Of this process, in microseconds. */
  cpuPerEvent: number;
}

type WorkName =
  | 'append bare'
  | 'append adapter'
  /** With the read that finds out where the first event stands. */
  | 'append placed'
  | 'read bare'
  | 'read adapter'
  | 'follow bare'
  | 'follow adapter';
export type AdapterRates = Record<WorkName, Rate>;

export interface AdapterRun {
  url: string;
  eventsPerRound: number;
  rounds: number;
}

interface Clients {
  bare: EventStoreDBClient;
  store: EventStoreDb;
}

/** Medians of the rounds; a first round of all is not counted. */
export async function measureAdapter({ url, eventsPerRound, rounds }: AdapterRun): Promise<AdapterRates> {
  const clients = { bare: EventStoreDBClient.connectionString(url), store: await openEventStoreDb({ url }) };
  try {
    const all = new Map<WorkName, Rate[]>();
    for (let round = 0; round <= rounds; round++)
      for (const [name, rate] of await oneRound(clients, eventsPerRound, round % 2 === 1))
        if (round > 0) all.set(name, [...(all.get(name) ?? []), rate]);
    return Object.fromEntries([...all].map(([name, rates]) => [name, medianRate(rates)])) as AdapterRates;
  } finally {
    await clients.store.close();
    await clients.bare.dispose();
  }
}

async function oneRound(clients: Clients, events: number, turned: boolean): Promise<[WorkName, Rate][]> {
  const run = randomBytes(6).toString('hex');
  const long = `bench-${run}-long`;
  await fill(clients.store, long, events);
  const works: [WorkName, () => Promise<unknown>][] = [
    ['append bare', appending((stream) => bareAppends(clients.bare, stream), `${run}-b`, events)],
    ['append adapter', appending((stream) => adapterAppends(clients.store, 'write', stream), `${run}-a`, events)],
    ['append placed', appending((stream) => adapterAppends(clients.store, 'append', stream), `${run}-p`, events)],
    ['read bare', () => counted(clients.bare.readStream(long))],
    ['read adapter', () => counted(clients.store.readStream(long))],
    ['follow bare', () => bareFollow(clients.bare, long, events)],
    ['follow adapter', () => counted(clients.store.followStream(long, -1), events)],
  ];
  const rates: [WorkName, Rate][] = [];
  for (const [name, work] of turned ? works.reverse() : works) rates.push([name, await timed(work, events)]);
  return rates;
}

async function timed(work: () => Promise<unknown>, events: number): Promise<Rate> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { eventsPerSecond: events / seconds, cpuPerEvent: (user + system) / events };
}

type Batch = (revision: number) => Promise<void>;

/** What is sent is made before the clock runs. */
function appending(open: (stream: string) => Batch, run: string, events: number): () => Promise<unknown> {
  const batches = events / BATCH_EVENTS / STREAMS;
  const streams = Array.from({ length: STREAMS }, (_, i) => open(`bench-${run}-${i}`));
  return () =>
    Promise.all(
      streams.map(async (append) => {
        for (let i = 0; i < batches; i++) await append(i * BATCH_EVENTS - 1);
      }),
    );
}

const BODY = {
  ...{ touchpointId: 'order-184467', type: 'purchase.completed', channel: 'web', direction: 'inbound', source: 'shop' },
  properties: { amount: 129.5, currency: 'EUR', items: 3, coupon: 'SPRING', store: 'Berlin-Mitte', loyal: true },
};
const OCCURRED_AT = Date.UTC(2026, 2, 1, 12);

function bareAppends(bare: EventStoreDBClient, stream: string): Batch {
  const metadata = { occurredAt: new Date(OCCURRED_AT).toISOString(), schemaVersion: 1, subject: 'customer-17' };
  return async (revision) => {
    const events: EventData[] = Array.from({ length: BATCH_EVENTS }, () =>
      jsonEvent({ id: randomUUID(), type: 'TouchpointRecorded', data: BODY, metadata }),
    );
    await bare.appendToStream(stream, events, { expectedRevision: revision < 0 ? 'no_stream' : BigInt(revision) });
  };
}

function adapterAppends(store: EventStoreDb, way: 'write' | 'append', stream: string): Batch {
  return async (revision) => {
    const expected = revision < 0 ? ('noStream' as const) : { revision };
    const [result] = await store[way]([{ stream, expected, events: packed(BATCH_EVENTS) }]);
    if (!result?.ok) throw new Error(`An append failed: ${JSON.stringify(result)}`);
  };
}

function packed(count: number): PackedEvents {
  const data = Buffer.from(JSON.stringify(BODY));
  const ids = randomBytes(16 * count);
  return pack(
    Array.from({ length: count }, (_, i) => ({
      id: ids.subarray(16 * i, 16 * i + 16),
      ...{ type: 'TouchpointRecorded', schemaVersion: 1, occurredAt: OCCURRED_AT, subject: 'customer-17', data },
    })),
  );
}

async function fill(store: EventStoreDb, stream: string, events: number): Promise<void> {
  const append = adapterAppends(store, 'write', stream);
  for (let at = 0; at < events; at += BATCH_EVENTS) await append(at - 1);
}

/** To the end, which the bare client must see (its `dispose` waits for ever otherwise), or so many. */
async function counted(events: AsyncIterable<unknown>, wanted = Infinity): Promise<void> {
  let seen = 0;
  for await (const event of events) if (event !== undefined && ++seen === wanted) break;
}

async function bareFollow(bare: EventStoreDBClient, stream: string, wanted: number): Promise<void> {
  const subscription = bare.subscribeToStream(stream, { fromRevision: 'start' });
  await counted(subscription, wanted);
  await subscription.unsubscribe();
}

function medianRate(rates: Rate[]): Rate {
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? NaN;
  return {
    eventsPerSecond: middle(rates.map((rate) => rate.eventsPerSecond)),
    cpuPerEvent: middle(rates.map((rate) => rate.cpuPerEvent)),
  };
}
