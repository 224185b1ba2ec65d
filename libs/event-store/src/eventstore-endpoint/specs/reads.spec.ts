import {
  ANY,
  BACKWARDS,
  binaryEvent,
  END,
  EventStoreDBClient,
  FORWARDS,
  jsonEvent,
  type ResolvedEvent,
  START,
} from '@eventstore/db-client';

import { pack } from '../../event-packer';
import { event, events, failure, newStream, said, success, withClient } from './client.fixture';

async function all(read: AsyncIterable<ResolvedEvent>) {
  const found = [];
  for await (const one of read) found.push(one);
  return found;
}

describe('reading', () => {
  const tested = withClient();
  const { readStream, readAll } = {
    readStream: (...args: Parameters<typeof tested.client.readStream>) => tested.client.readStream(...args),
    readAll: (...args: Parameters<typeof tested.client.readAll>) => tested.client.readAll(...args),
  };
  const filled = async (count: number) => {
    const stream = newStream();
    await tested.client.appendToStream(stream, events(count));
    return stream;
  };

  it('gives a stream back both ways, from anywhere, up to a count', async () => {
    const stream = await filled(700);
    const numbers = Array.from({ length: 700 }, (_, i) => i);
    const backwards = [...numbers].reverse();
    expect(await said(readStream(stream))).toEqual(numbers);
    expect(await said(readStream(stream, { direction: BACKWARDS, fromRevision: END }))).toEqual(backwards);
    expect(await said(readStream(stream, { fromRevision: 650n, maxCount: 10 }))).toEqual(numbers.slice(650, 660));
    const back = readStream(stream, { direction: BACKWARDS, fromRevision: 650n, maxCount: 300 });
    expect(await said(back)).toEqual(backwards.slice(49, 349));
    expect(await said(readStream(stream, { fromRevision: 700n }))).toEqual([]);
    expect(await said(readStream(stream, { direction: BACKWARDS, fromRevision: 9999n, maxCount: 1 }))).toEqual([699]);
    expect(await failure(said(readStream(newStream())))).toMatchObject({ type: 'stream-not-found' });
  });

  it('gives everything back both ways: forwards from a position on, backwards from before it', async () => {
    await filled(300);
    const whole = await all(readAll());
    const positions = whole.map(({ event }) => event?.position?.commit);
    expect(positions).toEqual(positions.map((_, i) => BigInt(i + 1)));
    const at = { commit: 100n, prepare: 100n };
    expect(await all(readAll({ fromPosition: at, maxCount: 50 }))).toEqual(whole.slice(99, 149));
    expect(await all(readAll({ direction: BACKWARDS, fromPosition: at }))).toEqual(whole.slice(0, 99).reverse());
    expect(await all(readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 3 }))).toEqual(
      whole.slice(-3).reverse(),
    );
    expect(await all(readAll({ direction: FORWARDS, fromPosition: END }))).toEqual([]);
    expect(await all(readAll({ direction: BACKWARDS, fromPosition: START }))).toEqual([]);
  });

  it('keeps data, metadata, content types and ids as they came, and stamps them', async () => {
    const stream = newStream();
    const everyByte = Uint8Array.from({ length: 256 }, (_, i) => i);
    const json = jsonEvent({ type: 'Größe.geändert', data: { a: [1, 'ü', null] }, metadata: { $correlationId: 'c' } });
    const bytes = binaryEvent({ type: 'Bytes', data: everyByte, metadata: everyByte });
    const plain = jsonEvent({ type: 'Plain', data: 'text' });
    const before = Date.now();
    const { position } = await tested.client.appendToStream(stream, [json, bytes, plain]);
    const read = (await all(readStream(stream))).map(({ event }) => event);
    expect(read).toMatchObject([
      {
        id: json.id,
        type: 'Größe.geändert',
        isJson: true,
        data: { a: [1, 'ü', null] },
        metadata: { $correlationId: 'c' },
      },
      { id: bytes.id, type: 'Bytes', isJson: false, streamId: stream, revision: 1n },
      { id: plain.id, data: 'text', metadata: undefined },
    ]);
    expect(Buffer.from(read[1]?.data as Uint8Array).equals(everyByte)).toBe(true);
    expect(Buffer.from(read[1]?.metadata as Uint8Array).equals(everyByte)).toBe(true);
    expect(read[2]?.position).toEqual(position);
    const created = read[0]?.created.getTime() ?? 0;
    expect(created).toBeGreaterThanOrEqual(before);
    expect(created).toBeLessThanOrEqual(Date.now());
  });

  it('shows an event of Rapport as the mapping says', async () => {
    const stream = newStream();
    const id = (n: number) => Buffer.alloc(16, n);
    await tested.endpoint.store.append([
      {
        stream,
        expected: 'noStream',
        events: pack([
          {
            ...{ id: id(1), type: 'StageChanged', schemaVersion: 3, occurredAt: Date.UTC(2026, 2, 1), subject: 'anna' },
            ...{ correlationId: id(2), causationId: id(3) },
            data: Buffer.from('{"to":"active"}'),
            personal: Buffer.from('{"text":"hi"}'),
          },
          { id: id(4), type: 'Odd', schemaVersion: 1, occurredAt: 0.5, data: Buffer.from([0, 255]), personal: id(5) },
        ]),
      },
    ]);
    const read = (await all(readStream(stream))).map(({ event }) => event);
    const uuid = (digit: string) => [8, 4, 4, 4, 12].map((length) => `0${digit}`.repeat(length / 2)).join('-');
    expect(read[0]).toMatchObject({ id: uuid('1'), isJson: true, data: { to: 'active' } });
    expect(read[0]?.metadata).toEqual({
      ...{ occurredAt: '2026-03-01T00:00:00.000Z', schemaVersion: 3, subject: 'anna' },
      ...{ $correlationId: uuid('2'), $causationId: uuid('3'), personal: { text: 'hi' } },
    });
    expect(read[1]).toMatchObject({ isJson: false });
    expect(read[1]?.metadata).toEqual({ occurredAt: 0.5, schemaVersion: 1, personalBase64: id(5).toString('base64') });
  });

  it.each([
    ['blanks and umlauts', 'straße mit blanks'],
    ['other scripts', '顧客-🙂'],
    ['20,000 letters', 'x'.repeat(20_000)],
    ['a dollar', '$mine'],
  ])('takes names of streams with %s', async (_, stream) => {
    await tested.client.appendToStream(stream, [event('here')]);
    await tested.client.appendToStream(stream, [event('again')], { expectedRevision: 0n });
    const read = await all(readStream(stream));
    expect(read.map(({ event }) => event?.streamId)).toEqual([stream, stream]);
  });

  describe('what is truncated', () => {
    it('shows the newest events up to a count, at once, and goes on at the true revision', async () => {
      const stream = await filled(5);
      await tested.client.setStreamMetadata(stream, { maxCount: 2 });
      expect(await said(readStream(stream))).toEqual([3, 4]);
      expect(await said(readStream(stream, { fromRevision: 1n, maxCount: 1 }))).toEqual([3]);
      expect(await said(readStream(stream, { direction: BACKWARDS, fromRevision: END }))).toEqual([4, 3]);
      const went = await tested.client.appendToStream(stream, [event(5)], { expectedRevision: 4n });
      expect(went).toMatchObject(success(5));
      expect(await said(readStream(stream))).toEqual([4, 5]);
      expect((await tested.client.getStreamMetadata(stream)).metadata).toEqual({ maxCount: 2 });
    });

    it('shows nothing and no error where everything is too old', async () => {
      const stream = await filled(3);
      await tested.client.setStreamMetadata(stream, { maxAge: 1 });
      expect(await said(readStream(stream))).toEqual([0, 1, 2]);
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      expect(await said(readStream(stream))).toEqual([]);
      expect(await tested.client.appendToStream(stream, [event(3)], { expectedRevision: 2n })).toMatchObject(
        success(3),
      );
      expect(await said(readStream(stream))).toEqual([3]);
    });

    it('shows a stream from a revision on', async () => {
      const stream = await filled(5);
      await tested.client.setStreamMetadata(stream, { truncateBefore: 3 });
      expect(await said(readStream(stream))).toEqual([3, 4]);
    });
  });

  it('finds a node that leads, for clients that look for one', async () => {
    const port = /:(\d+)\?/.exec(tested.endpoint.url)?.[1];
    const stream = await filled(2);
    for (const url of [
      `esdb://127.0.0.1:${port},localhost:${port}?tls=false`,
      `esdb+discover://127.0.0.1:${port}?tls=false`,
    ]) {
      const client = EventStoreDBClient.connectionString(url);
      expect(await said(client.readStream(stream))).toEqual([0, 1]);
      expect(await client.appendToStream(stream, [], { expectedRevision: ANY })).toMatchObject(success(1));
      await client.dispose();
    }
  });
});
