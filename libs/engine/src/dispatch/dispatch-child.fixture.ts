/**
 * A process that dispatches, for tests that end it: `node dispatch-child.fixture.js <folder> <url> <requests>`. Makes requests up to
 * that many, one after the other, and prints the number of actions that are open after each look.
 */
import { LogClient, openLogReader, openSqliteEventStore, pack } from '@rapport/event-store';
import type { ReadModelQueries } from '@rapport/read-models';
import { NO_CHANNEL_OPTIONS } from '../channels/registry';
import { journeyStream, partitionOf } from '../partition';
import { DispatchHost } from './dispatch-host';
import { effectsRequest } from './instance';
import { requested } from './memory-log.fixture';

const PARTITIONS = 2;
const CHILD_SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const HOUR_MS = 3_600_000;
const LOOK_MS = 20;

const models = {
  snapshot: (ask: () => unknown) => ask(),
  checkpoint: () => ({ position: Number.MAX_SAFE_INTEGER }),
  customer: () => ({ no: 1, stage: 'loyal', engagement: 'active' }),
  profile: () => null,
} as unknown as ReadModelQueries;

async function main(folder: string, url: string, requests: number): Promise<void> {
  const store = await openSqliteEventStore({ folder, partitions: PARTITIONS });
  const log = openLogReader(folder);
  const client = new LogClient(store.connect());
  // One in each partition.
  const customers = ['ann', 'cid'];
  const made = customers.map((customer) => log.streamHead(journeyStream(partitionOf(customer, PARTITIONS))) + 1);
  await client.append([effectsRequest('EffectsSet', { all: 'live', channels: {}, by: 'child' }, Date.now())]);
  await DispatchHost.start({
    ...{ folder, log, models, client },
    post: (message) => {
      if (message.kind === 'failed') console.error(message.message);
      if (message.kind === 'status') console.log(`open ${message.status.open}`);
    },
    options: {
      channels: {
        ...NO_CHANNEL_OPTIONS,
        webhook: { destinations: { default: { url, secrets: [CHILD_SECRET] } } },
        allowAddresses: ['127.0.0.1'],
      },
      ...{ publicUrl: 'http://localhost', linkSecrets: [] },
    },
  });
  for (let i = Math.min(...made); i < requests; i++) {
    for (const [c, customer] of customers.entries()) {
      if (i >= made[c]!) await client.append([requestOf(customer, i)]);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  console.log('made');
}

function requestOf(customer: string, i: number) {
  const now = Date.now();
  const { type, ...data } = requested(`${customer}-${i}`, {
    ...{ channel: 'webhook', notBefore: now - 1, sendBefore: now + HOUR_MS, template: undefined },
  });
  const event = { id: Buffer.alloc(16, 3), type, schemaVersion: 1, occurredAt: now, subject: customer };
  const events = pack([{ ...event, data: Buffer.from(JSON.stringify(data)) }]);
  return { stream: journeyStream(partitionOf(customer, PARTITIONS)), expected: 'any' as const, events };
}

const [, , folder = '', url = '', requests = '0'] = process.argv;
main(folder, url, Number(requests)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
