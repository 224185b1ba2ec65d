import { BadQuery } from '@rapport/engine';
import type { FakeServer } from './fake-server';
import { startFake } from './fake-server';

let fake: FakeServer;
beforeAll(async () => {
  fake = await startFake();
});
afterAll(() => fake.stop());
beforeEach(() => {
  fake.engine.asked.length = 0;
  fake.engine.answers = () => ({});
});

const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${fake.server.url}${path}`, init);
const problem = async (
  path: string,
  init: RequestInit = {},
): Promise<{ [name: string]: unknown } & { httpStatus: number }> => {
  const answer = await get(path, init);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const body = (await answer.json()) as { [name: string]: unknown };
  expect(body).toMatchObject({ status: answer.status, instance: path.split('?')[0] });
  expect(typeof body['requestId']).toBe('string');
  return { ...body, httpStatus: answer.status };
};

describe('GET /v1/customers', () => {
  it('asks with the defaults', async () => {
    const answer = await get('/v1/customers');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('rapport-position')).toBe('0');
    expect(fake.engine.asked[0]).toEqual({
      name: 'customers',
      params: { sort: 'id', descending: false, count: false, limit: 50 },
    });
  });

  it('reads every filter', async () => {
    const query =
      'stage=loyal&stage=advocate&engagement=at%20risk&kind=person&channel=web&inStageAtLeast=30d&inStageAtMost=2w' +
      '&lastTouchpointFrom=2026-01-01T00:00:00Z&lastTouchpointTo=2026-01-01T01:00:00%2B01:00&sort=-lastTouchpoint&count=true&limit=9999&cursor=abc';
    expect((await get(`/v1/customers?${query}`)).status).toBe(200);
    const january = Date.UTC(2026, 0, 1);
    expect(fake.engine.asked[0]?.params).toEqual({
      stage: ['loyal', 'advocate'],
      engagement: ['at risk'],
      kind: ['person'],
      channel: ['web'],
      inStageAtLeast: 30 * 86_400_000,
      inStageAtMost: 14 * 86_400_000,
      lastFrom: january,
      lastTo: january,
      sort: 'lastTouchpoint',
      descending: true,
      count: true,
      limit: 500,
      cursor: 'abc',
    });
  });

  it.each([
    'limit=0',
    'limit=-1',
    'limit=ten',
    'limit=',
    'limit=1&limit=2',
    'limit=1.5',
    'count=yes',
    'sort=name',
    'engagement=keen',
    'kind=robot',
    'stage=',
    'inStageAtLeast=30',
    'inStageAtLeast=P30D',
    'lastTouchpointFrom=2026-01-01',
    'lastTouchpointFrom=2026-01-01T00:00:00',
    'cursor=',
    'sort=id&sort=id',
    'constructor=1',
    '__proto__=1',
    'toString=1',
    'stage[]=loyal',
  ])('refuses %s', async (query) => {
    expect(await problem(`/v1/customers?${query}`)).toMatchObject({ httpStatus: 400, code: 'invalidParameter' });
    expect(fake.engine.asked).toHaveLength(0);
  });

  it('takes a limit of any length as the greatest', async () => {
    await get(`/v1/customers?limit=${'9'.repeat(300)}`);
    expect(fake.engine.asked[0]?.params).toMatchObject({ limit: 500 });
  });

  it('says what was probably meant, and lists every fault', async () => {
    const body = await problem('/v1/customers?stagee=loyal&limit=x');
    expect(body['errors']).toHaveLength(2);
    expect(body['detail']).toContain('Did you mean "stage"?');
  });

  it('hands on what the engine says of a cursor', async () => {
    fake.engine.answers = () => {
      throw new BadQuery('cursor', 'belongs to another filter');
    };
    expect(await problem('/v1/customers?cursor=x')).toMatchObject({
      httpStatus: 400,
      code: 'invalidParameter',
      detail: 'cursor: belongs to another filter',
    });
  });

  it('answers 500 without the details of a fault, and logs them', async () => {
    fake.engine.answers = () => {
      throw new Error('secret inside');
    };
    const body = await problem('/v1/customers');
    expect(body.httpStatus).toBe(500);
    expect(JSON.stringify(body)).not.toContain('secret');
    const entry = fake.logged.find((line) => line.level === 'error');
    expect(entry?.['requestId']).toBe(body['requestId']);
  });
});

describe('one customer', () => {
  it.each([
    ['', 'customer'],
    ['/timeline', 'timeline'],
    ['/why', 'why'],
  ])('asks for %s', async (tail, name) => {
    await get(`/v1/customers/${encodeURIComponent('c/1 ä')}${tail}`);
    expect(fake.engine.asked[0]).toMatchObject({ name, params: { customerId: 'c/1 ä' } });
  });

  it('answers 404 with the position where there is none', async () => {
    fake.engine.answers = () => ({ found: false, position: 17, json: '{}' });
    expect(await problem('/v1/customers/nobody')).toMatchObject({
      httpStatus: 404,
      code: 'unknownCustomer',
      position: 17,
    });
  });

  it('refuses an id that is too long, and a path that is badly encoded', async () => {
    expect(await problem(`/v1/customers/${'x'.repeat(129)}`)).toMatchObject({ httpStatus: 400 });
    expect(await problem('/v1/customers/%E0%A4%A')).toMatchObject({ httpStatus: 400, code: 'malformedRequest' });
    expect((await get(`/v1/customers/${'x'.repeat(7_000)}`)).status).toBe(414);
  });
});

describe('changes, report and the rest', () => {
  it('reads the filters of the changes', async () => {
    await get(
      '/v1/stage-changes?to=loyal&from=customer&customerId=c&history=false&atFrom=2026-01-01T00:00:00Z&atUntil=2026-02-01T00:00:00Z&limit=1',
    );
    expect(fake.engine.asked[0]).toMatchObject({
      name: 'changes',
      params: {
        axis: 'stage',
        to: ['loyal'],
        from: ['customer'],
        customerId: 'c',
        history: false,
        atUntil: Date.UTC(2026, 1, 1),
        limit: 1,
      },
    });
    await get('/v1/engagement-changes?to=lapsed');
    expect(fake.engine.asked[1]).toMatchObject({ name: 'changes', params: { axis: 'engagement', to: ['lapsed'] } });
    expect((await problem('/v1/engagement-changes?to=loyal')).httpStatus).toBe(400);
  });

  it('wants both ends of a report, the later one last', async () => {
    expect((await get('/v1/stages/report?from=2026-01-01T00:00:00Z&until=2026-02-01T00:00:00Z')).status).toBe(200);
    expect((await problem('/v1/stages/report?from=2026-01-01T00:00:00Z'))['errors']).toEqual([
      { pointer: 'until', detail: 'is required', code: 'invalid' },
    ]);
    expect((await problem('/v1/stages/report?until=2026-01-01T00:00:00Z&from=2026-02-01T00:00:00Z')).httpStatus).toBe(
      400,
    );
  });

  it.each(['counts', 'definition', 'parked'])('asks for %s', async (name) => {
    expect((await get(`/v1/${name}`)).status).toBe(200);
    expect(fake.engine.asked[0]?.name).toBe(name);
    expect((await problem(`/v1/${name}?nothing=1`)).httpStatus).toBe(400);
  });
});

describe('commands', () => {
  const post = (
    path: string,
    body?: unknown,
    headers: { [name: string]: string } = {},
  ): RequestInit & { path: string } => ({
    path,
    method: 'POST',
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const send = ({ path, ...init }: RequestInit & { path: string }): Promise<Response> => get(path, init);

  it('settles everybody, or these', async () => {
    fake.engine.settled.length = 0;
    const answer = await send(post('/v1/history/settle'));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ position: fake.engine.head, asOf: '2026-03-04T10:11:12.345Z' });
    const waited = await send(post('/v1/history/settle', { customerIds: ['a', 'b'] }, { prefer: 'wait=2' }));
    expect(await waited.json()).toMatchObject({ waited: true });
    expect(waited.headers.get('preference-applied')).toBe('wait=2');
    expect(fake.engine.settled).toEqual([undefined, ['a', 'b']]);
  });

  it.each([
    [[]],
    [{ customerIds: [] }],
    [{ customerIds: [1] }],
    [{ customerIds: 'a' }],
    [{ customerIds: null }],
    [{ customerIds: [''] }],
    [{ customers: ['a'] }],
    ['text'],
    [null],
  ])('refuses to settle %j', async (body) => {
    const { path, ...init } = post('/v1/history/settle', body);
    expect(await problem(path, init)).toMatchObject({ httpStatus: 400, code: 'invalidBody' });
  });

  it('retries what is parked', async () => {
    expect((await send(post('/v1/parked/7/retry'))).status).toBe(200);
    const { path, ...init } = post('/v1/parked/8/retry');
    expect(await problem(path, init)).toMatchObject({ httpStatus: 404, code: 'notParked' });
    for (const bad of ['0', '-1', 'x', '99999999999999999999', '1.5']) {
      const { path: badPath, ...badInit } = post(`/v1/parked/${bad}/retry`);
      expect(await problem(badPath, badInit)).toMatchObject({ httpStatus: 400, code: 'invalidParameter' });
    }
  });

  it('judges the clock', async () => {
    expect((await send(post('/v1/clock', { believe: true }))).status).toBe(200);
    expect(fake.engine.judged).toEqual([true]);
    for (const bad of [{}, { believe: 'true' }, { believe: null }]) {
      const { path, ...init } = post('/v1/clock', bad);
      expect(await problem(path, init)).toMatchObject({ httpStatus: 400, code: 'invalidBody' });
    }
    const { path, ...init } = post('/v1/clock');
    expect(await problem(path, init)).toMatchObject({ httpStatus: 400 });
  });

  it('answers 503 where a command cannot be stored', async () => {
    fake.engine.refusal = { ok: false, reason: 'unavailable', detail: 'The disk is full.', retryAfterSeconds: 5 };
    const { path, ...init } = post('/v1/history/settle');
    expect(await problem(path, init)).toMatchObject({ httpStatus: 503, detail: 'The disk is full.' });
    fake.engine.refusal = undefined;
  });
});
