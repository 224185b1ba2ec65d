import { connect } from 'node:net';
import type { FakeServer } from './fake-server';
import { startFake } from './fake-server';

let fake: FakeServer;
beforeAll(async () => {
  fake = await startFake({
    RAPPORT_BODY_BYTES_MAX: '4096',
    RAPPORT_REQUESTS_IN_FLIGHT_MAX: '3',
    RAPPORT_HEADERS_TIMEOUT_MS: '300',
  });
});
afterAll(() => fake.stop());

/** Sends bytes as they are; resolves with everything that came until the server closed or was quiet. */
function raw(request: string, quietMs = 5_000): Promise<string> {
  const { hostname, port } = new URL(fake.server.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.setTimeout(quietMs, () => socket.destroy());
    socket.on('data', (bytes) => (text += bytes.toString()));
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
    socket.write(request);
  });
}

const post = (headers: string, body: string): string =>
  `POST /v1/touchpoints HTTP/1.1\r\n${headers}Connection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const host = (): string => `Host: ${new URL(fake.server.url).host}\r\n`;
const json = 'Content-Type: application/json\r\n';
const status = (answer: string): number => Number(answer.split(' ')[1]);
const isProblem = (answer: string): void =>
  expect(answer.toLowerCase()).toContain('content-type: application/problem+json');

describe('what a web page could send', () => {
  it('is refused by its host', async () => {
    const answer = await raw(post(`Host: evil.example\r\n${json}`, '{}'));
    expect(status(answer)).toBe(403);
    isProblem(answer);
    expect(status(await raw('GET /v1/customers HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'))).toBe(
      403,
    );
    expect(status(await raw('GET /nothing HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'))).toBe(403);
  });

  it('is refused by its origin, also as a preflight', async () => {
    expect(status(await raw(post(`${host()}Origin: http://evil.example\r\n${json}`, '{}')))).toBe(403);
    expect(status(await raw(post(`${host()}Origin: null\r\n${json}`, '{}')))).toBe(403);
    expect(status(await raw(post(`${host()}Origin: ${fake.server.url}\r\n${json}`, '{}')))).toBe(422);
    const preflight = await raw(
      `OPTIONS /v1/touchpoints HTTP/1.1\r\n${host()}Origin: http://evil.example\r\nAccess-Control-Request-Method: POST\r\nConnection: close\r\n\r\n`,
    );
    expect(status(preflight)).toBe(403);
    expect(preflight.toLowerCase()).not.toContain('access-control-allow');
  });

  it.each([
    '',
    'Content-Type: text/plain\r\n',
    'Content-Type: application/x-www-form-urlencoded\r\n',
    'Content-Type: multipart/form-data; boundary=x\r\n',
    'Content-Type: application/jsonp\r\n',
    'Content-Type: application/json; charset=utf-16\r\n',
    'Content-Type: application/json\r\nContent-Encoding: gzip\r\n',
    `Content-Type: application/json${' '.repeat(20_000)}x\r\n`,
  ])('is refused where it is no JSON (%#)', async (type) => {
    const answer = await raw(post(`${host()}${type}`, '{}'));
    expect(status(answer)).toBe(415);
    isProblem(answer);
  });

  it('is taken with the charset that JSON has', async () => {
    expect(status(await raw(post(`${host()}Content-Type: application/json; charset=UTF-8\r\n`, '{}')))).toBe(422);
  });
});

describe('limits', () => {
  it('refuses a large body before it is read, and a chunked one as soon as it is too large', async () => {
    const large = await raw(
      `POST /v1/touchpoints HTTP/1.1\r\n${host()}${json}Connection: close\r\nContent-Length: 5000\r\n\r\n`,
    );
    expect(status(large)).toBe(413);
    isProblem(large);
    const chunk = `1000\r\n${' '.repeat(0x1000)}\r\n`;
    const chunked = await raw(
      `POST /v1/touchpoints HTTP/1.1\r\n${host()}${json}Transfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`,
    );
    expect(status(chunked)).toBe(413);
    isProblem(chunked);
  });

  it('answers 429 while too many are being answered, and goes on after', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    fake.engine.answers = () => gate.then(() => ({}));
    const held = Array.from({ length: 3 }, () => fetch(`${fake.server.url}/v1/counts`));
    while (fake.engine.asked.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    const refused = await fetch(`${fake.server.url}/v1/counts`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    release();
    expect((await Promise.all(held)).map((answer) => answer.status)).toEqual([200, 200, 200]);
    expect((await fetch(`${fake.server.url}/v1/counts`)).status).toBe(200);
  });

  it('ends a request that comes too slowly', async () => {
    const answer = await raw(`GET /v1/counts HTTP/1.1\r\n${host()}X-Slow: `);
    expect(status(answer)).toBe(408);
    isProblem(answer);
  });

  it('answers what is no HTTP with a problem', async () => {
    const broken = await raw('this is no HTTP\r\n\r\n');
    expect(status(broken)).toBe(400);
    isProblem(broken);
    const large = await raw(`GET / HTTP/1.1\r\n${host()}X-Large: ${'x'.repeat(40_000)}\r\n\r\n`);
    expect(status(large)).toBe(431);
    isProblem(large);
  });
});

describe('routes', () => {
  it.each([
    ['GET', '/nothing', 404, null],
    ['GET', '/v1/customers/', 404, null],
    ['DELETE', '/v1/touchpoints', 405, 'POST'],
    ['POST', '/v1/customers', 405, 'GET'],
    ['PUT', '/v1/customers/c-1', 405, 'GET'],
    ['PATCH', '/v1/parked/1/retry', 405, 'POST'],
    ['OPTIONS', '/v1/customers', 405, 'GET'],
    ['HEAD', '/v1/touchpoints', 405, 'POST'],
    ['QUERY', '/v1/counts', 405, 'GET'],
    ['GET', '/v1/clock?x=1', 405, 'POST'],
  ])('%s %s is %i', async (method, path, expected, allow) => {
    const answer = await fetch(`${fake.server.url}${path}`, { method });
    expect(answer.status).toBe(expected);
    expect(answer.headers.get('allow')).toBe(allow);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });
});
