import { type Context, request, texts } from './contract-events';

export function appending({ store }: Context): void {
  it('starts a stream at revision 0 and goes on from there', async () => {
    const [first] = await store().append([request('a', 'noStream', 'one', 'two')]);
    const [second] = await store().append([request('a', { revision: 1 }, 'three')]);
    const [third] = await store().append([request('a', 'any', 'four')]);
    expect([first, second, third]).toMatchObject([
      { ok: true, firstRevision: 0 },
      { ok: true, firstRevision: 2 },
      { ok: true, firstRevision: 3 },
    ]);
    expect(await texts(store().readStream('a'))).toEqual(['one', 'two', 'three', 'four']);
  });

  it('answers each request of a call for itself: a conflict fails alone and as a whole', async () => {
    await store().append([request('a', 'noStream', 'x')]);
    const results = await store().append([
      request('a', 'noStream', 'no', 'no'),
      request('b', 'noStream', 'yes'),
      request('missing', { revision: 0 }, 'no'),
      request('a', { revision: 7 }, 'no'),
      request('a', { revision: 0 }, 'yes', 'yes'),
    ]);
    expect(results).toMatchObject([
      { ok: false, reason: 'wrongExpectedRevision', actual: 0 },
      { ok: true, firstRevision: 0 },
      { ok: false, reason: 'wrongExpectedRevision', actual: -1 },
      { ok: false, reason: 'wrongExpectedRevision', actual: 0 },
      { ok: true, firstRevision: 1 },
    ]);
    expect((await texts(store().readAll())).sort()).toEqual(['x', 'yes', 'yes', 'yes']);
    expect(await store().streamHead('missing')).toBe(-1);
  });

  it('stores nothing for a request without events, and still checks what it expects', async () => {
    const before = await store().head();
    expect(
      await store().append([request('a', 'noStream'), request('a', { revision: 3 }), request('a', 'any')]),
    ).toMatchObject([
      { ok: true, firstRevision: 0 },
      { ok: false, reason: 'wrongExpectedRevision', actual: -1 },
      { ok: true, firstRevision: 0 },
    ]);
    expect(await store().append([])).toEqual([]);
    expect((await store().head()).position).toBe(before.position);
    expect(await store().streamHead('a')).toBe(-1);
  });

  it('lets one of several writers win an exact revision', async () => {
    await store().append([request('a', 'noStream', 'x')]);
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, i) => store().append([request('a', { revision: 0 }, `w${i}`)])),
    );
    expect(results.flat().filter((result) => result.ok)).toHaveLength(1);
    expect(await store().streamHead('a')).toBe(1);
  });

  // To another stream: with the same ids to the same one at any revision, a store may take it for a repetition.
  it('leaves the caller its bytes: the same events may be sent again', async () => {
    const { events } = request('a', 'any', 'x', 'y');
    for (const stream of ['a', 'b', 'c']) await store().append([{ stream, expected: 'any', events }]);
    for (const stream of ['a', 'b', 'c']) expect(await texts(store().readStream(stream))).toEqual(['x', 'y']);
  });
}
