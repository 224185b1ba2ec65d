/** What real servers were seen to do with an append that comes again. */
import { ANY, NO_STREAM, STREAM_EXISTS } from '@eventstore/db-client';

import { event, events, failure, newStream, said, success, withClient } from './client.fixture';

describe('an append that comes again', () => {
  const tested = withClient();
  const append = (...args: Parameters<typeof tested.client.appendToStream>) => tested.client.appendToStream(...args);
  const stored = (stream: string) => said(tested.client.readStream(stream));

  describe('at an exact revision', () => {
    it('answers as the first time and writes nothing, at once, later, and after a restart', async () => {
      const stream = newStream();
      const first = events(3);
      const second = events(2, 3);
      const began = await append(stream, first, { expectedRevision: NO_STREAM });
      expect(await append(stream, first, { expectedRevision: NO_STREAM })).toEqual(began);
      const went = await append(stream, second, { expectedRevision: 2n });
      expect(went).toMatchObject(success(4));
      await append(stream, events(4, 5), { expectedRevision: 4n });
      expect(await append(stream, second, { expectedRevision: 2n })).toEqual(went);
      expect(await append(stream, first, { expectedRevision: NO_STREAM })).toEqual(began);
      await tested.endpoint.restart();
      expect(await append(stream, second, { expectedRevision: 2n })).toEqual(went);
      expect(await stored(stream)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    });

    it('is written a second time at the present head: a wrong retry', async () => {
      const stream = newStream();
      await append(stream, events(3), { expectedRevision: NO_STREAM });
      const again = events(2, 3);
      await append(stream, again, { expectedRevision: 2n });
      expect(await append(stream, again, { expectedRevision: 4n })).toMatchObject(success(6));
      expect(await stored(stream)).toEqual([0, 1, 2, 3, 4, 3, 4]);
    });

    it('is known by a prefix, and refused where it is longer, or in another order', async () => {
      const stream = newStream();
      await append(stream, events(3), { expectedRevision: NO_STREAM });
      const [one, two] = events(2, 3);
      await append(stream, [one!, two!], { expectedRevision: 2n });
      expect(await append(stream, [one!], { expectedRevision: 2n })).toMatchObject(success(3));
      const conflict = { type: 'wrong-expected-version', expectedVersion: 2n, actualVersion: 4n };
      const longer = append(stream, [one!, two!, event('new')], { expectedRevision: 2n });
      expect(await failure(longer)).toMatchObject(conflict);
      expect(await failure(append(stream, [two!, one!], { expectedRevision: 2n }))).toMatchObject(conflict);
      expect(await stored(stream)).toEqual([0, 1, 2, 3, 4]);
    });

    it('compares ids alone: other data under the same ids are ignored', async () => {
      const stream = newStream();
      const [first] = events(1);
      await append(stream, [first!], { expectedRevision: NO_STREAM });
      expect(await append(stream, [event('other', first!.id)], { expectedRevision: NO_STREAM })).toMatchObject(
        success(0),
      );
      expect(await stored(stream)).toEqual([0]);
    });
  });

  it('writes an id twice that is twice in one batch, and in another stream', async () => {
    const stream = newStream();
    const one = event('twice');
    expect(await append(stream, [one, one], { expectedRevision: NO_STREAM })).toMatchObject(success(1));
    expect(await append(newStream(), [one], { expectedRevision: ANY })).toMatchObject(success(0));
    expect(await stored(stream)).toEqual(['twice', 'twice']);
  });

  describe.each([ANY, STREAM_EXISTS] as const)('at %s', (expectedRevision) => {
    it('writes nothing while the ids are remembered: all of them, or one', async () => {
      const stream = newStream();
      await append(stream, [event('first')]);
      const batch = events(3);
      const began = await append(stream, batch, { expectedRevision });
      expect(began).toMatchObject(success(3));
      await append(stream, [event('moved on')]);
      expect(await append(stream, batch, { expectedRevision })).toEqual(began);
      expect(await append(stream, [batch[1]!], { expectedRevision })).toMatchObject(success(2));
      expect(await stored(stream)).toEqual(['first', 0, 1, 2, 'moved on']);
    });

    it('refuses old ids before new ones, and writes everything where the first id is new', async () => {
      const stream = newStream();
      const batch = events(3);
      await append(stream, batch);
      const mixed = await failure(append(stream, [batch[0]!, batch[1]!, event('new')], { expectedRevision }));
      expect(mixed).toMatchObject({
        type: 'wrong-expected-version',
        expectedVersion: expectedRevision,
        actualVersion: 2n,
      });
      const other = await append(stream, [event('new'), batch[1]!, batch[2]!], { expectedRevision });
      expect(other).toMatchObject(success(5));
      expect(await stored(stream)).toEqual([0, 1, 2, 'new', 1, 2]);
    });

    it('is written twice after a restart', async () => {
      const stream = newStream();
      const batch = events(2);
      await append(stream, batch);
      await tested.endpoint.restart();
      expect(await append(stream, batch, { expectedRevision })).toMatchObject(success(3));
      expect(await stored(stream)).toEqual([0, 1, 0, 1]);
    });
  });

  it('at any is written once though both are under way', async () => {
    const stream = newStream();
    const batch = events(50);
    const answers = await Promise.all(Array.from({ length: 20 }, () => append(stream, batch)));
    expect(new Set(answers.map((answer) => answer.nextExpectedRevision))).toEqual(new Set([49n]));
    expect(await stored(stream)).toHaveLength(50);
  });

  it('forgets ids at any once so many others have come that the window is full', async () => {
    const stream = newStream();
    const batch = events(2);
    await append(stream, batch);
    // 28 bytes and twice the name for each id: 8 MiB of them.
    const long = `long-${'x'.repeat(2_000)}`;
    for (let i = 0; i < 21; i++) await append(long, events(100));
    expect(await append(stream, batch)).toMatchObject(success(3));
  });

  it('takes appends at successive revisions without waiting, in order', async () => {
    const stream = newStream();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        append(stream, [event(i)], { expectedRevision: i === 0 ? NO_STREAM : BigInt(i - 1) }),
      ),
    );
    expect(answers.map((answer) => answer.nextExpectedRevision)).toEqual(answers.map((_, i) => BigInt(i)));
  });

  it('lets writers that race fail and never write twice', async () => {
    const stream = newStream();
    let written = 0;
    const race = async (writer: number) => {
      for (let i = 0; i < 25; i++) {
        const head = await said(
          tested.client.readStream(stream, { direction: 'backwards', fromRevision: 'end', maxCount: 1 }),
        ).catch(() => []);
        const expectedRevision = head.length === 0 ? NO_STREAM : BigInt(head[0] as number);
        const next = head.length === 0 ? 0 : (head[0] as number) + 1;
        const failed = await append(stream, [event(next)], { expectedRevision }).then(
          () => undefined,
          (error: { type?: string }) => error,
        );
        if (failed === undefined) written++;
        else expect([writer, failed.type]).toEqual([writer, 'wrong-expected-version']);
      }
    };
    await Promise.all([0, 1, 2, 3].map(race));
    expect(await stored(stream)).toEqual(Array.from({ length: written }, (_, i) => i));
  });

  it('answers empty appends as real servers do', async () => {
    const stream = newStream();
    expect(await append(stream, [], { expectedRevision: NO_STREAM })).toMatchObject(success(0));
    expect(await failure(said(tested.client.readStream(stream)))).toMatchObject({ type: 'stream-not-found' });
    await append(stream, events(3), { expectedRevision: NO_STREAM });
    expect(await append(stream, [], { expectedRevision: 2n })).toMatchObject(success(2));
    expect(await failure(append(stream, [], { expectedRevision: 1n }))).toMatchObject({
      type: 'wrong-expected-version',
    });
  });
});
