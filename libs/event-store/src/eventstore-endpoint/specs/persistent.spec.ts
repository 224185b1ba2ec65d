import {
  END,
  jsonEvent,
  PARK,
  persistentSubscriptionToAllSettingsFromDefaults as toAllSettings,
  persistentSubscriptionToStreamSettingsFromDefaults as settings,
  RETRY,
  SKIP,
  START,
  STOP,
  streamNameFilter,
} from '@eventstore/db-client';

import { event, newStream, withClient } from './client.fixture';

import { numbers, soon, Worker, type Got } from './group-worker.fixture';

describe('persistent subscriptions', () => {
  const tested = withClient();
  const open: Worker[] = [];
  afterEach(async () => {
    for (const { subscription } of open.splice(0)) await subscription.unsubscribe();
  });
  const append = (stream: string, ...what: unknown[]) =>
    tested.client.appendToStream(
      stream,
      what.map((n) => event(n)),
    );
  const create = (stream: string, more: Partial<ReturnType<typeof settings>> = {}) =>
    tested.client.createPersistentSubscriptionToStream(stream, 'group', settings({ startFrom: START, ...more }));
  const work = (stream: string, act?: (got: Got) => Promise<void> | undefined, bufferSize = 10) => {
    const subscription = tested.client.subscribeToPersistentSubscriptionToStream(stream, 'group', { bufferSize });
    const worker = new Worker(subscription, act);
    open.push(worker);
    return worker;
  };
  /** Acknowledges at once. */
  const diligent = (stream: string, bufferSize?: number) => {
    const worker: Worker = work(stream, (got) => worker.subscription.ack(got), bufferSize);
    return worker;
  };
  const parked = (stream: string) => `$persistentsubscription-${stream}::group-parked`;
  const info = (stream: string) => tested.client.getPersistentSubscriptionToStreamInfo(stream, 'group');

  it('gives what was and what comes, in order, to one consumer, no more than its buffer takes', async () => {
    const stream = newStream();
    await append(stream, ...numbers(50));
    await create(stream);
    const slow = work(stream, undefined, 7);
    await slow.count(7);
    await soon(100);
    expect(slow.numbers).toEqual(numbers(7));
    await slow.subscription.ack(...slow.got);
    await slow.count(14);
    await slow.subscription.unsubscribe();
    const quick = diligent(stream, 100);
    await append(stream, 50);
    await quick.count(44);
    expect([...quick.numbers].sort((a, b) => Number(a) - Number(b))).toEqual(numbers(44, 7));
  });

  it('begins at a revision, or with what comes next', async () => {
    const [some, next] = [newStream(), newStream()];
    await append(some, ...numbers(5));
    await create(some, { startFrom: 3n });
    const worker = diligent(some);
    await worker.count(2);
    expect(worker.numbers).toEqual([3, 4]);
    await append(next, ...numbers(5));
    await create(next, { startFrom: END });
    const late = diligent(next);
    await new Promise<void>((resolve) => late.subscription.once('confirmation', resolve));
    await append(next, 'next');
    await late.count(1);
    expect(late.numbers).toEqual(['next']);
  });

  it.each([
    ['RoundRobin', 2],
    ['DispatchToSingle', 2],
  ] as const)('%s shares a stream out, each event once', async (consumerStrategyName, shares) => {
    const stream = newStream();
    await create(stream, { consumerStrategyName });
    const workers = [work(stream), work(stream)] as const;
    await Promise.all(workers.map((w) => new Promise<void>((resolve) => w.subscription.once('confirmation', resolve))));
    await append(stream, ...numbers(20));
    await workers[0].count(10);
    await workers[1].count(10);
    expect([...workers[0].numbers, ...workers[1].numbers].sort((a, b) => Number(a) - Number(b))).toEqual(numbers(20));
    for (const { numbers: seen } of workers) expect(seen).toEqual([...seen].sort((a, b) => Number(a) - Number(b)));
    expect(workers.filter((w) => w.got.length > 0)).toHaveLength(shares);
  });

  it('Pinned gives a plain stream to one consumer, and streams of everything each to one', async () => {
    const stream = newStream();
    await create(stream, { consumerStrategyName: 'Pinned' });
    const workers = [diligent(stream), diligent(stream)];
    await Promise.all(workers.map((w) => new Promise<void>((resolve) => w.subscription.once('confirmation', resolve))));
    await append(stream, ...numbers(100));
    const whole = workers.find((w) => w.got.length > 0) ?? workers[0];
    await Promise.race(workers.map((w) => w.count(100)));
    expect(workers.map((w) => w.got.length).sort((a, b) => a - b)).toEqual([0, 100]);
    expect(whole?.numbers).toEqual(numbers(100));
  });

  it('shares out everything, filtered, and passes over what groups write of themselves', async () => {
    const name = newStream();
    const filter = streamNameFilter({ prefixes: [`${name}-`] });
    const all = toAllSettings({
      startFrom: START,
      consumerStrategyName: 'Pinned',
      checkPointLowerBound: 1,
      checkPointUpperBound: 1,
    });
    await tested.client.createPersistentSubscriptionToAll('filtered', all, { filter });
    await tested.client.createPersistentSubscriptionToAll('unfiltered', { ...all, startFrom: END });
    const owner = new Map<string, Set<number>>();
    let total = 0;
    const subscriptions = [0, 1].map((worker) => {
      const subscription = tested.client.subscribeToPersistentSubscriptionToAll('filtered');
      return subscription.on('data', (got) => {
        total++;
        const stream = got.event?.streamId ?? '';
        owner.set(stream, (owner.get(stream) ?? new Set()).add(worker));
        void subscription.ack(got);
      });
    });
    await Promise.all(subscriptions.map((s) => new Promise<void>((resolve) => s.once('confirmation', resolve))));
    const others: (string | undefined)[] = [];
    const everything = tested.client.subscribeToPersistentSubscriptionToAll('unfiltered', { bufferSize: 500 });
    everything.on('data', (got) => {
      others.push(got.event?.streamId);
      void everything.ack(got);
    });
    await new Promise<void>((resolve) => everything.once('confirmation', resolve));
    for (let i = 0; i < 100; i++) await append(i % 2 ? `${name}-${i % 20}` : `other-${name}`, i);
    while (total < 50 || others.filter((s) => s?.includes(name)).length < 100) await soon(5);
    await soon(200);
    expect(total).toBe(50);
    expect([...owner.values()].every((workers) => workers.size === 1)).toBe(true);
    expect(new Set([...owner.values()].flatMap((workers) => [...workers])).size).toBe(2);
    expect(others.filter((stream) => stream?.startsWith('$persistentsubscription-'))).toEqual([]);
    for (const subscription of [...subscriptions, everything]) await subscription.unsubscribe();
  });

  it('gives again what is not acknowledged in time, then parks it, and goes on meanwhile', async () => {
    const stream = newStream();
    await append(stream, 0, 1);
    await create(stream, { messageTimeout: 150, maxRetryCount: 3 });
    const worker: Worker = work(stream, (got) =>
      (got.event?.data as { n: number }).n === 0 ? undefined : worker.subscription.ack(got),
    );
    await worker.count(5);
    const retried = worker.got.filter(({ event }) => event?.revision === 0n);
    expect(retried.map(({ retryCount }) => retryCount)).toEqual([0, 1, 2, 3]);
    expect(worker.numbers.slice(0, 2)).toEqual([0, 1]);
    while ((await info(stream)).stats.parkedMessageCount < 1n) await soon(10);
    const links = [];
    for await (const { event: link } of tested.client.readStream(parked(stream))) links.push(link);
    expect(links).toMatchObject([
      { type: '$>', isJson: false, metadata: { reason: 'Reached retry count of 3', subscriptionEventNumber: 0 } },
    ]);
    expect(Buffer.from(links[0]?.data as Uint8Array).toString()).toBe(`0@${stream}`);
  });

  it('does with a refused event what is asked: park, retry, skip, stop', async () => {
    const stream = newStream();
    await append(stream, 'park', 'retry', 'skip', 'stop', 'fine');
    await create(stream);
    const actions: Record<string, 'park' | 'retry' | 'skip' | 'stop'> = {
      park: PARK,
      retry: RETRY,
      skip: SKIP,
      stop: STOP,
    };
    const worker: Worker = work(stream, (got) => {
      const action = got.retryCount === 0 ? actions[(got.event?.data as { n: string }).n] : undefined;
      return action ? worker.subscription.nack(action, 'because', got) : worker.subscription.ack(got);
    });
    await worker.count(6);
    await soon(150);
    expect(worker.numbers).toEqual(['park', 'retry', 'skip', 'stop', 'fine', 'retry']);
    expect(worker.retries).toEqual([0, 0, 0, 0, 0, 1]);
    expect((await info(stream)).stats.parkedMessageCount).toBe(1n);
    await tested.client.replayParkedMessagesToStream(stream, 'group');
    await worker.count(7);
    expect(worker.got[6]).toMatchObject({
      retryCount: 0,
      event: { data: { n: 'park' } },
      link: { streamId: parked(stream), type: '$>' },
    });
    expect(worker.error).toBeUndefined();
  });

  it('gives to others, at once, what a consumer had in work when it went', async () => {
    const stream = newStream();
    await append(stream, ...numbers(10));
    await create(stream);
    const gone = work(stream);
    await gone.count(10);
    const heir = diligent(stream);
    await new Promise<void>((resolve) => heir.subscription.once('confirmation', resolve));
    await gone.subscription.unsubscribe();
    await heir.count(10);
    expect(heir.numbers).toEqual(numbers(10));
    expect(heir.retries).toEqual(numbers(10).map(() => 1));
  });

  it('takes events of 900 kB', async () => {
    const stream = newStream();
    const text = 'x'.repeat(900_000);
    for (let i = 0; i < 10; i++)
      await tested.client.appendToStream(stream, [jsonEvent({ type: 'Big', data: { n: i, text } })]);
    await create(stream);
    const worker = diligent(stream, 3);
    await worker.count(10);
    expect(worker.numbers).toEqual(numbers(10));
  });
});
