import { pack } from '../event-packer';
import type { StoredEvent, SubscriptionMessage } from '../event-store';
import { collect, type Context, event, request } from './contract-events';

export function subscribing({ store }: Context): void {
  it('catches up, says so, then goes on live, filtered', async () => {
    await store().append([request('a', 'any', '1', '2'), request('b', 'any', 'not me')]);
    const subscription = store().subscribe({ from: 0, filter: { streamPrefixes: ['a'] } });
    const messages = follow(subscription);
    expect(await messages.take(3)).toEqual(['1', '2', 'caught up']);
    await store().append([request('b', 'any', 'nor me'), request('a', 'any', '3')]);
    expect(await messages.take(1)).toEqual(['3']);
    await store().append([{ stream: 'a-2', expected: 'any', events: pack([event('4', { type: 'Odd' })]) }]);
    expect(await messages.take(1)).toEqual(['4']);
    await subscription.close();
    expect(await messages.ended).toBe(true);
  });

  it('begins after the position it was given', async () => {
    await store().append([request('a', 'any', '1', '2', '3')]);
    const [, second] = await collect(store().readAll());
    const messages = follow(store().subscribe({ from: (second as StoredEvent).position }));
    expect(await messages.take(2)).toEqual(['3', 'caught up']);
    await messages.stop();
  });

  it('on an empty store is caught up at once, and ends when its loop is left', async () => {
    for await (const message of store().subscribe({ from: 0 })) {
      expect(message.kind).toBe('caughtUp');
      break;
    }
    const seen: string[] = [];
    await store().append([request('a', 'any', 'x')]);
    for await (const message of store().subscribe({ from: 0 })) {
      seen.push(message.kind);
      if (message.kind === 'caughtUp') break;
    }
    expect(seen).toEqual(['event', 'caughtUp']);
  });

  it('holds back for a slow consumer and loses nothing', async () => {
    const payload = 'x'.repeat(60_000);
    const count = 120;
    const seen: number[] = [];
    let appended: Promise<unknown> | undefined;
    for await (const message of store().subscribe({ from: 0 })) {
      if (message.kind === 'caughtUp') {
        appended ??= (async () => {
          for (let i = 0; i < count; i += 4)
            await store().append([request('a', 'any', ...[0, 1, 2, 3].map((k) => `${i + k} ${payload}`))]);
        })();
        continue;
      }
      if (seen.length % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      seen.push(Number.parseInt(Buffer.from(message.event.data).toString('latin1', 0, 6), 10));
      if (seen.length === count) break;
    }
    await appended;
    expect(seen).toEqual(Array.from({ length: count }, (_, i) => i));
  });
}

/** Reads a subscription in the background; `take` waits for so many further messages. */
function follow(subscription: AsyncIterable<SubscriptionMessage> & { close(): Promise<void> }) {
  const waiting: string[] = [];
  let wake: () => void = () => undefined;
  const ended = (async () => {
    for await (const message of subscription) {
      waiting.push(message.kind === 'event' ? Buffer.from(message.event.data).toString() : 'caught up');
      wake();
    }
    return true;
  })();
  const take = async (count: number) => {
    while (waiting.length < count) await new Promise<void>((resolve) => (wake = resolve));
    return waiting.splice(0, count);
  };
  const stop = async () => {
    await subscription.close();
    await ended;
  };
  return { take, ended, stop };
}
