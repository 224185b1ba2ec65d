/**
 * Everything that a broken or hostile client may send to the real server: wrong types, altered bytes, huge and deep bodies,
 * odd encodings, broken HTTP, half-closed connections. It must answer below 500, stay alive, and store what it said it stored.
 * RAPPORT_TEST_SEED repeats a run; RAPPORT_FUZZ_RUNS makes it longer.
 */
import fc from 'fast-check';
import { ServerProcess } from '../http/server-process';
import { answersIn, exchange, sendAndReset } from './raw-http';
import type { RawAnswer } from './raw-http';

const RUNS = Number(process.env['RAPPORT_FUZZ_RUNS'] ?? 150);
const SEED = process.env['RAPPORT_TEST_SEED'];
const bounded = { numRuns: RUNS, ...(SEED === undefined ? {} : { seed: Number(SEED) }) };
const BODY_BYTES_MAX = 8 * 1024 * 1024;
const SLOW_MS = 5_000;

let server: ServerProcess;
/** Touchpoints that answers called accepted. */
let accepted = 0;

beforeAll(async () => {
  server = await ServerProcess.start({ RAPPORT_HEADERS_TIMEOUT_MS: '1500', RAPPORT_REQUEST_TIMEOUT_MS: '2500' });
}, 60_000);
afterAll(() => server.stopAndForget(), 30_000);

const host = (): string => `Host: ${new URL(server.url).host}\r\n`;
const json = 'Content-Type: application/json\r\n';

function request(body: string | Buffer, end = 'Connection: close\r\n'): Buffer {
  const head = `POST /v1/touchpoints HTTP/1.1\r\n${host()}${json}${end}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)]);
}

/** Sends one request; the answer must be one, below 500, and a problem where it is an error. */
async function send(bytes: Buffer | string, parts: Buffer[] = []): Promise<RawAnswer> {
  const answers = answersIn(await exchange(server.url, [bytes, ...parts]));
  expect(answers).toHaveLength(1);
  const answer = answers[0] ?? { status: 0, headers: {}, body: '' };
  expectGood(answer);
  return answer;
}

function expectGood(answer: RawAnswer): void {
  if (answer.status >= 500) throw new Error(`${answer.status}: ${answer.body}`);
  if (answer.status >= 400) expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  if (answer.headers['content-type']?.includes('json') === true) JSON.parse(answer.body);
  if (answer.status === 200 || answer.status === 207)
    accepted += (JSON.parse(answer.body) as { accepted?: number }).accepted ?? 0;
}

const good = (n: number): { [name: string]: unknown } => ({
  touchpointId: `t-${n}`,
  customerId: `c-${n % 50}`,
  type: 'purchase.completed',
  channel: 'web',
  direction: 'inbound',
  occurredAt: '2026-03-04T10:11:12Z',
  source: 'shop',
  properties: { orderId: 'o', value: 1, currency: 'EUR' },
  text: 'words',
  actor: 'a',
  history: false,
});

describe('bodies', () => {
  it('of wrong types are refused item by item', async () => {
    const anything = fc.jsonValue({ maxDepth: 3 });
    const fields = [...Object.keys(good(0)), 'other', '__proto__', 'constructor'];
    const spoiled = fc
      .tuple(fc.nat(), fc.constantFrom(...fields), anything)
      .map(([n, name, value]): unknown => ({ ...good(n), [name]: value }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(spoiled, anything), { minLength: 1, maxLength: 5 }), async (body) => {
        const answer = await server.fetch<{ accepted: number; rejected: number }>(
          'POST',
          '/v1/touchpoints',
          JSON.stringify(body),
        );
        expect([200, 207, 422]).toContain(answer.status);
        expect(answer.body.accepted + answer.body.rejected).toBe(body.length);
        accepted += answer.body.accepted;
      }),
      bounded,
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
        expect([200, 207, 400, 422]).toContain((await send(request(body))).status);
      }),
      bounded,
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
      const answer = await send(request(body));
      expect(answer.status).toBe(status);
      expect(answer.body.length).toBeLessThan(20_000);
      expect(performance.now() - start).toBeLessThan(SLOW_MS);
    },
    20_000,
  );

  it('that are larger are refused, and who sends them to the end gets the answer', async () => {
    const bytes = request(' '.repeat(BODY_BYTES_MAX - 1) + '[]', '');
    const answers = answersIn(await exchange(server.url, [bytes], { quietMs: 1_000 }));
    answers.forEach(expectGood);
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
    expect((await send(request(body))).status).toBe(status);
  });
});

describe('URLs', () => {
  it('of any text are answered as documented or as unknown', async () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 20 }).map(encodeURIComponent),
      fc.constantFrom(
        '%00',
        '%ff',
        '%',
        '%zz',
        '..',
        '.',
        '%2e%2e',
        '%2F',
        '//',
        ';',
        '%F0%9F%91%8D',
        '[]',
        'a=b',
        '\\',
        '9'.repeat(40),
      ),
    );
    const names = [
      'limit',
      'cursor',
      'stage',
      'sort',
      'count',
      'inStageAtLeast',
      'lastTouchpointFrom',
      'to',
      'from',
      'until',
      'x',
    ];
    const path = fc.tuple(
      fc.constantFrom('/v1/customers', '/v1/stage-changes', '/v1/stages/report', '/v1/parked', '/v1', '/docs/assets'),
      fc.array(piece, { maxLength: 3 }),
    );
    const query = fc.array(fc.tuple(fc.constantFrom(...names), piece), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(path, query, async ([base, tail], pairs) => {
        const url =
          [base, ...tail].join('/') + (pairs.length > 0 ? `?${pairs.map((pair) => pair.join('=')).join('&')}` : '');
        const answer = await send(`GET ${url} HTTP/1.1\r\n${host()}Connection: close\r\n\r\n`);
        expect([200, 400, 404, 414]).toContain(answer.status);
      }),
      bounded,
    );
  }, 60_000);

  it('of any length, and with any number of parameters', async () => {
    const get = (path: string): Promise<RawAnswer> =>
      send(`GET ${path} HTTP/1.1\r\n${host()}Connection: close\r\n\r\n`);
    expect((await get(`/v1/customers/${'x'.repeat(20_000)}`)).status).toBe(414);
    expect((await get(`/v1/customers?${'stage=x&'.repeat(3_000)}`)).status).toBe(400);
    expect((await get(`/${'a/'.repeat(10_000)}`)).status).toBe(404);
    expect((await get(`/v1/customers?${'x'.repeat(40_000)}`)).status).toBe(431);
  });
});

describe('HTTP itself', () => {
  it.each<[string, (host: string) => string, number[]]>([
    ['no Host', () => `GET /v1/counts HTTP/1.1\r\nConnection: close\r\n\r\n`, [403]],
    ['no Host in HTTP/1.0', () => `GET /v1/counts HTTP/1.0\r\n\r\n`, [403]],
    [
      'two Hosts',
      (own) => `GET /v1/counts HTTP/1.1\r\n${own}Host: evil.example\r\nConnection: close\r\n\r\n`,
      [200, 400, 403],
    ],
    ['an unknown method', (own) => `BREW /v1/counts HTTP/1.1\r\n${own}Connection: close\r\n\r\n`, [400]],
    ['a method in lower case', (own) => `get /v1/counts HTTP/1.1\r\n${own}Connection: close\r\n\r\n`, [400]],
    ['an unknown version', (own) => `GET /v1/counts HTTP/9.9\r\n${own}\r\n`, [400]],
    [
      'a whole URL of another host',
      (own) => `GET http://evil.example/v1/counts HTTP/1.1\r\n${own}Connection: close\r\n\r\n`,
      [200, 403],
    ],
    [
      'a length and chunks',
      (own) =>
        `POST /v1/touchpoints HTTP/1.1\r\n${own}${json}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      [400],
    ],
    [
      'two lengths',
      (own) => `POST /v1/touchpoints HTTP/1.1\r\n${own}${json}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
      [400],
    ],
    ['a negative length', (own) => `POST /v1/touchpoints HTTP/1.1\r\n${own}${json}Content-Length: -1\r\n\r\n{}`, [400]],
    [
      'a length that is no number',
      (own) => `POST /v1/touchpoints HTTP/1.1\r\n${own}${json}Content-Length: 2, 2\r\n\r\n{}`,
      [400],
    ],
    [
      'a chunk without a size',
      (own) => `POST /v1/touchpoints HTTP/1.1\r\n${own}${json}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`,
      [400],
    ],
    [
      'an unknown transfer coding',
      (own) => `POST /v1/touchpoints HTTP/1.1\r\n${own}${json}Transfer-Encoding: gzip\r\n\r\n{}`,
      [400, 413, 415],
    ],
    [
      'a header folded over two lines',
      (own) => `GET /v1/counts HTTP/1.1\r\n${own}X: a\r\n b\r\nConnection: close\r\n\r\n`,
      [200, 400],
    ],
    [
      'a control character in a header',
      (own) => `GET /v1/counts HTTP/1.1\r\n${own}X: a\u0001b\r\nConnection: close\r\n\r\n`,
      [400],
    ],
    [
      'a thousand headers',
      (own) => `GET /v1/counts HTTP/1.1\r\n${own}${'X: y\r\n'.repeat(3_000)}Connection: close\r\n\r\n`,
      [200, 431],
    ],
    [
      'an upgrade',
      (own) => `GET /v1/counts HTTP/1.1\r\n${own}Connection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n`,
      [200],
    ],
    [
      'an expectation',
      (own) => `POST /v1/touchpoints HTTP/1.1\r\n${own}${json}Expect: something\r\nContent-Length: 2\r\n\r\n{}`,
      [417],
    ],
    [
      'a body on a question',
      (own) => `GET /v1/counts HTTP/1.1\r\n${own}${json}Connection: close\r\nContent-Length: 2\r\n\r\n{}`,
      [200],
    ],
  ])('with %s', async (_name, build, statuses) => {
    const answers = answersIn(await exchange(server.url, [build(host())]));
    expect(answers.length).toBeGreaterThan(0);
    expect(statuses).toContain(answers[0]?.status);
  });

  it('of random bytes is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
        const answers = answersIn(await exchange(server.url, [Buffer.from(bytes), '\r\n\r\n']));
        for (const answer of answers) expect(answer.status).toBe(400);
      }),
      { ...bounded, numRuns: Math.ceil(RUNS / 5) },
    );
  }, 60_000);
});

describe('connections', () => {
  const body = (id: string): string => JSON.stringify({ ...good(1), touchpointId: id });

  it('that are half closed after a whole request get their answer or none', async () => {
    for (const bytes of [request('{}'), Buffer.from(`GET /v1/counts HTTP/1.1\r\n${host()}\r\n`)]) {
      const answers = answersIn(await exchange(server.url, [bytes], { halfClose: true }));
      answers.forEach(expectGood);
      expect(answers.length).toBeLessThanOrEqual(1);
    }
  });

  it('that are half closed or silent in the middle of a request are ended, and nothing is stored', async () => {
    const bytes = request(body('never'));
    for (const cut of [10, 60, bytes.length - 5]) {
      for (const halfClose of [true, false]) {
        const answers = answersIn(await exchange(server.url, [bytes.subarray(0, cut)], { halfClose, quietMs: 8_000 }));
        for (const answer of answers) expect([400, 408]).toContain(answer.status);
      }
    }
  }, 60_000);

  it('that are reset anywhere harm nobody', async () => {
    const bytes = request(`[${Array.from({ length: 200 }, () => '5').join()}]`);
    await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        sendAndReset(server.url, bytes.subarray(0, Math.ceil((bytes.length * (i + 1)) / 50))),
      ),
    );
    await Promise.all(
      Array.from({ length: 20 }, () =>
        sendAndReset(server.url, `GET /v1/stage-changes/stream?from=beginning HTTP/1.1\r\n${host()}\r\n`),
      ),
    );
  });

  it('with several requests at once are answered in their order', async () => {
    const first = Buffer.from(`GET /v1/counts HTTP/1.1\r\n${host()}\r\nGET /nothing HTTP/1.1\r\n${host()}\r\n`);
    const answers = answersIn(await exchange(server.url, [first, request(body('pipelined'))]));
    answers.forEach(expectGood);
    expect(answers.map((answer) => answer.status)).toEqual([200, 404, 200]);
  });

  it('that come byte by byte are understood', async () => {
    const bytes = request(body('dripped'));
    const drops = Array.from({ length: bytes.length }, (_, i) => bytes.subarray(i, i + 1));
    expect((await send(drops[0] ?? '', drops.slice(1))).status).toBe(200);
  });
});

describe('after all that', () => {
  it('the server is well, holds no stream, and stored exactly what it said', async () => {
    expect((await server.fetch('GET', '/health/ready')).status).toBe(200);
    const metrics = (await server.fetch('GET', '/metrics')).text;
    expect(metrics).toContain('\nrapport_sse_clients 0\n');
    expect(metrics).toContain('\nrapport_http_requests_in_flight 1\n');
    expect(metrics).toContain(`\nrapport_ingested_total ${accepted}\n`);
    expect(server.output).not.toContain('"level":"error"');
  });
});
