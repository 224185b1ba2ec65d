import {
  persistentSubscriptionToAllSettingsFromDefaults as toAllSettings,
  persistentSubscriptionToStreamSettingsFromDefaults as settings,
  START,
} from '@eventstore/db-client';

import { event, failure, newStream, withClient } from './client.fixture';

import { numbers, soon, Worker, type Got } from './group-worker.fixture';

describe('groups of persistent subscriptions', () => {
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
  const info = (stream: string) => tested.client.getPersistentSubscriptionToStreamInfo(stream, 'group');

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
    await tested.client.createPersistentSubscriptionToAll('everything', toAllSettings());
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
});
