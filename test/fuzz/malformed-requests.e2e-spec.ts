/** Requests that no client library sends to the real server: odd URLs, broken HTTP, connections that end half way. */
import fc from 'fast-check';
import { BOUNDED, FuzzedServer, good, JSON_HEADER } from './fuzzed-server';
import { answersIn, exchange, sendAndReset } from './raw-http';
import type { RawAnswer } from './raw-http';

let server: FuzzedServer;
beforeAll(async () => {
  server = await FuzzedServer.start();
}, 60_000);
afterAll(() => server.process.stopAndForget(), 30_000);

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
        const answer = await server.send(`GET ${url} HTTP/1.1\r\n${server.host}Connection: close\r\n\r\n`);
        expect([200, 400, 404, 414]).toContain(answer.status);
      }),
      BOUNDED,
    );
  }, 60_000);

  it('of any length, and with any number of parameters', async () => {
    const get = (path: string): Promise<RawAnswer> =>
      server.send(`GET ${path} HTTP/1.1\r\n${server.host}Connection: close\r\n\r\n`);
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
        `POST /v1/touchpoints HTTP/1.1\r\n${own}${JSON_HEADER}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      [400],
    ],
    [
      'two lengths',
      (own) => `POST /v1/touchpoints HTTP/1.1\r\n${own}${JSON_HEADER}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
      [400],
    ],
    [
      'a negative length',
      (own) => `POST /v1/touchpoints HTTP/1.1\r\n${own}${JSON_HEADER}Content-Length: -1\r\n\r\n{}`,
      [400],
    ],
    [
      'a length that is no number',
      (own) => `POST /v1/touchpoints HTTP/1.1\r\n${own}${JSON_HEADER}Content-Length: 2, 2\r\n\r\n{}`,
      [400],
    ],
    [
      'a chunk without a size',
      (own) => `POST /v1/touchpoints HTTP/1.1\r\n${own}${JSON_HEADER}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`,
      [400],
    ],
    [
      'an unknown transfer coding',
      (own) => `POST /v1/touchpoints HTTP/1.1\r\n${own}${JSON_HEADER}Transfer-Encoding: gzip\r\n\r\n{}`,
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
      (own) => `POST /v1/touchpoints HTTP/1.1\r\n${own}${JSON_HEADER}Expect: something\r\nContent-Length: 2\r\n\r\n{}`,
      [417],
    ],
    [
      'a body on a question',
      (own) => `GET /v1/counts HTTP/1.1\r\n${own}${JSON_HEADER}Connection: close\r\nContent-Length: 2\r\n\r\n{}`,
      [200],
    ],
  ])('with %s', async (_name, build, statuses) => {
    const answers = answersIn(await exchange(server.url, [build(server.host)]));
    expect(answers.length).toBeGreaterThan(0);
    expect(statuses).toContain(answers[0]?.status);
  });

  it('of random bytes is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
        const answers = answersIn(await exchange(server.url, [Buffer.from(bytes), '\r\n\r\n']));
        for (const answer of answers) expect(answer.status).toBe(400);
      }),
      { ...BOUNDED, numRuns: Math.ceil(BOUNDED.numRuns / 5) },
    );
  }, 60_000);
});

describe('connections', () => {
  const body = (id: string): string => JSON.stringify({ ...good(1), touchpointId: id });

  it('that are half closed after a whole request get their answer or none', async () => {
    for (const bytes of [server.request('{}'), Buffer.from(`GET /v1/counts HTTP/1.1\r\n${server.host}\r\n`)]) {
      const answers = answersIn(await exchange(server.url, [bytes], { halfClose: true }));
      answers.forEach((answer) => server.expectGood(answer));
      expect(answers.length).toBeLessThanOrEqual(1);
    }
  });

  it('that are half closed or silent in the middle of a request are ended, and nothing is stored', async () => {
    const bytes = server.request(body('never'));
    for (const cut of [10, 60, bytes.length - 5]) {
      for (const halfClose of [true, false]) {
        const answers = answersIn(await exchange(server.url, [bytes.subarray(0, cut)], { halfClose, quietMs: 8_000 }));
        for (const answer of answers) expect([400, 408]).toContain(answer.status);
      }
    }
  }, 60_000);

  it('that are reset anywhere harm nobody', async () => {
    const bytes = server.request(`[${Array.from({ length: 200 }, () => '5').join()}]`);
    await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        sendAndReset(server.url, bytes.subarray(0, Math.ceil((bytes.length * (i + 1)) / 50))),
      ),
    );
    await Promise.all(
      Array.from({ length: 20 }, () =>
        sendAndReset(server.url, `GET /v1/stage-changes/stream?from=beginning HTTP/1.1\r\n${server.host}\r\n`),
      ),
    );
  });

  it('with several requests at once are answered in their order', async () => {
    const first = Buffer.from(
      `GET /v1/counts HTTP/1.1\r\n${server.host}\r\nGET /nothing HTTP/1.1\r\n${server.host}\r\n`,
    );
    const answers = answersIn(await exchange(server.url, [first, server.request(body('pipelined'))]));
    answers.forEach((answer) => server.expectGood(answer));
    expect(answers.map((answer) => answer.status)).toEqual([200, 404, 200]);
  });

  it('that come byte by byte are understood', async () => {
    const bytes = server.request(body('dripped'));
    const drops = Array.from({ length: bytes.length }, (_, i) => bytes.subarray(i, i + 1));
    expect((await server.send(drops[0] ?? '', drops.slice(1))).status).toBe(200);
  });
});

it('leaves the server well, with what it said it stored', () => server.expectWell());
