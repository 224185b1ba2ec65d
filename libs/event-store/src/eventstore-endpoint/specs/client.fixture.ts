/** The real, unmodified client against an endpoint on a fresh store, for the specs of this folder. */
import { randomUUID } from 'node:crypto';

import { type AppendResult, EventStoreDBClient, jsonEvent, type ResolvedEvent } from '@eventstore/db-client';

import type { EndpointOptions } from '../endpoint.types';
import { openTestEndpoint, type TestEndpoint } from '../endpoint.fixture';

export interface Tested {
  readonly endpoint: TestEndpoint;
  readonly client: EventStoreDBClient;
  /** Another client object, which is disposed of at the end. Clients whose options are the same share a connection. */
  another(options?: string): EventStoreDBClient;
}

/** One endpoint and one client for all tests of a group; each test takes streams of its own. */
export function withClient(options: Partial<EndpointOptions> = {}): Tested {
  let endpoint: TestEndpoint;
  let clients: EventStoreDBClient[];
  const another = (options = '') => {
    const client = EventStoreDBClient.connectionString(endpoint.url + options);
    clients.push(client);
    return client;
  };
  beforeAll(async () => {
    endpoint = await openTestEndpoint(options);
    clients = [];
    another();
  });
  afterAll(async () => {
    for (const client of clients) await client.dispose();
    await endpoint.close();
  });
  return {
    get endpoint() {
      return endpoint;
    },
    get client() {
      return clients[0] as EventStoreDBClient;
    },
    another,
  };
}

let streams = 0;
export const newStream = (): string => `stream-${++streams}`;

export function event(n: unknown, id: string = randomUUID()) {
  return jsonEvent({ id, type: 'Tested', data: { n } });
}

/** So many events, the same ones each time they are sent. */
export function events(count: number, from = 0) {
  return Array.from({ length: count }, (_, i) => event(from + i));
}

export function success(next: number): Partial<AppendResult> {
  return { success: true, nextExpectedRevision: BigInt(next) };
}

/** What each event says, in the order in which they come. */
export async function said(read: AsyncIterable<ResolvedEvent>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const { event } of read) all.push((event?.data as { n?: unknown } | undefined)?.n);
  return all;
}

/** The error that it fails with. */
export async function failure(work: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await work;
  } catch (error) {
    return error as Record<string, unknown>;
  }
  throw new Error('It was expected to fail, and did not.');
}
