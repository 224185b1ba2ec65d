import {
  type AllStreamSubscription,
  END,
  eventTypeFilter,
  excludeSystemEvents,
  jsonEvent,
  type Position,
  START,
  streamNameFilter,
  type StreamSubscription,
} from '@eventstore/db-client';

import { event, events, failure, newStream, said, withClient } from './client.fixture';

type AnySubscription = StreamSubscription | AllStreamSubscription;

/** What comes, one by one, with the word "caught up" where that was said. */
function follow(subscription: AnySubscription) {
  const seen: unknown[] = [];
  let wake: () => void = () => undefined;
  const add = (what: unknown) => {
    seen.push(what);
    wake();
  };
  subscription
    .on('confirmation', () => add('confirmed'))
    .on('caughtUp', () => add('caught up'))
    .on('data', ({ event }: { event?: { data: unknown } }) => add((event?.data as { n?: unknown }).n))
    .on('error', (error: Error & { type?: string }) => add(error.type));
  const take = async (count: number) => {
    while (seen.length < count) await new Promise<void>((resolve) => (wake = resolve));
    return seen.splice(0, count);
  };
  return { take, seen };
}

describe('subscribing', () => {
  const tested = withClient();
  const append = (stream: string, ...numbers: unknown[]) =>
    tested.client.appendToStream(
      stream,
      numbers.map((n) => event(n)),
    );
  const open: AnySubscription[] = [];
  const started = <T extends AnySubscription>(subscription: T): T => {
    open.push(subscription);
    return subscription;
  };
  afterEach(async () => {
    for (const subscription of open.splice(0)) await subscription.unsubscribe();
  });
  const toStream = (...args: Parameters<typeof tested.client.subscribeToStream>) =>
    follow(started(tested.client.subscribeToStream(...args)));
  const toAll = (...args: Parameters<typeof tested.client.subscribeToAll>) =>
    follow(started(tested.client.subscribeToAll(...args)));

  describe('to a stream', () => {
    it('confirms, catches up, says so once, and goes on live', async () => {
      const stream = newStream();
      await append(stream, 0, 1, 2);
      const { take } = toStream(stream, { fromRevision: START });
      expect(await take(5)).toEqual(['confirmed', 0, 1, 2, 'caught up']);
      await append(`${stream}-longer`, 'not me');
      await append(stream, 3);
      await append(stream, 4);
      expect(await take(2)).toEqual([3, 4]);
    });

    it('begins after a revision, at the end, and beyond it', async () => {
      const stream = newStream();
      await append(stream, 0, 1, 2);
      const after = toStream(stream, { fromRevision: 1n });
      expect(await after.take(3)).toEqual(['confirmed', 2, 'caught up']);
      const end = toStream(stream, { fromRevision: END });
      expect(await end.take(2)).toEqual(['confirmed', 'caught up']);
      const beyond = toStream(stream, { fromRevision: 4n });
      expect(await beyond.take(2)).toEqual(['confirmed', 'caught up']);
      await append(stream, 3, 4, 5);
      expect(await end.take(3)).toEqual([3, 4, 5]);
      expect(await beyond.take(1)).toEqual([5]);
    });

    it('waits for one that is not there', async () => {
      const stream = newStream();
      const { take } = toStream(stream);
      expect(await take(2)).toEqual(['confirmed', 'caught up']);
      await append(stream, 0, 1);
      expect(await take(2)).toEqual([0, 1]);
    });

    it('has no hole from the past to the present', async () => {
      const stream = newStream();
      await append(stream, ...Array.from({ length: 2_000 }, (_, i) => i));
      const { take } = toStream(stream);
      for (let i = 2_000; i < 3_000; i += 10) await append(stream, ...Array.from({ length: 10 }, (_, k) => i + k));
      const seen = (await take(3_002)).filter((what) => typeof what === 'number');
      expect(seen).toEqual(Array.from({ length: 3_000 }, (_, i) => i));
    });

    it('ends with the tombstone and an error', async () => {
      const stream = newStream();
      await append(stream, 0);
      const types: unknown[] = [];
      const subscription = started(tested.client.subscribeToStream(stream));
      subscription.on('data', ({ event }) => types.push([event?.type, event?.revision, event?.streamId]));
      const error = new Promise((resolve) => subscription.on('error', resolve));
      await new Promise<void>((resolve) => subscription.once('caughtUp', resolve));
      await tested.client.tombstoneStream(stream);
      expect(await error).toMatchObject({ type: 'stream-deleted', streamName: stream });
      expect(types).toEqual([
        ['Tested', 0n, stream],
        ['$streamDeleted', 9223372036854775807n, stream],
      ]);
    });
  });

  describe('to everything', () => {
    it('begins after a position, filters by stream, in the order of the log', async () => {
      const name = newStream();
      const { position } = await append(`${name}-before`, 'before');
      for (let i = 0; i < 40; i++) await append(i % 3 ? `other-${name}` : `${name}-${i % 2}`, i);
      const filter = streamNameFilter({ prefixes: [`${name}-`] });
      const { take } = toAll({ fromPosition: position as Position, filter });
      const wanted = Array.from({ length: 14 }, (_, i) => 3 * i);
      expect(await take(16)).toEqual(['confirmed', ...wanted, 'caught up']);
      await append(`other-${name}`, 'no');
      await append(`${name}-9`, 'live');
      expect(await take(1)).toEqual(['live']);
    });

    it.each([
      ['a regular expression for names', (name: string) => streamNameFilter({ regex: `^${name}-[ab]$` }), ['a', 'b']],
      ['a prefix of types', () => eventTypeFilter({ prefixes: ['Odd'] }), ['odd', 'odder']],
      ['a regular expression for types', () => eventTypeFilter({ regex: '^Od.er$' }), ['odder']],
    ])('filters by %s', async (_, filterOf, wanted) => {
      const name = newStream();
      const { position } = await append(name, 'first');
      await append(`${name}-a`, 'a');
      await append(`${name}-b`, 'b');
      await append(`${name}-c`, 'c');
      const typed = (type: string, n: string) => jsonEvent({ type, data: { n } });
      await tested.client.appendToStream(name, [typed('Odd', 'odd'), typed('Odder', 'odder'), typed('Even', 'even')]);
      const { take } = toAll({ fromPosition: position as Position, filter: filterOf(name) });
      expect(await take(wanted.length + 2)).toEqual(['confirmed', ...wanted, 'caught up']);
    });

    it('leaves out what the system writes, where it is asked to', async () => {
      const name = newStream();
      const { position } = await append(name, 0);
      await tested.client.setStreamMetadata(name, { maxCount: 9 });
      await append(name, 1);
      const { take } = toAll({ fromPosition: position as Position, filter: excludeSystemEvents() });
      expect(await take(3)).toEqual(['confirmed', 1, 'caught up']);
    });

    it('gives a checkpoint for each 32 records searched, whether something matches or not', async () => {
      const name = newStream();
      const { position } = await append(name, 'start');
      const { commit } = position as Position;
      for (let i = 0; i < 200; i++) await append(i % 4 ? `other-${i % 3}-${name}` : `${name}-x`, i);
      const checkpoints: bigint[] = [];
      const checkpointReached = (_: unknown, at: Position) =>
        Promise.resolve(void checkpoints.push(at.commit - commit));
      const filter = streamNameFilter({ regex: `^${name}-x`, checkpointInterval: 1, checkpointReached });
      const { take } = toAll({ fromPosition: position as Position, filter });
      await take(52);
      expect(checkpoints).toEqual([32n, 64n, 96n, 128n, 160n, 192n]);
      const nothing: bigint[] = [];
      const quiet = streamNameFilter({
        prefixes: [`${name}-nobody`],
        checkpointInterval: 1,
        checkpointReached: (_: unknown, at: Position) => Promise.resolve(void nothing.push(at.commit - commit)),
      });
      const silent = toAll({ fromPosition: position as Position, filter: quiet });
      await silent.take(2);
      expect(nothing).toEqual([200n]);
      await append(`other-${name}`, ...Array.from({ length: 64 }, (_, i) => i));
      while (nothing.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(nothing.at(-1)).toBe(264n);
    });

    it('counts the records searched by the window that is asked for', async () => {
      const name = newStream();
      const { position } = await append(name, ...Array.from({ length: 1_100 }, (_, i) => i));
      const from = { commit: (position as Position).commit - 1_100n, prepare: 0n };
      const checkpoints: bigint[] = [];
      const filter = streamNameFilter({
        regex: 'nobody',
        maxSearchWindow: 100,
        checkpointInterval: 5,
        checkpointReached: (_: unknown, at: Position) =>
          Promise.resolve(void checkpoints.push(at.commit - from.commit)),
      });
      await toAll({ fromPosition: from, filter }).take(2);
      expect(checkpoints.length).toBeGreaterThanOrEqual(1);
      expect(checkpoints[0]).toBeGreaterThanOrEqual(500n);
      expect(checkpoints[0]).toBeLessThan(600n);
    });
  });

  it('holds back for a slow consumer: its memory stays, nothing is lost', async () => {
    const stream = newStream();
    const payload = 'x'.repeat(10_000);
    const before = (await tested.endpoint.store.head()).position;
    const total = 2_000;
    for (let i = 0; i < total; i += 50)
      await tested.client.appendToStream(
        stream,
        Array.from({ length: 50 }, (_, k) => jsonEvent({ type: 'Big', data: { n: i + k, payload } })),
      );
    const seen: unknown[] = [];
    const at = { commit: BigInt(before), prepare: BigInt(before) };
    const subscription = started(tested.client.subscribeToAll({ fromPosition: at }));
    let most = 0;
    const rss = process.memoryUsage().rss;
    for await (const { event } of subscription) {
      if (seen.push((event?.data as { n: number }).n) === total) break;
      if (seen.length < 30) await new Promise((resolve) => setTimeout(resolve, 20));
      most = Math.max(most, process.memoryUsage().rss);
    }
    expect(seen).toEqual(Array.from({ length: total }, (_, i) => i));
    expect(most - rss).toBeLessThan(60 * 1024 * 1024);
  });

  it('lets a 101st call on a connection wait, and another connection go on', async () => {
    const stream = newStream();
    await append(stream, 0);
    const client = tested.another('&keepAliveInterval=10001');
    const subscriptions: StreamSubscription[] = [];
    while (subscriptions.length < 100) {
      const subscription = started(client.subscribeToStream(stream));
      await new Promise<void>((resolve) => subscription.once('confirmation', resolve));
      subscriptions.push(subscription);
    }
    const late = said(client.readStream(stream));
    const winner = await Promise.race([late, new Promise((resolve) => setTimeout(resolve, 300, 'waits'))]);
    expect(winner).toBe('waits');
    expect(await said(tested.client.readStream(stream))).toEqual([0]);
    await subscriptions[0]?.unsubscribe();
    expect(await late).toEqual([0]);
  });

  it('tells subscribers that the server goes, and does not resume by itself', async () => {
    const stream = newStream();
    await append(stream, ...events(1).map(() => 0));
    const subscription = started(tested.client.subscribeToStream(stream));
    const gone = new Promise((resolve) => subscription.on('error', resolve));
    await new Promise<void>((resolve) => subscription.once('caughtUp', resolve));
    await tested.endpoint.restart();
    expect(await gone).toMatchObject({ type: 'unavailable', code: 14 });
    await append(stream, 1);
    expect(await said(tested.client.readStream(stream))).toEqual([0, 1]);
  });

  it('suffers what a test wants it to', async () => {
    const stream = newStream();
    tested.endpoint.faults = (method) => (method.endsWith('/Read') ? 'kill' : 'none');
    expect(await failure(said(tested.client.readStream(stream)))).toMatchObject({ type: 'unavailable' });
    tested.endpoint.faults = (method) => (method.endsWith('/Read') ? { delayMs: 100 } : 'none');
    await append(stream, 0);
    const began = performance.now();
    expect(await said(tested.client.readStream(stream))).toEqual([0]);
    expect(performance.now() - began).toBeGreaterThanOrEqual(95);
    tested.endpoint.faults = undefined;
  });
});
