/** Conflicts, sizes, bad requests, deletions: the errors of real servers, as the client shows them. */
import { ANY, binaryEvent, jsonEvent, NO_STREAM, STREAM_EXISTS } from '@eventstore/db-client';

import { event, events, failure, newStream, said, success, withClient } from './client.fixture';

describe('what is refused', () => {
  const tested = withClient();
  const append = (...args: Parameters<typeof tested.client.appendToStream>) => tested.client.appendToStream(...args);
  const filled = async (count: number) => {
    const stream = newStream();
    await append(stream, events(count));
    return stream;
  };

  it.each([
    [7, NO_STREAM, 'no_stream', 6n],
    [0, 0n, 0n, 'no_stream'],
    [0, STREAM_EXISTS, 'stream_exists', 'no_stream'],
    [7, 99n, 99n, 6n],
    [7, 2n, 2n, 6n],
  ] as const)('a stream of %d events at %s', async (count, expectedRevision, expectedVersion, actualVersion) => {
    const stream = count === 0 ? newStream() : await filled(count);
    const conflict = { type: 'wrong-expected-version', streamName: stream, expectedVersion, actualVersion };
    expect(await failure(append(stream, [event('x')], { expectedRevision }))).toMatchObject({
      ...conflict,
      message: '',
    });
    const credentials = { username: 'admin', password: 'changeit' };
    const unary = await failure(append(stream, [event('x')], { expectedRevision, credentials }));
    expect(unary).toMatchObject(conflict);
  });

  it('an append of more than 1 MiB, on both ways, and nothing of it is written', async () => {
    const stream = newStream();
    const json = (bytes: number) => jsonEvent({ type: 'T', data: 'x'.repeat(bytes - 2) });
    const tooLarge = { type: 'maximum-append-size-exceeded', maxAppendSize: 1048576 };
    expect(await append(stream, [json(1_048_556)])).toMatchObject(success(0));
    expect(await failure(append(stream, [json(1_048_596)]))).toMatchObject({ ...tooLarge, message: '' });
    const kilobytes = (count: number) => Array.from({ length: count }, () => json(1_030));
    expect(await append(stream, kilobytes(1000))).toMatchObject(success(1000));
    expect(await failure(append(stream, kilobytes(1048)))).toMatchObject(tooLarge);
    const credentials = { username: 'admin', password: 'changeit' };
    expect(await failure(append(stream, kilobytes(1048), { credentials }))).toMatchObject({ ...tooLarge, code: 3 });
    expect(await said(tested.client.readStream(stream))).toHaveLength(1001);
  });

  it('a wire message beyond 17 MiB, which ends the shared call, and the next append works', async () => {
    const client = tested.another();
    const huge = binaryEvent({ type: 'T', data: new Uint8Array(20_000_000) });
    expect(await failure(client.appendToStream(newStream(), [huge]))).toMatchObject({ type: 'unknown', code: 8 });
    expect(await client.appendToStream(newStream(), [event(1)])).toMatchObject(success(0));
  });

  it.each([
    ['an id that is no UUID', newStream(), { ...event(1), id: 'no-uuid' }],
    ['an empty type', newStream(), { ...event(1), type: '' }],
    ['an empty name of the stream', '', event(1)],
    ['a name that the store cannot keep', 'a\0b', event(1)],
  ])('%s, once, and the client goes on', async (_, stream, bad) => {
    const client = tested.another();
    const error = await failure(client.appendToStream(stream, [bad]));
    expect(error).toMatchObject({ type: 'unknown', message: 'Could not recognize BadRequest' });
    expect(await client.appendToStream(newStream(), [event(1)])).toMatchObject(success(0));
  });

  it('what comes after its deadline, unwritten', async () => {
    const stream = newStream();
    const late = Promise.allSettled(Array.from({ length: 50 }, () => append(stream, [event(1)], { deadline: -1 })));
    const outcomes = await late;
    expect(
      new Set(outcomes.map((o) => (o.status === 'rejected' ? (o.reason as { type: string }).type : 'written'))),
    ).toEqual(new Set(['deadline-exceeded']));
    expect(await failure(said(tested.client.readStream(stream)))).toMatchObject({ type: 'stream-not-found' });
  });

  describe('a deleted stream', () => {
    it('is not found, and goes on with its revisions when it is written to again', async () => {
      const stream = await filled(6);
      expect((await tested.client.deleteStream(stream)).position?.commit).toBeGreaterThan(0n);
      expect(await failure(said(tested.client.readStream(stream)))).toMatchObject({ type: 'stream-not-found' });
      await tested.client.deleteStream(stream);
      expect(await failure(append(stream, [event('x')], { expectedRevision: STREAM_EXISTS }))).toMatchObject({
        type: 'stream-deleted',
      });
      expect(await append(stream, [event('six')], { expectedRevision: NO_STREAM })).toMatchObject(success(6));
      expect(await append(stream, [event('seven')], { expectedRevision: ANY })).toMatchObject(success(7));
      expect(await said(tested.client.readStream(stream))).toEqual(['six', 'seven']);
      expect((await tested.client.getStreamMetadata(stream)).metadata).toEqual({ truncateBefore: 6 });
      await tested.endpoint.restart();
      expect(await said(tested.client.readStream(stream))).toEqual(['six', 'seven']);
    });

    it('takes an append at its last revision', async () => {
      const stream = await filled(5);
      await tested.client.deleteStream(stream, { expectedRevision: 4n });
      expect(await append(stream, [event('five')], { expectedRevision: 4n })).toMatchObject(success(5));
    });

    it('must be there, and at the revision that is named', async () => {
      const missing = newStream();
      for (const expectedRevision of [ANY, NO_STREAM] as const)
        expect(await failure(tested.client.deleteStream(missing, { expectedRevision }))).toMatchObject({
          type: 'wrong-expected-version',
          code: 9,
          actualVersion: -1n,
        });
      const stream = await filled(3);
      expect(await failure(tested.client.deleteStream(stream, { expectedRevision: 7n }))).toMatchObject({
        type: 'wrong-expected-version',
        expectedVersion: 7n,
        actualVersion: 2n,
      });
    });

    it('is dead for ever with a tombstone, also after a restart', async () => {
      const stream = await filled(3);
      await tested.client.tombstoneStream(stream);
      const dead = async () => {
        const deleted = { type: 'stream-deleted', streamName: stream };
        expect(await failure(said(tested.client.readStream(stream)))).toMatchObject({ ...deleted, code: 9 });
        expect(await failure(append(stream, [event('x')]))).toMatchObject(deleted);
        expect(await failure(append(stream, [event('x')], { expectedRevision: NO_STREAM }))).toMatchObject(deleted);
        const credentials = { username: 'admin', password: 'changeit' };
        expect(await failure(append(stream, [event('x')], { credentials }))).toMatchObject({ ...deleted, code: 9 });
        expect(await failure(tested.client.deleteStream(stream))).toMatchObject(deleted);
        expect(await failure(tested.client.tombstoneStream(stream))).toMatchObject(deleted);
        expect(await failure(said(tested.client.subscribeToStream(stream)))).toMatchObject(deleted);
      };
      await dead();
      await tested.endpoint.restart();
      await dead();
    });
  });

  it('what is not offered, with a reason', async () => {
    const projection = await failure(tested.client.createProjection('p', 'fromAll()'));
    expect(projection).toMatchObject({ code: 12, message: expect.stringMatching(/does not implement/) as string });
  });
});

describe('an endpoint for reading', () => {
  const tested = withClient({ writes: { open: false, reserved: [] } });

  it('refuses every append, deletion and metadata, and says why', async () => {
    const denied = { type: 'access-denied', message: expect.stringMatching(/--eventstore-writes/) as string };
    const { client } = tested;
    expect(await failure(client.appendToStream('a', [event(1)]))).toMatchObject(denied);
    expect(await failure(client.deleteStream('a'))).toMatchObject(denied);
    expect(await failure(client.tombstoneStream('a'))).toMatchObject(denied);
    expect(await failure(client.setStreamMetadata('a', { maxCount: 1 }))).toMatchObject(denied);
    expect((await tested.endpoint.store.head()).position).toBe(0);
  });
});

describe('an endpoint whose store has streams of its own', () => {
  const tested = withClient({ writes: { open: true, reserved: ['journey-'] } });

  it('refuses appends to them and to their metadata, and takes others', async () => {
    const { client } = tested;
    expect(await failure(client.appendToStream('journey-00', [event(1)]))).toMatchObject({ type: 'access-denied' });
    expect(await failure(client.setStreamMetadata('journey-00', { maxCount: 1 }))).toMatchObject({
      type: 'access-denied',
    });
    expect(await failure(client.deleteStream('journey-00'))).toMatchObject({ type: 'access-denied' });
    expect(await client.appendToStream('journeys', [event(1)])).toMatchObject(success(0));
  });
});

describe('an endpoint that is called by a name which is not its own', () => {
  const asked: string[] = [];
  const tested = withClient({ allowsHost: (authority) => asked.push(authority) < 0 });

  it('refuses every kind of call', async () => {
    const denied = {
      type: 'access-denied',
      code: 7,
      message: expect.stringMatching(/RAPPORT_ALLOWED_HOSTS/) as string,
    };
    expect(await failure(said(tested.client.readStream('a')))).toMatchObject(denied);
    expect(await failure(tested.client.deleteStream('a'))).toMatchObject(denied);
    expect(await failure(said(tested.client.subscribeToAll()))).toMatchObject(denied);
    await expect(tested.client.appendToStream('a', [event(1)])).rejects.toThrow(/RAPPORT_ALLOWED_HOSTS/);
    expect(asked[0]).toBe(tested.endpoint.url.replace('esdb://', '').replace('?tls=false', ''));
  });
});
