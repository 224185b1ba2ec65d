import { pack } from '../event-packer';
import type { StoredEvent } from '../event-store';
import { collect, type Context, event, positions, request, texts } from './contract-events';

export function reading({ store, reopen }: Context): void {
  const fill = async () => {
    for (let i = 0; i < 30; i++)
      await store().append([request(`s-${i % 3}`, 'any', `${i}a`, `${i}b`), request('other', 'any', `${i}o`)]);
    return collect(store().readAll());
  };

  it('reads all in order, both ways, from anywhere, up to a limit', async () => {
    const all = await fill();
    expect(all).toHaveLength(90);
    expect(positions(all)).toEqual([...positions(all)].sort((a, b) => a - b));
    for (const at of [0, 1, 44, 88, 89]) {
      const from = (all[at] as StoredEvent).position;
      expect(await collect(store().readAll({ from }))).toEqual(all.slice(at + 1));
      expect(await collect(store().readAll({ from, backwards: true }))).toEqual(all.slice(0, at).reverse());
    }
    expect(await collect(store().readAll({ limit: 7 }))).toEqual(all.slice(0, 7));
    expect(await collect(store().readAll({ limit: 7, backwards: true }))).toEqual(all.slice(-7).reverse());
    expect(await collect(store().readAll({ limit: 0 }))).toEqual([]);
  });

  it('filters by stream prefix and by type, both ways', async () => {
    const all = await fill();
    await store().append([{ stream: 's-9', expected: 'any', events: pack([event('odd', { type: 'Odd' })]) }]);
    const inStreams = all.filter((e) => e.stream.startsWith('s-'));
    expect(await collect(store().readAll({ filter: { streamPrefixes: ['s-'], types: ['Tested'] } }))).toEqual(
      inStreams,
    );
    expect(await texts(store().readAll({ filter: { types: ['Odd'] } }))).toEqual(['odd']);
    expect(await texts(store().readAll({ filter: { types: ['Odd'], streamPrefixes: ['other'] } }))).toEqual([]);
    expect(
      await collect(store().readAll({ filter: { streamPrefixes: ['other', 's-1'] }, backwards: true, limit: 5 })),
    ).toEqual(
      all
        .filter((e) => e.stream === 'other' || e.stream === 's-1')
        .reverse()
        .slice(0, 5),
    );
  });

  it('reads a stream both ways, from anywhere, up to a limit', async () => {
    const all = (await fill()).filter((e) => e.stream === 's-1');
    expect(all.map((e) => e.revision)).toEqual(all.map((_, i) => i));
    expect(await collect(store().readStream('s-1'))).toEqual(all);
    expect(await collect(store().readStream('s-1', { backwards: true }))).toEqual([...all].reverse());
    expect(await collect(store().readStream('s-1', { from: 3, limit: 4 }))).toEqual(all.slice(3, 7));
    expect(await collect(store().readStream('s-1', { from: 3, limit: 3, backwards: true }))).toEqual(
      all.slice(1, 4).reverse(),
    );
    expect(await collect(store().readStream('s-1', { from: 99 }))).toEqual([]);
    expect(await collect(store().readStream('nobody'))).toEqual([]);
    expect(await collect(store().readStream('nobody', { backwards: true }))).toEqual([]);
    expect(await store().streamHead('s-1')).toBe(all.length - 1);
  });

  it('reads events at positions in the order asked for', async () => {
    const all = await fill();
    const wanted = [80, 3, 3, 41].map((i) => all[i] as StoredEvent);
    expect(await store().readAt([...positions(wanted), 9_999_999])).toEqual([...wanted, undefined]);
    expect(await store().readAt([])).toEqual([]);
  });

  it('is the same store after it was closed and opened', async () => {
    const all = await fill();
    const head = await store().head();
    await reopen();
    expect(await collect(store().readAll())).toEqual(all);
    expect(await store().head()).toEqual(head);
    expect(
      await store().append([request('s-1', { revision: 19 }, 'next'), request('new', 'noStream', 'x')]),
    ).toMatchObject([
      { ok: true, firstRevision: 20 },
      { ok: true, firstRevision: 0 },
    ]);
    expect((await collect(store().readAll({ from: head.position }))).length).toBe(2);
  });
}
