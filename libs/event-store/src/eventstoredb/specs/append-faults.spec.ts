/** What becomes of appends when the network or the server fails, with real sockets. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { collect, event, request, texts } from '../../contract/contract-events';
import { pack } from '../../event-packer';
import type { EventStoreDb } from '../eventstoredb.types';
import { openEventStoreDb } from '../open-eventstoredb';
import { type ServerUnderTest, serverUnderTest, throughProxy } from '../server-under-test.fixture';
import type { TcpProxy } from '../tcp-proxy.fixture';

const { EVENTSTORE_URL } = process.env;
const QUICK = { answerMs: 500, appendMs: 15_000, readMs: 500, readPatienceMs: 8_000 };

describe(`appends under faults, on ${EVENTSTORE_URL ? 'EVENTSTORE_URL' : 'the protocol endpoint'}`, () => {
  let server: ServerUnderTest;
  let proxy: TcpProxy;
  let url: string;
  let store: EventStoreDb;
  /** Not through the proxy. */
  let direct: EventStoreDb;
  let stream: string;
  const unhandled: unknown[] = [];
  const hear = (reason: unknown): void => void unhandled.push(reason);

  beforeAll(async () => {
    process.on('unhandledRejection', hear);
    server = await serverUnderTest(EVENTSTORE_URL);
    ({ proxy, url } = await throughProxy(server.url));
    direct = await openEventStoreDb({ url: server.url });
  });
  beforeEach(async () => {
    proxy.refuses = false;
    proxy.delayMs = 0;
    store = await openEventStoreDb({ url, timeouts: QUICK });
    stream = `faults-${randomBytes(6).toString('hex')}`;
  });
  afterEach(async () => {
    await store.close();
    expect(unhandled).toEqual([]);
  });
  afterAll(async () => {
    process.off('unhandledRejection', hear);
    await direct.close();
    await proxy.close();
    await server.close();
  });

  const stored = async (revision: number): Promise<void> => {
    while ((await direct.streamHead(stream)) < revision) await sleep(10);
  };

  it('sends again what was stored and not answered, and it stands once', async () => {
    await store.append([request(stream, 'noStream', 'a', 'b')]);
    proxy.freeze(['toClient']);
    const answer = store.append([request(stream, { revision: 1 }, 'c', 'd')]);
    await stored(3);
    proxy.cut();
    expect(await answer).toMatchObject([{ ok: true, firstRevision: 2 }]);
    expect(await texts(direct.readStream(stream))).toEqual(['a', 'b', 'c', 'd']);
  });

  it('replaces a client whose appends hang, and the append succeeds on the new one', async () => {
    await store.append([request(stream, 'noStream', 'a')]);
    const before = proxy.made;
    proxy.freeze();
    expect(
      await store.append([request(stream, { revision: 0 }, 'b'), request(`${stream}-2`, 'any', 'x')]),
    ).toMatchObject([
      { ok: true, firstRevision: 1 },
      { ok: true, firstRevision: 0 },
    ]);
    expect(proxy.made).toBeGreaterThan(before);
    proxy.cut();
    await sleep(100);
    expect(await texts(direct.readStream(stream))).toEqual(['a', 'b']);
  });

  it('waits for a server that is away, and says so of one that stays away', async () => {
    proxy.refuses = true;
    proxy.cut();
    const answer = store.append([request(stream, 'noStream', 'a')]);
    await sleep(700);
    proxy.refuses = false;
    expect(await answer).toMatchObject([{ ok: true, firstRevision: 0 }]);
    const impatient = await openEventStoreDb({ url, timeouts: { ...QUICK, appendMs: 400 } });
    proxy.refuses = true;
    proxy.cut();
    const [refused] = await impatient.append([request(stream, { revision: 0 }, 'b')]);
    expect(refused).toMatchObject({ ok: false, reason: 'unavailable' });
    await impatient.close();
    expect(await direct.streamHead(stream)).toBe(0);
  });

  it('finds out by the ids that somebody else wrote in its place', async () => {
    await store.append([request(stream, 'noStream', 'a')]);
    proxy.freeze();
    const answer = store.append([request(stream, { revision: 0 }, 'mine')]);
    await direct.append([request(stream, { revision: 0 }, 'theirs', 'theirs')]);
    expect(await answer).toMatchObject([{ ok: false, reason: 'wrongExpectedRevision', actual: 2 }]);
    expect(await texts(direct.readStream(stream))).toEqual(['a', 'theirs', 'theirs']);
  });

  it('loses nothing and throws nothing about when the connection breaks under a flood', async () => {
    const streams = Array.from({ length: 30 }, (_, i) => `${stream}-${i}`);
    const body = 'x'.repeat(500);
    const flood = streams.flatMap((name) =>
      Array.from({ length: 3 }, (_, part) =>
        store.append([
          {
            stream: name,
            expected: part === 0 ? 'noStream' : { revision: part * 100 - 1 },
            events: pack(Array.from({ length: 100 }, (_, i) => event(`${part * 100 + i} ${body}`))),
          },
        ]),
      ),
    );
    for (let i = 0; i < 3; i++) {
      await sleep(60);
      proxy.cut();
    }
    expect((await Promise.all(flood)).flat().filter((result) => !result.ok)).toEqual([]);
    for (const name of streams) {
      const events = await collect(direct.readStream(name));
      expect(events.map((e) => Number.parseInt(Buffer.from(e.data).toString('latin1', 0, 4), 10))).toEqual(
        Array.from({ length: 300 }, (_, i) => i),
      );
    }
  });

  it("survives that another client's connection breaks: the client's table of appends is one for the process", async () => {
    const other = await openEventStoreDb({ url: server.url, timeouts: QUICK });
    let broken = false;
    const own = Array.from({ length: 30 }, (_, i) => store.append([request(`${stream}-own-${i}`, 'noStream', 'x')]));
    const others = (async () => {
      for (let i = 0; !broken || i < 20; i++) {
        const [result] = await other.append([request(`${stream}-other-${i}`, 'noStream', 'x')]);
        expect(result).toMatchObject({ ok: true });
      }
    })();
    proxy.cut();
    await Promise.all(own);
    broken = true;
    await others;
    expect((await Promise.all(own)).flat().every((result) => result.ok)).toBe(true);
    await other.close();
  });

  it('stores a batch larger than one append may be, in order, at any and at an exact revision', async () => {
    const large = (from: number) =>
      pack(Array.from({ length: 5 }, (_, i) => event(`${from + i} ${'x'.repeat(500_000)}`)));
    expect(await store.append([{ stream, expected: 'noStream', events: large(0) }])).toMatchObject([
      { ok: true, firstRevision: 0 },
    ]);
    expect(await store.append([{ stream, expected: { revision: 4 }, events: large(5) }])).toMatchObject([
      { ok: true, firstRevision: 5 },
    ]);
    expect(await store.append([{ stream, expected: 'any', events: large(10) }])).toMatchObject([
      { ok: true, firstRevision: 10 },
    ]);
    const numbers = (await texts(direct.readStream(stream))).map((text) => Number.parseInt(text, 10));
    expect(numbers).toEqual(Array.from({ length: 15 }, (_, i) => i));
  });

  it('goes on after a crash in the middle of a large batch: the same batch again completes it', async () => {
    const events = pack(Array.from({ length: 5 }, (_, i) => event(`${i} ${'x'.repeat(500_000)}`)));
    const impatient = await openEventStoreDb({ url, timeouts: { ...QUICK, answerMs: 300, appendMs: 300 } });
    const answer = impatient.append([{ stream, expected: 'noStream', events }]);
    await stored(1);
    proxy.freeze();
    await impatient.close();
    proxy.cut();
    await answer;
    expect(await store.append([{ stream, expected: 'noStream', events }])).toMatchObject([
      { ok: true, firstRevision: 0 },
    ]);
    expect(await direct.streamHead(stream)).toBe(4);
  });
});
