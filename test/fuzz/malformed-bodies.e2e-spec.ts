/** Bodies that a broken or hostile client may send to the real server: wrong types, altered bytes, huge, deep, oddly encoded. */
import fc from 'fast-check';
import { BOUNDED, FuzzedServer, good } from './fuzzed-server';
import { answersIn, exchange } from './raw-http';

const BODY_BYTES_MAX = 8 * 1024 * 1024;
const SLOW_MS = 5_000;

let server: FuzzedServer;
beforeAll(async () => {
  server = await FuzzedServer.start();
}, 60_000);
afterAll(() => server.process.stopAndForget(), 30_000);

describe('bodies', () => {
  it('of wrong types are refused item by item', async () => {
    const anything = fc.jsonValue({ maxDepth: 3 });
    const fields = [...Object.keys(good(0)), 'other', '__proto__', 'constructor'];
    const spoiled = fc
      .tuple(fc.nat(), fc.constantFrom(...fields), anything)
      .map(([n, name, value]): unknown => ({ ...good(n), [name]: value }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(spoiled, anything), { minLength: 1, maxLength: 5 }), async (body) => {
        const answer = await server.process.fetch<{ accepted: number; rejected: number }>(
          'POST',
          '/v1/touchpoints',
          JSON.stringify(body),
        );
        expect([200, 207, 422]).toContain(answer.status);
        expect(answer.body.accepted + answer.body.rejected).toBe(body.length);
        server.accepted += answer.body.accepted;
      }),
      BOUNDED,
    );
  }, 60_000);

  it('of altered bytes are understood or refused', async () => {
    const change = fc.record({ at: fc.nat(), bytes: fc.uint8Array({ maxLength: 4 }), cut: fc.nat({ max: 6 }) });
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.array(change, { minLength: 1, maxLength: 4 }), async (n, changes) => {
        let body = Buffer.from(JSON.stringify([good(n), good(n + 1)]));
        for (const { at, bytes, cut } of changes) {
          const place = at % (body.length + 1);
          body = Buffer.concat([body.subarray(0, place), bytes, body.subarray(place + cut)]);
        }
        expect([200, 207, 400, 422]).toContain((await server.send(server.request(body))).status);
      }),
      BOUNDED,
    );
  }, 60_000);

  it.each([
    ['a million open brackets', '['.repeat(1_000_000), 400],
    ['a million nested lists', '['.repeat(1_000_000) + ']'.repeat(1_000_000), 422],
    ['a million nested objects', `${'{"a":'.repeat(1_000_000)}1${'}'.repeat(1_000_000)}`, 422],
    ['deep properties', JSON.stringify(good(1)).replace('"o"', '['.repeat(500_000) + ']'.repeat(500_000)), 422],
    [
      'deep objects in properties',
      JSON.stringify(good(1)).replace('"o"', `${'{"a":'.repeat(500_000)}1${'}'.repeat(500_000)}`),
      422,
    ],
    ['many names', `{${Array.from({ length: 300_000 }, (_, i) => `"n${i}":1`).join()}}`, 422],
    [
      'many properties',
      JSON.stringify({
        ...good(1),
        properties: Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`n${i}`, 1])),
      }),
      422,
    ],
    ['a long string', JSON.stringify({ ...good(1), text: 'x'.repeat(4_000_000) }), 422],
    ['a long id', JSON.stringify({ ...good(1), customerId: 'x'.repeat(4_000_000) }), 422],
    ['a long name', JSON.stringify({ ...good(1), ['x'.repeat(4_000_000)]: 1 }), 422],
    ['a long number', `{"a":${'9'.repeat(4_000_000)}}`, 422],
    ['a million spaces and nothing', ' '.repeat(1_000_000), 400],
    ['the most bytes that are taken', ' '.repeat(BODY_BYTES_MAX - 2) + '[]', 400],
  ])(
    'with %s are answered soon',
    async (_name, body, status) => {
      const start = performance.now();
      const answer = await server.send(server.request(body));
      expect(answer.status).toBe(status);
      expect(answer.body.length).toBeLessThan(20_000);
      expect(performance.now() - start).toBeLessThan(SLOW_MS);
    },
    20_000,
  );

  it('that are larger are refused, and who sends them to the end gets the answer', async () => {
    const bytes = server.request(' '.repeat(BODY_BYTES_MAX - 1) + '[]', '');
    const answers = answersIn(await exchange(server.url, [bytes], { quietMs: 1_000 }));
    answers.forEach((answer) => server.expectGood(answer));
    expect(answers.map((answer) => answer.status)).toEqual([413]);
  });

  const withText = (bytes: number[]): Buffer => {
    const [before = '', after = ''] = JSON.stringify({ ...good(7), touchpointId: 'odd', text: '#' }).split('#');
    return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
  };
  const whole = JSON.stringify(good(8));
  it.each<[string, Buffer, number]>([
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${whole}`), 200],
    ['UTF-16, little end first', Buffer.from(`\ufeff${whole}`, 'utf16le'), 400],
    ['UTF-16, big end first', Buffer.from(`\ufeff${whole}`, 'utf16le').swap16(), 400],
    ['a byte of Latin 1', withText([0xe4]), 400],
    ['an overlong slash', withText([0xc0, 0xaf]), 400],
    ['half of a surrogate pair as bytes', withText([0xed, 0xa0, 0x80]), 400],
    ['a character beyond Unicode', withText([0xf4, 0x90, 0x80, 0x80]), 400],
    ['half of a surrogate pair as an escape', withText([...Buffer.from('\\ud800')]), 422],
    ['NUL as an escape', withText([...Buffer.from('\\u0000')]), 422],
    ['NUL as a byte', withText([0]), 400],
    ['the replacement character, meant', withText([0xef, 0xbf, 0xbd]), 200],
    ['an emoji', withText([...Buffer.from('👍')]), 200],
  ])('in %s', async (_name, body, status) => {
    expect((await server.send(server.request(body))).status).toBe(status);
  });
});

it('leaves the server well, with what it said it stored', () => server.expectWell());
