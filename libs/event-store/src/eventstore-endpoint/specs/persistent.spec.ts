import {
  END,
  jsonEvent,
  PARK,
  persistentSubscriptionToAllSettingsFromDefaults as toAllSettings,
  type PersistentSubscriptionToStream,
  type PersistentSubscriptionToStreamResolvedEvent,
  persistentSubscriptionToStreamSettingsFromDefaults as settings,
  RETRY,
  SKIP,
  START,
  STOP,
  streamNameFilter,
} from '@eventstore/db-client';

import { event, failure, newStream, withClient } from './client.fixture';

type Got = PersistentSubscriptionToStreamResolvedEvent;

/** A consumer that keeps what it gets, and does with it what the test says. */
class Worker {
  readonly got: Got[] = [];
  error: unknown;
  private wake: () => void = () => undefined;

  constructor(
    readonly subscription: PersistentSubscriptionToStream,
    act: (got: Got) => Promise<void> | undefined = () => undefined,
  ) {
    subscription
      .on('data', (got) => {
        this.got.push(got);
        void act(got);
        this.wake();
      })
      .on('error', (error) => {
        this.error = error;
        this.wake();
      });
  }

  get numbers(): unknown[] {
    return this.got.map(({ event }) => (event?.data as { n: unknown }).n);
  }

  get retries(): number[] {
    return this.got.map(({ retryCount }) => retryCount);
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => (this.wake = resolve));
  }

  count(events: number): Promise<void> {
    return this.until(() => this.got.length >= events);
  }
}

const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);
const soon = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

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

  it('remembers over a restart what was acknowledged, as far as the checkpoint goes', async () => {
    const [exact, rough] = [newStream(), newStream()];
    for (const stream of [exact, rough]) await append(stream, ...numbers(1_500));
    await create(exact, { checkPointLowerBound: 1, checkPointUpperBound: 1 });
    await create(rough, { checkPointUpperBound: 1_000, checkPointAfter: 60_000 });
    for (const stream of [exact, rough]) {
      const worker: Worker = work(
        stream,
        (got) => ((got.event?.revision ?? 0n) < 1_234n ? worker.subscription.ack(got) : undefined),
        100,
      );
      await worker.count(1_300);
    }
    open.splice(0);
    await soon(100);
    await tested.endpoint.restart();
    const first = async (stream: string) => {
      const worker = work(stream);
      await worker.count(1);
      return worker.numbers[0];
    };
    expect(await first(exact)).toBe(1_234);
    expect(await first(rough)).toBe(1_000);
  });

  it('reports on groups, lists them, changes and deletes them', async () => {
    const stream = newStream();
    await create(stream, { startFrom: 5n, maxSubscriberCount: 3, consumerStrategyName: 'Pinned' });
    expect(await info(stream)).toMatchObject({
      ...{ eventSource: stream, groupName: 'group', status: 'Live' },
      settings: {
        startFrom: 5n,
        maxSubscriberCount: 3,
        consumerStrategyName: 'Pinned',
        messageTimeout: 30_000,
        readBatchSize: 20,
      },
    });
    const worker = work(stream);
    await new Promise<void>((resolve) => worker.subscription.once('confirmation', resolve));
    expect((await info(stream)).connections).toHaveLength(1);
    expect((await tested.client.listPersistentSubscriptionsToStream(stream)).map(({ groupName }) => groupName)).toEqual(
      ['group'],
    );
    const everywhere = await tested.client.listAllPersistentSubscriptions();
    expect(everywhere.map(({ eventSource }) => eventSource)).toEqual(expect.arrayContaining([stream, '$all']));
    await tested.client.updatePersistentSubscriptionToStream(
      stream,
      'group',
      settings({ startFrom: START, maxRetryCount: 1 }),
    );
    expect((await info(stream)).settings).toMatchObject({ startFrom: START, maxRetryCount: 1 });
    await worker.until(() => worker.error !== undefined);
    const again = work(stream);
    await new Promise<void>((resolve) => again.subscription.once('confirmation', resolve));
    await tested.client.deletePersistentSubscriptionToStream(stream, 'group');
    await again.until(() => again.error !== undefined);
    expect(again.error).toMatchObject({
      type: 'persistent-subscription-dropped',
      code: 1,
      streamName: stream,
      groupName: 'group',
    });
    expect(await failure(info(stream))).toMatchObject({ type: 'persistent-subscription-does-not-exist', code: 5 });
    open.splice(0);
  });

  it('fails as real servers do', async () => {
    const stream = newStream();
    await create(stream, { maxSubscriberCount: 1 });
    expect(await failure(create(stream))).toMatchObject({
      ...{ type: 'persistent-subscription-exists', code: 6, streamName: stream, groupName: 'group' },
    });
    const missing = newStream();
    const none = { type: 'persistent-subscription-does-not-exist', code: 5 };
    expect(await failure(tested.client.deletePersistentSubscriptionToStream(missing, 'group'))).toMatchObject(none);
    const nobody = work(missing);
    await nobody.until(() => nobody.error !== undefined);
    expect(nobody.error).toMatchObject(none);
    const one = work(stream);
    await new Promise<void>((resolve) => one.subscription.once('confirmation', resolve));
    const two = work(stream);
    await two.until(() => two.error !== undefined);
    expect(two.error).toMatchObject({ type: 'maximum-subscribers-reached', code: 9 });
    expect(await failure(create(newStream(), { readBatchSize: 500, historyBufferSize: 500 }))).toMatchObject({
      ...{ type: 'persistent-subscription-failed', code: 13 },
      reason: 'ReadBatchSize may not be greater than or equal to BufferSize',
    });
    const restart = tested.client.restartPersistentSubscriptionSubsystem();
    expect(await failure(restart)).toMatchObject({ code: 12 });
    open.splice(open.indexOf(two), 1);
    open.splice(open.indexOf(nobody), 1);
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
