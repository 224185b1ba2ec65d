import { randomBytes } from 'node:crypto';

import { event, request, texts } from '../../contract/contract-events';
import { openTestEndpoint } from '../../eventstore-endpoint/endpoint.fixture';
import { pack } from '../../event-packer';
import { closeClient, Connection } from '../connection';
import type { EventStoreDb } from '../eventstoredb.types';
import { QUEUE_EVENTS_MAX } from '../limits';
import { openEventStoreDb } from '../open-eventstoredb';
import { type ServerUnderTest, serverUnderTest } from '../server-under-test.fixture';

const { EVENTSTORE_URL } = process.env;

describe(`the adapter, on ${EVENTSTORE_URL ? 'EVENTSTORE_URL' : 'the protocol endpoint'}`, () => {
  let server: ServerUnderTest;
  let store: EventStoreDb;
  let stream: string;
  beforeAll(async () => {
    server = await serverUnderTest(EVENTSTORE_URL);
    store = await openEventStoreDb({ url: server.url });
  });
  beforeEach(() => {
    stream = `adapter-${randomBytes(6).toString('hex')}`;
  });
  afterAll(async () => {
    await store.close();
    await server.close();
  });

  it('sends nothing of a call with a bad event, and goes on', async () => {
    const bad = pack([event('x'), event('x', { type: '' })]);
    await expect(
      store.append([request(stream, 'any', 'good'), { stream: `${stream}-2`, expected: 'any', events: bad }]),
    ).rejects.toThrow(/were not sent/);
    expect(await store.streamHead(stream)).toBe(-1);
    for (let i = 0; i < 3; i++) expect(await store.append([request(stream, 'any', 'x')])).toMatchObject([{ ok: true }]);
  });

  it('gathers what waits for a stream into few calls, and answers each request with its own place', async () => {
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, i) => store.append([request(stream, 'any', `${i}a`, `${i}b`)])),
    );
    const all: string[] = await texts(store.readStream(stream));
    expect(all).toHaveLength(400);
    for (const [i, [result]] of results.entries()) {
      if (!result?.ok) throw new Error(JSON.stringify(result));
      expect(all.slice(result.firstRevision, result.firstRevision + 2)).toEqual([`${i}a`, `${i}b`]);
      const [stored] = await store.readAt([result.firstPosition]);
      expect(stored).toMatchObject({ stream, revision: result.firstRevision, recordedAt: result.recordedAt });
    }
  });

  it('is read by a plain client as JSON, data and metadata', async () => {
    const sent = event('{"amount":12.5,"name":"Größe"}', { subject: 'c-1', personal: Buffer.from('{"text":"hi"}') });
    await store.append([{ stream, expected: 'noStream', events: pack([sent, event('no json')]) }]);
    const client = new Connection(server.url).client();
    const read: unknown[] = [];
    for await (const { event: recorded } of client.readStream(stream)) read.push(recorded);
    expect(read).toMatchObject([
      { isJson: true, data: { amount: 12.5, name: 'Größe' }, metadata: { subject: 'c-1', personal: { text: 'hi' } } },
      { isJson: false },
    ]);
    await closeClient(client);
  });

  it('stores what comes with known and new ids mixed: each event once at least, and nothing is stuck', async () => {
    const known = [event('a'), event('b')];
    await store.append([{ stream, expected: 'any', events: pack(known) }]);
    const mixed = pack([...known, event('c')]);
    expect(await store.append([{ stream, expected: 'any', events: mixed }])).toMatchObject([{ ok: true }]);
    expect(new Set(await texts(store.readStream(stream)))).toEqual(new Set(['a', 'b', 'c']));
  });

  it('answers a repetition at an exact revision like the first time', async () => {
    const first = request(stream, 'noStream', 'a', 'b');
    const [once] = await store.append([first]);
    await store.append([request(stream, { revision: 1 }, 'c')]);
    expect(await store.append([first])).toEqual([once]);
    expect(await store.streamHead(stream)).toBe(2);
  });

  it('refuses at once what would wait too long', async () => {
    const many = () => request(stream, 'any', ...Array.from({ length: QUEUE_EVENTS_MAX / 2 }, () => 'x'));
    const waiting = [store.write([many()]), store.write([many()])];
    expect(await store.append([request(stream, 'any', 'x')])).toMatchObject([
      { ok: false, reason: 'unavailable', overloaded: true },
    ]);
    expect((await Promise.all(waiting)).flat().every((result) => result.ok)).toBe(true);
    expect(await store.append([request(stream, 'any', 'x')])).toMatchObject([{ ok: true }]);
  }, 120_000);

  it('answers unavailable once it is closed', async () => {
    const other = await openEventStoreDb({ url: server.url });
    await other.close();
    expect(await other.append([request(stream, 'any', 'x')])).toMatchObject([{ ok: false, reason: 'unavailable' }]);
    await expect(other.head()).rejects.toThrow(/closed/);
  });

  it('knows the version of its server', () => {
    expect(store.serverVersion).toMatch(/^\d+\.\d+/);
  });
});

describe('the start of the adapter', () => {
  const open = (url: string) => openEventStoreDb({ url, timeouts: { startMs: 600, readMs: 300, readPatienceMs: 600 } });

  it('waits for a server, and says where it looked and what to look at', async () => {
    await expect(open('esdb://user:secret@127.0.0.1:1?tls=false')).rejects.toThrow(
      /^The event store at esdb:\/\/127\.0\.0\.1:1 cannot be used: it did not get ready in 600 ms; .*Is it running there/,
    );
  });

  it('refuses a server that takes no appends', async () => {
    const endpoint = await openTestEndpoint({ writes: { open: false, reserved: [] } });
    await expect(open(endpoint.url)).rejects.toThrow(/takes no appends at all. Open it for writing/);
    await endpoint.close();
  });

  it.each([
    ['esdb://h:1?tls=false&throwOnAppendFailure=false', /Leave it out/],
    ['esdb+discover://h:1?tls=false', /Add nodePreference=leader/],
    ['esdb://a:1,b:1?tls=false', /Add nodePreference=leader/],
  ])('refuses %s', async (url, says) => {
    await expect(open(url)).rejects.toThrow(says);
  });

  it('takes the connection string as the client does, and keeps the password out of messages', () => {
    const connection = new Connection('esdb://admin:changeit@db.example:2113?tls=true&keepAliveTimeout=12000');
    expect(connection.name).toBe('esdb://db.example:2113');
    expect(connection.client()).not.toBe(connection.client());
    expect(() => new Connection('esdb://a:1,b:2?nodePreference=leader').client()).not.toThrow();
    expect(() => new Connection('http://nowhere').client()).toThrow(/expected esdb/);
  });
});
