/** A server process that is killed, stopped and frozen under load. Only our own endpoint can be treated so; against a given server the proxy does what it can. */
import { setTimeout as sleep } from 'node:timers/promises';

import { event } from '../../contract/contract-events';
import { pack } from '../../event-packer';
import { EndpointProcess } from '../../eventstore-endpoint/endpoint-process.fixture';
import type { EventStoreDb } from '../eventstoredb.types';
import { openEventStoreDb } from '../open-eventstoredb';

const QUICK = { answerMs: 1_000, appendMs: 30_000, readMs: 1_000, readPatienceMs: 30_000, silenceMs: 1_000 };
const WRITERS = 6;
const BATCH = 10;

describe('the adapter, when its server', () => {
  let server: EndpointProcess;
  let store: EventStoreDb;
  const unhandled: unknown[] = [];
  const hear = (reason: unknown): void => void unhandled.push(reason);
  beforeEach(async () => {
    process.on('unhandledRejection', hear);
    server = await EndpointProcess.start();
    store = await openEventStoreDb({ url: server.url, timeouts: QUICK });
  });
  afterEach(async () => {
    await store.close();
    await server.close();
    process.off('unhandledRejection', hear);
    expect(unhandled).toEqual([]);
  });

  it.each([
    ['is killed and comes back, three times', 'SIGKILL'],
    ['is stopped and comes back, twice', 'SIGTERM'],
    ['is frozen for longer than an append may take, twice', 'SIGSTOP'],
  ] as const)('%s: nothing lost, nothing twice, subscriptions go on', async (_, signal) => {
    const stop = { now: false };
    const written = Array.from({ length: WRITERS }, (_, writer) => write(`w-${writer}`, stop));
    const seen = new Map<string, number[]>();
    const subscription = store.subscribe({ from: 0 });
    const following = (async () => {
      for await (const message of subscription) {
        if (message.kind !== 'event') continue;
        const { stream, data } = message.event;
        seen.set(stream, [...(seen.get(stream) ?? []), Number(Buffer.from(data).toString())]);
      }
    })();
    for (let i = 0; i < (signal === 'SIGKILL' ? 3 : 2); i++) {
      await sleep(400);
      await server.signal(signal);
      await sleep(signal === 'SIGSTOP' ? 1_500 : 200);
      if (signal === 'SIGSTOP') await server.signal('SIGCONT');
      else await server.run();
    }
    await sleep(400);
    stop.now = true;
    const counts = await Promise.all(written);
    const total = counts.reduce((sum, count) => sum + count, 0);
    while ([...seen.values()].reduce((sum, of) => sum + of.length, 0) < total) await sleep(20);
    for (const [writer, count] of counts.entries()) {
      expect(await store.streamHead(`w-${writer}`)).toBe(count - 1);
      expect(seen.get(`w-${writer}`)).toEqual(Array.from({ length: count }, (_, i) => i));
    }
    await subscription.close();
    await following;
  });

  /** At exact revisions, one batch after the other; answers how many events were acknowledged, and stops at once if one is refused. */
  async function write(stream: string, stop: { now: boolean }): Promise<number> {
    let next = 0;
    while (!stop.now) {
      const from = next;
      const events = pack(Array.from({ length: BATCH }, (_, i) => event(String(from + i))));
      const expected = from === 0 ? ('noStream' as const) : { revision: from - 1 };
      expect(await store.write([{ stream, expected, events }])).toMatchObject([{ ok: true, firstRevision: from }]);
      next += BATCH;
    }
    return next;
  }
});
