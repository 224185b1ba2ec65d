/** A running server that offers its log over the protocol, and what tests do with it. */
import { EventStoreDBClient, type ResolvedEvent } from '@eventstore/db-client';

import { ServerProcess } from '../http/server-process';

const DAY_MS = 86_400_000;
const NOW = Date.now();
export const before = (days: number): string => new Date(NOW - days * DAY_MS).toISOString();
const TYPES = ['store.visited', 'purchase.completed', 'purchase.completed', 'purchase.completed'];

/** Where the server says that it offers its log. */
export function offeredAt(server: ServerProcess): string {
  return /"eventstoreUrl":"([^"]+)"/.exec(server.output)?.[1] ?? '';
}

export async function startOffering(
  port: string,
  folder?: string,
): Promise<{ server: ServerProcess; client: EventStoreDBClient }> {
  const server = await ServerProcess.start(
    { RAPPORT_EVENTSTORE_PORT: port, RAPPORT_EVENTSTORE_WRITES: 'true' },
    folder,
  );
  return { server, client: EventStoreDBClient.connectionString(offeredAt(server)) };
}

/** Each customer visits and then buys three times: a lead, a customer, loyal. */
export async function climb(server: ServerProcess, customers: string[]): Promise<void> {
  const touchpoints = customers.flatMap((customerId) =>
    TYPES.map((type, i) => ({
      ...{ touchpointId: `${customerId}-${i}`, customerId, type, occurredAt: before(9 - i) },
      properties: type === 'store.visited' ? {} : { orderId: `${customerId}-${i}`, value: 25, currency: 'EUR' },
    })),
  );
  const answer = await server.fetch('POST', '/v1/touchpoints', touchpoints, { prefer: 'wait=20' });
  expect([answer.status, answer.text]).toEqual([200, answer.text]);
}

export async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('It did not come to hold.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export async function all(read: AsyncIterable<ResolvedEvent>) {
  const events = [];
  for await (const { event } of read) if (event) events.push(event);
  return events;
}

export const named = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
