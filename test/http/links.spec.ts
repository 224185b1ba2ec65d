/** The pages behind links, on the real HTTP side: what scanners, people, mail providers and strangers send. */
import { connect } from 'node:net';
import { type AnswerClaims, type AnyClaims, SealedLinks, sealedLinksOf } from '@rapport/engine';
import { faultsOf } from '../openapi/documented-answer';
import type { FakeServer } from './fake-server';
import { startFake } from './fake-server';

const PUBLIC_URL = 'https://links.brand.example';
const DAY = 86_400_000;
const ACTION = 'a'.repeat(32);

let fake: FakeServer;
let links: SealedLinks;
beforeAll(async () => {
  fake = await startFake({ PUBLIC_URL });
  links = sealedLinksOf(fake.engine.data, { publicUrl: PUBLIC_URL, linkSecrets: [] });
});
afterAll(() => fake.stop());
beforeEach(() => {
  fake.engine.ingested.length = 0;
  fake.engine.refusal = undefined;
  fake.engine.answers = () => ({ found: false });
});

const unsubscribe: AnyClaims = {
  ...{ kind: 'unsubscribe', customerId: 'anna', action: ACTION, play: 'welcome', purpose: 'relationship' },
  ...{ channel: 'email', what: '', expires: Date.now() + DAY },
};
const survey: AnswerClaims = {
  ...unsubscribe,
  ...{ kind: 'answer', channel: 'survey', what: 'first-nps', question: 'Would you recommend us?', choices: [] },
};
const pathOf = (claims: AnyClaims): string => links.link(claims).slice(PUBLIC_URL.length);
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

async function call(method: 'GET' | 'POST', path: string, body?: string, headers: { [name: string]: string } = FORM) {
  const sent = body === undefined ? {} : { body, headers };
  const answer = await fetch(`${fake.server.url}${path}`, { method, ...sent });
  const text = await answer.text();
  expect(faultsOf(method, path, answer.status, answer.headers.get('content-type') ?? '', text)).toEqual([]);
  return { status: answer.status, headers: answer.headers, text };
}

describe('GET', () => {
  it('shows what would be done, and does nothing', async () => {
    for (const claims of [unsubscribe, survey]) {
      const { status, text } = await call('GET', pathOf(claims));
      expect([status, text]).toEqual([200, expect.stringContaining('<form method="post">')]);
    }
    expect(fake.engine.ingested).toEqual([]);
    expect(fake.engine.commands).toEqual([]);
  });

  it('takes what trackers add to a link', async () => {
    expect((await call('GET', `${pathOf(unsubscribe)}?utm_source=mail`)).status).toBe(200);
  });

  it('lets a page load nothing and be kept by nobody', async () => {
    const { headers } = await call('GET', pathOf(survey));
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('POST', () => {
  it('unsubscribes by the one click of a mail provider, in both encodings', async () => {
    expect((await call('POST', pathOf(unsubscribe), 'List-Unsubscribe=One-Click')).status).toBe(200);
    const multipart = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n';
    const type = { 'content-type': 'multipart/form-data; boundary=b' };
    expect((await call('POST', pathOf(unsubscribe), multipart, type)).status).toBe(200);
    expect(fake.engine.ingested.map(({ type: of, properties }) => [of, properties])).toEqual(
      Array(2).fill(['consent.withdrawn', { purpose: 'relationship', channel: 'email', action: ACTION }]),
    );
  });

  it('unsubscribes by the button of the page, from everything where that is ticked', async () => {
    expect((await call('POST', pathOf(unsubscribe), '')).text).toContain('Done');
    await call('POST', pathOf(unsubscribe), 'everything=yes');
    const multipart = '--"x\r\nContent-Disposition: form-data; name="everything"\r\n\r\nyes\r\n--"x--';
    await call('POST', pathOf(unsubscribe), multipart, { 'content-type': 'multipart/form-data; boundary=""x' });
    await call('POST', pathOf(unsubscribe));
    expect(fake.engine.ingested.map(({ type }) => type)).toEqual([
      ...['consent.withdrawn', 'email.unsubscribed', 'consent.withdrawn', 'consent.withdrawn'],
    ]);
  });

  it('answers a survey as a touchpoint of the customer', async () => {
    const { status, text } = await call('POST', pathOf(survey), 'score=9&comment=Gern%21');
    expect([status, text]).toEqual([200, expect.stringContaining('Thank you for your answer')]);
    expect(fake.engine.ingested).toMatchObject([
      {
        ...{ customerId: 'anna', type: 'survey.answered', touchpointId: `${ACTION}-answer`, text: 'Gern!' },
        properties: { score: 9, kind: 'nps', action: ACTION },
      },
    ]);
  });

  it.each(['', 'score=11', 'comment=good', '__proto__=9', 'score=9&score=x'])(
    'asks again where the answer is %j',
    async (body) => {
      const { status, text } = await call('POST', pathOf(survey), body);
      expect([status, text]).toEqual([422, expect.stringContaining('Please choose a number.')]);
      expect(fake.engine.ingested).toEqual([]);
    },
  );

  it('thanks who has answered already, and stores nothing', async () => {
    fake.engine.answers = (query) => ({ found: query.name === 'touchpoint' && query.params.customerId === 'anna' });
    for (const body of [undefined, 'score=3', 'score=99']) {
      const { status, text } = await call(body === undefined ? 'GET' : 'POST', pathOf(survey), body);
      expect([status, text]).toEqual([200, expect.stringContaining('Thank you for your answer')]);
    }
    expect(fake.engine.ingested).toEqual([]);
  });

  it('says so where nothing could be stored', async () => {
    fake.engine.refusal = { ok: false, reason: 'unavailable', detail: 'disk full', retryAfterSeconds: 7 };
    const { status, headers, text } = await call('POST', pathOf(unsubscribe), '');
    expect([status, headers.get('retry-after')]).toEqual([503, '7']);
    expect(text).toContain('Please try again');
  });

  it.each(['application/json', 'text/plain'])('takes no %s', async (type) => {
    expect((await call('POST', pathOf(unsubscribe), '{}', { 'content-type': type })).status).toBe(415);
    expect(fake.engine.ingested).toEqual([]);
  });

  it('takes no more than a form', async () => {
    expect((await call('POST', pathOf(survey), `comment=${'x'.repeat(70_000)}`)).status).toBe(413);
  });
});

describe('links that are none', () => {
  it('say so: too old, changed, of another server, too long', async () => {
    const old = pathOf({ ...unsubscribe, expires: Date.now() - 1 });
    const strange = new SealedLinks(PUBLIC_URL, [Buffer.alloc(32, 9)]).link(unsubscribe).slice(PUBLIC_URL.length);
    const changed = `${pathOf(unsubscribe).slice(0, -2)}AA`;
    for (const method of ['GET', 'POST'] as const) {
      expect((await call(method, old)).text).toContain('too old');
      expect((await call(method, old)).status).toBe(410);
      for (const path of [strange, changed, '/l/x', '/l/%00'])
        expect([(await call(method, path)).status, path]).toEqual([404, path]);
      expect((await call(method, `/l/${'a'.repeat(6_200)}`)).status).toBe(414);
    }
    expect(fake.engine.ingested).toEqual([]);
  });

  it('are few: a token of six thousand characters is one', async () => {
    const choices = Array.from({ length: 10 }, (_, i) => `${i}${'語'.repeat(59)}`);
    const long = { ...survey, what: 'which', question: '問'.repeat(400), choices };
    expect(pathOf(long).length).toBeGreaterThan(4_000);
    const { status, text } = await call('GET', pathOf(long));
    expect([status, text]).toEqual([200, expect.stringContaining(choices[9]!)]);
  });
});

/** Fetch sets Host by itself. */
function raw(head: string): Promise<string> {
  const { hostname, port } = new URL(fake.server.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (bytes) => (text += bytes.toString()));
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
    socket.end(`${head}\r\nConnection: close\r\n\r\n`);
  });
}
const statusOf = (answer: string): number => Number(answer.split(' ')[1]);

describe('the host of PUBLIC_URL', () => {
  it('is answered for links, whatever page the form stands on, and for nothing else', async () => {
    const path = pathOf(unsubscribe);
    const host = 'Host: links.brand.example';
    const form = 'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0';
    expect(statusOf(await raw(`GET ${path} HTTP/1.1\r\n${host}`))).toBe(200);
    for (const origin of [PUBLIC_URL, 'null'])
      expect(statusOf(await raw(`POST ${path} HTTP/1.1\r\n${host}\r\nOrigin: ${origin}\r\n${form}`))).toBe(200);
    expect(statusOf(await raw(`GET ${path} HTTP/1.1\r\nHost: evil.example`))).toBe(403);
    for (const other of ['/v1/customers', '/docs', '/metrics', '/nothing', '/L/x', '//l/x', '/%6c/x'])
      expect([other, statusOf(await raw(`GET ${other} HTTP/1.1\r\n${host}`))]).toEqual([other, 403]);
    expect(statusOf(await raw(`GET /l/../v1/customers HTTP/1.1\r\n${host}`))).toBe(404);
  });

  it('never finds a token in the log', async () => {
    const ingest = fake.engine.ingest.bind(fake.engine);
    fake.engine.ingest = () => Promise.reject(new Error('broken'));
    const path = pathOf(unsubscribe);
    expect((await fetch(`${fake.server.url}${path}`, { method: 'POST' })).status).toBe(500);
    fake.engine.ingest = ingest;
    expect(JSON.stringify(fake.logged)).toContain('/l/...');
    expect(JSON.stringify(fake.logged)).not.toContain(path.slice(3, 30));
  });
});
