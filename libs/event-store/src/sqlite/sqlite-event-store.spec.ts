import { setImmediate as turn } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';

import { EventPacker } from '../event-packer';
import type { AppendResult, Chunk, Head } from '../event-store';
import { describeEventStore } from '../testing';
import { LogClient } from './log-client';
import { FEED_WINDOW_BYTES, QUEUE_EVENTS_MAX } from './log-protocol';
import { openLogReader } from './log-reader';
import { openSqliteEventStore, type SqliteEventStore } from './sqlite-event-store';
import { newFolder, places, removeFolders, request } from './test-store';

afterAll(removeFolders);

describeEventStore('sqlite', async () => {
  const folder = newFolder();
  let store = await openSqliteEventStore({ folder });
  const reopen = async () => {
    await store.close();
    return (store = await openSqliteEventStore({ folder }));
  };
  return { store, reopen, remove: () => store.close() };
});

describe('the embedded store', () => {
  let folder: string;
  let store: SqliteEventStore;
  beforeEach(async () => {
    folder = newFolder();
    store = await openSqliteEventStore({ folder });
  });
  afterEach(() => store.close());

  it('refuses a second opening with a clear message and stays as it is', async () => {
    await expect(openSqliteEventStore({ folder })).rejects.toMatchObject({ name: 'StoreRefused', reason: 'locked' });
    expect(await store.append([request('a', 'any', 'x')])).toMatchObject([{ ok: true }]);
  });

  it('stores the same request as often as it is sent', async () => {
    const again = request('a', 'any', 'x');
    await store.append([again]);
    await store.append([again]);
    expect(await store.streamHead('a')).toBe(1);
  });

  it('commits what several threads send in one turn as one group', async () => {
    const other = new LogClient(store.connect());
    const sent: Promise<AppendResult[]>[] = [];
    for (let i = 0; i < 200; i++)
      sent.push((i % 2 ? other : store.client).append([request(`s-${i % 4}`, 'any', `${i}`)]));
    const results = (await Promise.all(sent)).flat();
    expect(results.every((result) => result.ok)).toBe(true);
    const reader = openLogReader(folder);
    expect(reader.chunks(0, Infinity).length).toBeLessThan(100);
    expect(reader.head().position).toBe(200);
    reader.close();
    other.close();
  });

  it('moves the bytes of a packer and copies them where they are to be kept', async () => {
    const packer = new EventPacker();
    packer.addText('T', Buffer.alloc(16), 1, 'c', '{}');
    const events = packer.take();
    await store.client.append([{ stream: 'a', expected: 'any', events }], true);
    expect(events.bytes.length).toBeGreaterThan(0);
    await store.client.append([{ stream: 'a', expected: 'any', events }]);
    expect(events.bytes.length).toBe(0);
    expect(await store.streamHead('a')).toBe(1);
  });

  it('refuses at once what would wait too long, and takes it later', async () => {
    const many = request('a', 'any', ...Array.from({ length: QUEUE_EVENTS_MAX / 2 }, () => 'x'));
    const first = store.client.append([many], true);
    const second = store.client.append([many], true);
    expect(await store.client.append([request('a', 'any', 'x')])).toMatchObject([
      { ok: false, reason: 'unavailable', overloaded: true },
    ]);
    expect([...(await first), ...(await second)]).toMatchObject([{ ok: true }, { ok: true }]);
    expect(await store.client.append([request('a', 'any', 'x')])).toMatchObject([{ ok: true }]);
  });

  it('feeds committed chunks in order from any position, and only the streams asked for', async () => {
    for (let i = 0; i < 10; i++) await store.append([request('a-1', 'any', `${i}`), request('b', 'any', `${i}`)]);
    const seen: Chunk[] = [];
    const heads: Head[] = [];
    const feed = store.client.startFeed(5, {
      streamPrefixes: ['a'],
      onChunks: (chunks, head) => {
        seen.push(...chunks);
        heads.push(head);
      },
      onBehind: () => undefined,
    });
    for (let i = 10; i < 20; i++) await store.append([request('a-1', 'any', `${i}`), request('b', 'any', `${i}`)]);
    while (heads[heads.length - 1]?.position !== 40) await turn();
    const reader = openLogReader(folder);
    expect(places(seen)).toEqual(places(reader.chunks(5, Infinity, { streamPrefixes: ['a'] })));
    reader.close();
    feed.stop();
    await store.append([request('a-1', 'any', 'unheard')]);
    expect(seen.reduce((sum, chunk) => sum + chunk.count, 0)).toBe(17);
  });

  it('tells a receiver that is too slow to read the log, and takes it back where it has read to', async () => {
    const big = 'x'.repeat(400_000);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const seen: string[] = [];
    const reader = openLogReader(folder);
    const behind = new Promise<Head>((resolve) => {
      const feed = store.client.startFeed(0, {
        onChunks: (chunks) => {
          seen.push(...places(chunks));
          return held;
        },
        onBehind: (head) => {
          seen.push(...places(reader.chunks(seen.length, Infinity)));
          feed.resume(seen.length);
          resolve(head);
        },
      });
    });
    const total = Math.ceil((1.5 * FEED_WINDOW_BYTES) / big.length);
    for (let i = 0; i < total; i++) await store.append([request('a', 'any', big)]);
    const head = await behind;
    expect(head.position).toBeGreaterThan(FEED_WINDOW_BYTES / 410_000 - 2);
    expect(head.position).toBeLessThan(total);
    release();
    for (let i = 0; i < 5; i++) await store.append([request('a', 'any', `${i}`)]);
    while (seen.length < total + 5) await turn();
    expect(seen).toEqual(places(reader.chunks(0, Infinity)));
    reader.close();
  });

  it('answers unavailable once it is closed, to every thread', async () => {
    const other = new LogClient(store.connect());
    await other.append([request('a', 'any', 'x')]);
    const last = store.append([request('a', 'any', 'y')]);
    await store.close();
    expect(await last).toMatchObject([{ ok: true }]);
    expect(await other.append([request('a', 'any', 'z')])).toMatchObject([{ ok: false, reason: 'unavailable' }]);
    expect(await store.append([request('a', 'any', 'z'), request('b', 'any', 'z')])).toMatchObject([
      { ok: false },
      { ok: false },
    ]);
    await expect(store.head()).rejects.toThrow(/closed/);
    expect(store.stats()).toMatchObject({ events: 2, walPages: expect.any(Number) as number });
  });

  it('ends its subscriptions when it is closed', async () => {
    const seen: string[] = [];
    let caughtUp: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (caughtUp = resolve));
    const loop = (async () => {
      for await (const message of store.subscribe({ from: 0 })) {
        seen.push(message.kind);
        caughtUp();
      }
    })();
    await first;
    await store.close();
    await loop;
    expect(seen).toEqual(['caughtUp']);
  });

  it('answers what was sent and never taken when a port is closed at the other end', async () => {
    const { port1, port2 } = new MessageChannel();
    const client = new LogClient(port1);
    const answer = client.append([request('a', 'any', 'x'), request('b', 'any', 'x')]);
    port2.close();
    expect(await answer).toMatchObject([
      { ok: false, reason: 'unavailable' },
      { ok: false, reason: 'unavailable' },
    ]);
  });
});
