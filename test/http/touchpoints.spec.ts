import type { FakeServer } from './fake-server';
import { startFake } from './fake-server';

const good = (more: object = {}): object => ({
  touchpointId: 't-1',
  customerId: 'c-1',
  type: 'purchase.completed',
  occurredAt: '2026-03-04T10:11:12Z',
  properties: { orderId: 'o-1', value: 10, currency: 'EUR' },
  ...more,
});

let fake: FakeServer;
beforeEach(async () => {
  fake = await startFake();
});
afterEach(() => fake.stop());

const post = (body: unknown, headers: { [name: string]: string } = {}): Promise<Response> =>
  fetch(`${fake.server.url}/v1/touchpoints`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

interface Answer {
  accepted: number;
  duplicates: number;
  rejected: number;
  position: number;
  results: {
    touchpointId: string | null;
    status: string;
    derivedId?: true;
    error?: { pointer: string; code: string; detail: string };
  }[];
  waited?: boolean;
  journeys?: object;
}

describe('POST /v1/touchpoints', () => {
  it('takes one object', async () => {
    const answer = await post(good());
    expect(answer.status).toBe(200);
    expect(answer.headers.get('rapport-position')).toBe('1');
    expect(await answer.json()).toEqual({
      accepted: 1,
      duplicates: 0,
      rejected: 0,
      position: 1,
      results: [{ touchpointId: 't-1', status: 'accepted' }],
    });
    expect(fake.engine.ingested[0]?.customerId).toBe('c-1');
  });

  it('keeps the good ones and says which were bad, in the order sent', async () => {
    const answer = await post([good(), good({ occurredAt: 'yesterday' }), 5, good({ touchpointId: 't "4"\\' })]);
    expect(answer.status).toBe(207);
    const body = (await answer.json()) as Answer;
    expect(body).toMatchObject({ accepted: 2, duplicates: 0, rejected: 2, position: 2 });
    expect(body.results.map((result) => [result.touchpointId, result.status])).toEqual([
      ['t-1', 'accepted'],
      ['t-1', 'rejected'],
      [null, 'rejected'],
      ['t "4"\\', 'accepted'],
    ]);
    expect(body.results[1]?.error).toMatchObject({ pointer: '#/1/occurredAt', code: 'badDate' });
    expect(body.results[2]?.error?.pointer).toBe('#/2');
  });

  it('answers 422 as a problem with the results where nothing was good', async () => {
    const answer = await post(good({ customerId: '' }));
    expect(answer.status).toBe(422);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    const body = (await answer.json()) as Answer & { code: string };
    expect(body).toMatchObject({ code: 'allRejected', status: 422, accepted: 0, rejected: 1, position: 0 });
    expect(body.results[0]?.error?.pointer).toBe('#/customerId');
    expect(fake.engine.ingested).toHaveLength(0);
  });

  it('tells an id that was derived from the content, the same for the same content', async () => {
    const bodies = await Promise.all(
      [1, 2].map(async () => (await (await post(good({ touchpointId: undefined }))).json()) as Answer),
    );
    expect(bodies[0]?.results[0]?.derivedId).toBe(true);
    expect(bodies[0]?.results[0]?.touchpointId).toBe(bodies[1]?.results[0]?.touchpointId);
  });

  it.each([
    ['[]', 400, 'invalidBody'],
    ['5', 400, 'invalidBody'],
    ['null', 400, 'invalidBody'],
    ['"text"', 400, 'invalidBody'],
    ['', 400, 'malformedJson'],
    ['{"customerId": }', 400, 'malformedJson'],
    [`[${'1,'.repeat(1000)}1]`, 400, 'invalidBody'],
  ])('refuses the body %#', async (body, status, code) => {
    const answer = await post(body);
    expect(answer.status).toBe(status);
    expect(((await answer.json()) as { code: string }).code).toBe(code);
  });

  it('says where the JSON breaks', async () => {
    const answer = await post('{"a": 1,\n "b": tru }');
    const body = (await answer.json()) as { detail: string; offset: number };
    expect(body.offset).toBe(15);
    expect(body.detail).toContain('Line 2, column 7');
  });

  it('refuses what is no UTF-8 instead of altering it', async () => {
    const answer = await fetch(`${fake.server.url}/v1/touchpoints`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Buffer.concat([Buffer.from('{"customerId":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
    });
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { detail: string }).detail).toContain('UTF-8');
  });

  it('answers 429 and 503 with Retry-After where the engine does not take it', async () => {
    fake.engine.refusal = { ok: false, reason: 'unavailable', detail: 'The disk is full.', retryAfterSeconds: 5 };
    const full = await post(good());
    expect([full.status, full.headers.get('retry-after')]).toEqual([503, '5']);
    fake.engine.refusal = { ok: false, reason: 'overloaded', detail: 'The queue is full.', retryAfterSeconds: 0.2 };
    const busy = await post(good());
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '1']);
  });

  it('waits where asked to, and says what became of each', async () => {
    fake.engine.outcome = ['accepted', 'duplicate', 'parked'];
    fake.engine.answers = () => ({ json: '{"stage":"customer","engagement":"active"}' });
    const answer = await post([good(), good(), good({ customerId: '__proto__' })], { prefer: 'respond-async, wait=5' });
    expect(answer.headers.get('preference-applied')).toBe('wait=5');
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ accepted: 2, duplicates: 1, waited: true });
    expect(text).toContain('"__proto__":{"stage":"customer","engagement":"active"}');
    expect((JSON.parse(text) as Answer).results.map((result) => result.status)).toEqual([
      'accepted',
      'duplicate',
      'parked',
    ]);
    expect(fake.engine.settled).toEqual([]);
  });

  it('settles the customers whose history came before it answers', async () => {
    fake.engine.answers = () => ({ json: '{"stage":"customer","engagement":"active"}' });
    await post([good(), good({ customerId: 'c-2', history: true })], { prefer: 'wait=5' });
    expect(fake.engine.settled).toEqual([['c-2']]);
  });

  it('says so where the wait ran out', async () => {
    fake.engine.shows = false;
    const body = (await (await post(good(), { prefer: 'wait=0' })).json()) as Answer;
    expect(body).toMatchObject({ accepted: 1, waited: false });
    expect(body.journeys).toBeUndefined();
  });
});
