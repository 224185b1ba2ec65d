/** Reads and subscriptions when the network or the server fails, with real sockets; and that no call is left open. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { collect, event, request } from '../../contract/contract-events';
import { pack } from '../../event-packer';
import type { EventStoreDb } from '../eventstoredb.types';
import { openEventStoreDb } from '../open-eventstoredb';
import { type ServerUnderTest, serverUnderTest, throughProxy } from '../server-under-test.fixture';
import type { TcpProxy } from '../tcp-proxy.fixture';

const { EVENTSTORE_URL } = process.env;
const QUICK = { answerMs: 1_000, appendMs: 15_000, readMs: 800, readPatienceMs: 8_000, silenceMs: 600 };

describe(`reading under faults, on ${EVENTSTORE_URL ? 'EVENTSTORE_URL' : 'the protocol endpoint'}`, () => {
  let server: ServerUnderTest;
  let proxy: TcpProxy;
  let url: string;
  let store: EventStoreDb;
  /** Not through the proxy. */
  let direct: EventStoreDb;
  let stream: string;
  const said: string[] = [];

  beforeAll(async () => {
    server = await serverUnderTest(EVENTSTORE_URL);
    ({ proxy, url } = await throughProxy(server.url));
    direct = await openEventStoreDb({ url: server.url });
  });
  beforeEach(async () => {
    said.length = 0;
    store = await openEventStoreDb({ url, timeouts: QUICK, say: (problem) => said.push(problem) });
    stream = `faults-${randomBytes(6).toString('hex')}`;
  });
  afterEach(() => store.close());
  afterAll(async () => {
    await direct.close();
    await proxy.close();
    await server.close();
  });

  const numbers = (from: number, count: number) =>
    pack(Array.from({ length: count }, (_, i) => event(String(from + i).padEnd(300, ' '))));
  const numberOf = (one: { data: Uint8Array }) => Number.parseInt(Buffer.from(one.data).toString(), 10);
  const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

  /** What a subscription has brought so far, and a way to wait for so much. */
  function followed(messages: AsyncIterable<{ kind: string; event?: { data: Uint8Array } }>) {
    const seen: number[] = [];
    const done = (async () => {
      for await (const message of messages) if (message.event) seen.push(numberOf(message.event));
    })();
    const until = async (count: number) => {
      while (seen.length < count) await sleep(10);
      return seen;
    };
    return { seen, done, until };
  }

  it('reads on where the connection broke, and where it hangs: every event once, in order', async () => {
    await direct.write([{ stream, expected: 'noStream', events: numbers(0, 3000) }]);
    for (const fault of ['cut', 'freeze'] as const) {
      const seen: number[] = [];
      for await (const one of store.readStream(stream)) {
        if (seen.push(numberOf(one)) % 1000 === 1) proxy[fault]();
      }
      expect(seen).toEqual(upTo(3000));
      proxy.cut();
    }
    expect(store.calls.calls).toBe(0);
  });

  it('says so when it cannot read for long', async () => {
    const impatient = await openEventStoreDb({ url, timeouts: { ...QUICK, readPatienceMs: 500 } });
    proxy.refuses = true;
    proxy.cut();
    await expect(impatient.streamHead(stream)).rejects.toThrow(
      /reading the end of the stream .* nothing came for 500 ms/,
    );
    proxy.refuses = false;
    expect(await impatient.streamHead(stream)).toBe(-1);
    await impatient.close();
  });

  it('takes up subscriptions again after a break: no event lost, none twice', async () => {
    const { position } = await direct.head();
    const all = store.subscribe({ from: position, filter: { streamPrefixes: [stream] } });
    const one = store.followStream(stream, -1);
    const [ofAll, ofOne] = [followed(all), followed(one)];
    for (let i = 0; i < 10; i++) {
      await direct.write([{ stream, expected: 'any', events: numbers(i * 100, 100) }]);
      if (i % 3 === 0) proxy.cut();
      await sleep(20);
    }
    expect(await ofAll.until(1000)).toEqual(upTo(1000));
    expect(await ofOne.until(1000)).toEqual(upTo(1000));
    expect(said.length).toBeGreaterThan(0);
    await Promise.all([all.close(), one.close(), ofAll.done, ofOne.done]);
    expect(store.calls.calls).toBe(0);
  });

  it('notices that a subscription has gone silent, and leaves one alone that has nothing to say', async () => {
    // A busy machine must not look like a server that hangs.
    const patient = await openEventStoreDb({
      ...{ url, timeouts: { ...QUICK, readMs: 3_000 } },
      say: (problem) => said.push(problem),
    });
    const { position } = await direct.head();
    const all = patient.subscribe({ from: position, filter: { streamPrefixes: [stream] } });
    const one = patient.followStream(stream, -1);
    const [ofAll, ofOne] = [followed(all), followed(one)];
    await direct.write([{ stream, expected: 'any', events: numbers(0, 1) }]);
    await Promise.all([ofAll.until(1), ofOne.until(1)]);
    const calls = proxy.made;
    await direct.write([request(`other-${stream}`, 'any', 'not theirs')]);
    await sleep(3 * QUICK.silenceMs);
    expect(said).toEqual([]);
    expect(proxy.made).toBe(calls);
    proxy.freeze();
    await direct.write([{ stream, expected: 'any', events: numbers(1, 1) }]);
    expect(await ofAll.until(2)).toEqual([0, 1]);
    expect(await ofOne.until(2)).toEqual([0, 1]);
    expect(said.join()).toMatch(/nothing came for 600 ms/);
    proxy.cut();
    await Promise.all([all.close(), one.close(), ofAll.done, ofOne.done]);
    await patient.close();
  });

  it('ends the call on the server when a loop is left: 150 left loops, and the next read still answers', async () => {
    await direct.write([{ stream, expected: 'noStream', events: numbers(0, 200) }]);
    await store.streamHead(stream);
    const connections = proxy.made;
    for (let i = 0; i < 50; i++) {
      for (const loop of [store.readStream(stream), store.readAll(), store.subscribe({ from: 0 })])
        for await (const first of loop) if (first) break;
    }
    expect(store.calls.calls).toBe(0);
    expect(await store.streamHead(stream)).toBe(199);
    expect(said).toEqual([]);
    // A read that hung, because the server had its 100 calls, would have been begun again on a new one.
    expect(proxy.made).toBe(connections);
  });

  it('opens as many connections as its calls need: 220 subscriptions, all live, and reads beside them', async () => {
    const patient = await openEventStoreDb({ url });
    const before = proxy.open;
    const subscriptions = Array.from({ length: 220 }, (_, i) => patient.followStream(`${stream}-${i}`, -1));
    const all = subscriptions.map((subscription) => followed(subscription));
    const written = await direct.write(
      subscriptions.map((_, i) => ({ stream: `${stream}-${i}`, expected: 'any' as const, events: numbers(i, 1) })),
    );
    expect(written.every((result) => result.ok)).toBe(true);
    await Promise.all(all.map((one) => one.until(1)));
    expect(all.map((one) => one.seen)).toEqual(upTo(220).map((i) => [i]));
    expect(patient.calls).toEqual({ clients: 3, calls: 220 });
    expect(proxy.open - before).toBe(2);
    expect(await patient.streamHead(`${stream}-7`)).toBe(0);
    await Promise.all(subscriptions.map((subscription) => subscription.close()));
    await Promise.all(all.map((one) => one.done));
    expect(patient.calls).toEqual({ clients: 1, calls: 0 });
    await patient.close();
  });

  it('follows a slow consumer without holding what it has not taken', async () => {
    await direct.write([{ stream, expected: 'noStream', events: numbers(0, 2000) }]);
    const seen: number[] = [];
    for await (const message of store.followStream(stream, 499)) {
      if (message.kind === 'caughtUp') break;
      if (seen.push(numberOf(message.event)) % 100 === 0) await sleep(30);
    }
    expect(seen).toEqual(upTo(2000).slice(500));
    expect((await collect(direct.readStream(stream, { backwards: true, limit: 1 })))[0]?.revision).toBe(1999);
  });
});
