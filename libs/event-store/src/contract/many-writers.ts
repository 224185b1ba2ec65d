import { randomBytes } from 'node:crypto';

import type { EventStore, Expected, StoredEvent } from '../event-store';
import { collect, positions, request } from './contract-events';

/** Each writer appends its own stream at exact revisions and a shared one at any, in calls of the planned sizes. */
export async function manyWriters(
  store: EventStore,
  plans: number[][],
  places: 'gapless' | 'ascending',
): Promise<void> {
  const run = randomBytes(4).toString('hex');
  const { position } = await store.head();
  const total = plans.flat().reduce((sum, size) => sum + 2 * (size + 1), 0);
  const seen: StoredEvent[] = [];
  const subscriber = (async () => {
    for await (const message of store.subscribe({ from: position })) {
      if (message.kind === 'event' && seen.push(message.event) === total) return;
    }
  })();
  await Promise.all(plans.map((plan, writer) => oneWriter(store, plan, `own-${run}-${writer}`, `shared-${run}`)));
  await subscriber;
  const stored = await collect(store.readAll({ from: position }));
  expect(seen.map((e) => e.position)).toEqual(positions(stored));
  expect(stored).toHaveLength(total);
  if (places === 'gapless') expect(positions(stored)).toEqual(stored.map((_, i) => position + 1 + i));
  else positions(stored).reduce((last, next) => (expect(next).toBeGreaterThan(last), next), position);
  for (const stream of new Set(stored.map((e) => e.stream))) {
    const revisions = stored.filter((e) => e.stream === stream).map((e) => e.revision);
    expect(revisions).toEqual(revisions.map((_, i) => i));
  }
  for (let writer = 0; writer < plans.length; writer++) {
    const own = stored.filter((e) => e.stream === `own-${run}-${writer}`).map((e) => Buffer.from(e.data).toString());
    expect(own).toEqual(own.map((_, i) => String(i)));
  }
}

async function oneWriter(store: EventStore, plan: number[], own: string, shared: string): Promise<void> {
  let next = 0;
  for (const size of plan) {
    const texts = Array.from({ length: size + 1 }, () => String(next++));
    const expected: Expected = next === texts.length ? 'noStream' : { revision: next - texts.length - 1 };
    const results = await store.append([request(own, expected, ...texts), request(shared, 'any', ...texts)]);
    expect(results).toMatchObject([{ ok: true, firstRevision: next - texts.length }, { ok: true }]);
  }
}
