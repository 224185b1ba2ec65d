import { faultsOf } from '../openapi/documented-answer';
import type { FakeServer } from './fake-server';
import { startFake } from './fake-server';

const ACTION = '0123456789abcdef0123456789abcdef';
const PATH = '/v1/inbound/email';

let fake: FakeServer;
beforeAll(async () => {
  fake = await startFake();
});
afterAll(() => fake.stop());
beforeEach(() => {
  fake.engine.ingested.length = 0;
  fake.engine.refusal = undefined;
  fake.engine.outcome = [];
  fake.engine.answers = (query) => ({
    found:
      (query.name === 'action' && query.params.action === ACTION) ||
      (query.name === 'customer' && query.params.customerId === 'ben'),
    json: '{"customerId":"anna"}',
  });
});

const bounce = { kind: 'bounce', reportId: 'r-1', at: '2026-03-04T10:11:12Z' };

async function report(body: object, headers: { [name: string]: string } = {}) {
  const sent = {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  };
  const answer = await fetch(`${fake.server.url}${PATH}`, sent);
  const text = await answer.text();
  expect(faultsOf('POST', PATH, answer.status, answer.headers.get('content-type') ?? '', text)).toEqual([]);
  return { status: answer.status, body: JSON.parse(text) as { [name: string]: unknown } };
}

it.each([
  [{ action: ACTION }, 'anna', { action: ACTION, campaignId: ACTION }],
  [{ messageId: `<${ACTION}@brand.example>` }, 'anna', { action: ACTION, campaignId: ACTION }],
  [{ customerId: 'ben' }, 'ben', {}],
  [{ customerId: 'ben', messageId: '<other@brand.example>' }, 'ben', {}],
])('what %j names becomes a touchpoint of %s', async (whose, customerId, properties) => {
  const answer = await report({ ...bounce, ...whose });
  expect(answer).toMatchObject({
    status: 200,
    body: { customerId, touchpointId: 'email-bounce-r-1', status: 'accepted', position: fake.engine.head },
  });
  expect(fake.engine.ingested).toMatchObject([
    { customerId, type: 'email.bounced', occurredAt: Date.UTC(2026, 2, 4, 10, 11, 12), properties },
  ]);
});

it('a reply brings its text, and waits for what becomes of it', async () => {
  fake.engine.outcome = ['duplicate'];
  const answer = await report({ ...bounce, kind: 'reply', action: ACTION, text: 'Gladly!' }, { prefer: 'wait=5' });
  expect(answer.body).toMatchObject({ status: 'duplicate', waited: true });
  expect(fake.engine.ingested).toMatchObject([{ type: 'email.replied', text: 'Gladly!' }]);
});

it.each([
  [{}, 400, '#/action'],
  [{ messageId: '<other@brand.example>' }, 400, '#/messageId'],
  [{ action: ACTION, customerId: 'ben' }, 400, '#/customerId'],
  [{ customerId: 'ben', at: '2999-01-01T00:00:00Z' }, 400, '#/at'],
  [{ customerId: 'ben', at: 'today' }, 400, '#/at'],
  [{ customerId: 'ben', reportId: 'a\nb' }, 400, '#/reportId'],
  [{ customerId: 'ben', kind: 'open' }, 400, '#/kind'],
  [{ customerId: 'ben', address: 'x@y.example' }, 400, '#/address'],
])('%j is refused, and says where', async (more, status, pointer) => {
  const answer = await report({ ...bounce, ...more });
  expect([answer.status, answer.body['errors']]).toMatchObject([status, [{ pointer }]]);
  expect(fake.engine.ingested).toEqual([]);
});

it('what nobody knows is a 404', async () => {
  expect((await report({ ...bounce, action: 'f'.repeat(32) })).body).toMatchObject({ code: 'unknownAction' });
  expect((await report({ ...bounce, customerId: 'nobody' })).body).toMatchObject({ code: 'unknownCustomer' });
});

it('what cannot be stored is a 503', async () => {
  fake.engine.refusal = { ok: false, reason: 'unavailable', detail: 'disk full', retryAfterSeconds: 3 };
  expect((await report({ ...bounce, action: ACTION })).body).toMatchObject({ code: 'unavailable' });
});
