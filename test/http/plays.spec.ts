import type { Query } from '@rapport/engine';
import { faultsOf } from '../openapi/documented-answer';
import type { FakeServer } from './fake-server';
import { startFake } from './fake-server';

let fake: FakeServer;
beforeAll(async () => {
  fake = await startFake();
});
afterAll(() => fake.stop());
beforeEach(() => {
  fake.engine.asked.length = 0;
  fake.engine.commands.length = 0;
  fake.engine.paused.length = 0;
  fake.engine.commandAnswer = undefined;
  fake.engine.answers = () => ({});
});

interface Answer {
  status: number;
  position: string | null;
  body: { [name: string]: unknown };
}

/** Every answer is held against the document. */
async function call(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
  const sent = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const answer = await fetch(`${fake.server.url}${path}`, { method, ...sent });
  const text = await answer.text();
  expect(faultsOf(method, path, answer.status, answer.headers.get('content-type') ?? '', text)).toEqual([]);
  const position = answer.headers.get('rapport-position');
  return { status: answer.status, position, body: JSON.parse(text) as Answer['body'] };
}

const LIST = '{"items":[],"position":3,"asOf":"2026-03-04T10:11:12.345Z"}';
const ACTION = 'a1b2';

/** The engine knows one action, of anna. */
const knowsOneAction = (query: Query): object => ({
  found: query.name !== 'action' || query.params.action === ACTION,
  json: '{"customerId":"anna"}',
});

describe('questions about plays', () => {
  it.each([
    ['/v1/plays', { name: 'plays', params: {} }],
    ['/v1/enrolments?play=welcome&phase=waiting&customerId=anna&limit=9', enrolments({ customerId: 'anna' })],
    ['/v1/customers/anna/enrolments?play=welcome&phase=waiting&limit=9', enrolments({ customerId: 'anna' })],
    [
      '/v1/actions?state=inDoubt&state=failed&channel=email&play=welcome&customerId=anna&team=sales&assignee=ben&cursor=x',
      {
        name: 'actions',
        params: {
          ...{ state: ['inDoubt', 'failed'], channel: ['email'], play: ['welcome'], customerId: 'anna' },
          ...{ team: 'sales', assignee: 'ben', limit: 50, cursor: 'x' },
        },
      },
    ],
    [
      '/v1/tasks?team=sales',
      { name: 'actions', params: { state: ['requested'], channel: ['task'], team: 'sales', limit: 50 } },
    ],
    ['/v1/tasks?state=delivered', { name: 'actions', params: { state: ['delivered'], channel: ['task'], limit: 50 } }],
  ])('%s is asked of the engine', async (path, query) => {
    fake.engine.answers = () => ({ json: LIST, position: 3 });
    expect(await call('GET', path)).toMatchObject({ status: 200, position: '3', body: { items: [], position: 3 } });
    expect(fake.engine.asked).toEqual([query]);
  });

  it.each([
    ['/v1/plays/nothing', 'unknownPlay'],
    ['/v1/actions/nothing', 'unknownAction'],
    ['/v1/customers/nobody/enrolments', 'unknownCustomer'],
    ['/v1/customers/nobody/ledger', 'unknownCustomer'],
    ['/v1/customers/nobody/why-not?play=welcome', 'unknownCustomer'],
    ['/v1/enrolments?customerId=nobody', 'unknownCustomer'],
    ['/v1/tasks?customerId=nobody', 'unknownCustomer'],
  ])('%s is a 404 with the position that it is true for', async (path, code) => {
    fake.engine.answers = () => ({ found: false, position: 8, json: '' });
    expect(await call('GET', path)).toMatchObject({ status: 404, position: '8', body: { code, position: 8 } });
  });

  it('why-not says whether it is the play that is unknown', async () => {
    fake.engine.answers = (query) => ({ found: query.name === 'customer', position: 8, json: '' });
    const { body } = await call('GET', '/v1/customers/anna/why-not?play=nothing');
    expect(body).toMatchObject({ code: 'unknownPlay', position: 8 });
  });

  it.each([
    '/v1/actions?state=lost',
    '/v1/actions?channel=pigeon',
    '/v1/actions?limit=0',
    '/v1/tasks?channel=email',
    '/v1/enrolments?phase=over',
    '/v1/customers/anna/why-not',
    '/v1/plays?limit=1',
    `/v1/actions/${'a'.repeat(33)}`,
  ])('%s is refused', async (path) => {
    expect(await call('GET', path)).toMatchObject({ status: 400, body: { code: 'invalidParameter' } });
  });
});

function enrolments(more: object): object {
  return { name: 'enrolments', params: { play: 'welcome', phase: 'waiting', limit: 9, ...more } };
}

describe('commands to plays', () => {
  beforeEach(() => (fake.engine.answers = knowsOneAction));
  const who = { by: 'ben', commandId: 'c-1' };

  it.each([
    [
      '/v1/plays/welcome/enrolments',
      { customerId: 'anna', override: true },
      { command: 'enrol', play: 'welcome', override: true },
    ],
    [
      '/v1/plays/welcome/enrolments/stop',
      { customerId: 'anna', reason: 'moved' },
      { command: 'stop', play: 'welcome', reason: 'moved' },
    ],
    [
      `/v1/actions/${ACTION}/retry`,
      { override: true, reason: 'urgent' },
      { command: 'retry', action: ACTION, override: true, reason: 'urgent' },
    ],
    [
      `/v1/actions/${ACTION}/resolve`,
      { delivered: false, at: '2026-03-04T10:00:00Z', reason: 'asked' },
      { command: 'resolve', action: ACTION, delivered: false, at: Date.UTC(2026, 2, 4, 10), reason: 'asked' },
    ],
    [`/v1/tasks/${ACTION}/claim`, { for: '2h' }, { command: 'claim', action: ACTION, for: 7_200_000 }],
    [`/v1/tasks/${ACTION}/give-back`, {}, { command: 'giveBack', action: ACTION }],
    [
      `/v1/tasks/${ACTION}/reassign`,
      { team: 'sales', to: 'cleo' },
      { command: 'reassign', action: ACTION, team: 'sales', to: 'cleo' },
    ],
    [
      `/v1/tasks/${ACTION}/finish`,
      { outcome: 'done', note: 'called' },
      { command: 'finish', action: ACTION, outcome: 'done', note: 'called' },
    ],
  ])('%s goes to the customer and is answered with its position', async (path, body, command) => {
    const answer = await call('POST', path, { ...who, ...body });
    expect(answer).toMatchObject({ status: 200, body: { position: fake.engine.head } });
    expect(answer.position).toBe(String(fake.engine.head));
    expect(fake.engine.commands).toEqual([{ customerId: 'anna', ...who, ...command }]);
  });

  it('get a name of their own where the caller gives none', async () => {
    await call('POST', `/v1/tasks/${ACTION}/claim`, { by: 'ben' });
    await call('POST', `/v1/tasks/${ACTION}/claim`, { by: 'ben' });
    const names = fake.engine.commands.map((command) => command.commandId);
    expect(new Set(names).size).toBe(2);
  });

  it('that the fold refuses are a 409 with its reason', async () => {
    fake.engine.commandAnswer = {
      ok: false,
      refused: 'claimedByOther',
      detail: 'cleo has it until noon.',
      position: 12,
    };
    const { status, position, body } = await call('POST', `/v1/tasks/${ACTION}/claim`, who);
    expect([status, position]).toEqual([409, '12']);
    expect(body).toMatchObject({
      ...{ code: 'commandRefused', because: 'claimedByOther', detail: 'cleo has it until noon.', position: 12 },
    });
  });

  it('of an unknown customer or action are a 404', async () => {
    fake.engine.commandAnswer = { ok: false, refused: 'unknownCustomer', detail: 'none' };
    const enrol = { ...who, customerId: 'nobody' };
    expect((await call('POST', '/v1/plays/welcome/enrolments', enrol)).body).toMatchObject({ code: 'unknownCustomer' });
    expect((await call('POST', '/v1/tasks/other/claim', who)).body).toMatchObject({ code: 'unknownAction' });
    expect(fake.engine.commands).toHaveLength(1);
  });

  it('that are not decided in time are a 503', async () => {
    fake.engine.commandAnswer = { ok: false, reason: 'unavailable', detail: 'not decided yet', retryAfterSeconds: 1 };
    expect((await call('POST', `/v1/tasks/${ACTION}/claim`, who)).body).toMatchObject({ code: 'unavailable' });
  });

  it.each([
    ['/v1/plays/welcome/enrolments', {}, '#/customerId'],
    ['/v1/plays/welcome/enrolments', { customerId: 'anna', override: 'true' }, '#/override'],
    ['/v1/plays/welcome/enrolments/stop', { customerId: 'anna' }, '#/reason'],
    [`/v1/tasks/${ACTION}/claim`, { for: '2 hours' }, '#/for'],
    [`/v1/tasks/${ACTION}/claim`, { commandId: 'x'.repeat(65) }, '#/commandId'],
    [`/v1/tasks/${ACTION}/finish`, { outcome: 'gone' }, '#/outcome'],
    [`/v1/tasks/${ACTION}/finish`, {}, '#/outcome'],
    [`/v1/actions/${ACTION}/resolve`, { delivered: true, reason: 'x', at: 'today' }, '#/at'],
    [`/v1/actions/${ACTION}/retry`, { why: 'x' }, '#/why'],
  ])('%s with %j is refused, and says where', async (path, body, pointer) => {
    const answer = await call('POST', path, { by: 'ben', ...body });
    expect(answer.status).toBe(400);
    expect((answer.body['errors'] as { pointer: string }[]).map((error) => error.pointer)).toEqual([pointer]);
    expect(fake.engine.commands).toEqual([]);
  });

  it('need somebody who asks', async () => {
    const { body } = await call('POST', `/v1/tasks/${ACTION}/give-back`, {});
    expect(body).toMatchObject({ code: 'invalidBody', errors: [{ pointer: '#/by' }] });
  });
});

describe('pauses', () => {
  it.each([
    ['/v1/plays/welcome/pause', ['play', 'welcome', true, 'ben']],
    ['/v1/plays/welcome/resume', ['play', 'welcome', false, 'ben']],
    ['/v1/channels/email/pause', ['channel', 'email', true, 'ben']],
    ['/v1/channels/email/resume', ['channel', 'email', false, 'ben']],
  ])('%s is on disk when it is answered', async (path, paused) => {
    const answer = await call('POST', path, { by: 'ben' });
    expect(answer).toMatchObject({ status: 200, body: { position: fake.engine.head } });
    expect(fake.engine.paused).toEqual([paused]);
  });

  it('of channels are listed with where messages go', async () => {
    const state = (body: { [name: string]: unknown }) =>
      Object.fromEntries(
        (body['items'] as { channel: string; paused: boolean | null }[]).map((one) => [one.channel, one.paused]),
      );
    expect(state((await call('GET', '/v1/channels')).body)).toMatchObject({ email: null, task: null });
    const dispatch = { unarmed: null, open: 0, underWay: 0, position: 4, pausedChannels: ['email'], restarts: 0 };
    fake.engine.overlay = { dispatch };
    const answer = await call('GET', '/v1/channels');
    fake.engine.overlay = {};
    expect(answer).toMatchObject({ status: 200, position: '4' });
    expect(state(answer.body)).toMatchObject({ email: true, task: false });
  });

  it('are refused for a play or a channel that nobody knows', async () => {
    fake.engine.answers = () => ({ found: false, json: '' });
    expect((await call('POST', '/v1/plays/nothing/pause', { by: 'ben' })).body).toMatchObject({ code: 'unknownPlay' });
    expect((await call('POST', '/v1/channels/pigeon/pause', { by: 'ben' })).status).toBe(400);
    expect(fake.engine.paused).toEqual([]);
  });
});
