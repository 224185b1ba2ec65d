import { EFFECTS_AT_FIRST } from '@rapport/engine';
import { faultsOf } from '../openapi/documented-answer';
import type { FakeServer } from './fake-server';
import { startFake } from './fake-server';

let fake: FakeServer;
beforeAll(async () => {
  fake = await startFake();
});
afterAll(() => fake.stop());
beforeEach(() => {
  fake.engine.effectsSet = EFFECTS_AT_FIRST;
  fake.engine.unarmed = null;
  fake.engine.refusal = undefined;
  fake.engine.overlay = {};
});

interface Answer {
  status: number;
  body: { [name: string]: unknown };
}

/** Every answer is held against the document. */
async function call(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
  const sent = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const answer = await fetch(`${fake.server.url}${path}`, { method, ...sent });
  const text = await answer.text();
  expect(faultsOf(method, path, answer.status, answer.headers.get('content-type') ?? '', text)).toEqual([]);
  return { status: answer.status, body: JSON.parse(text) as Answer['body'] };
}

it('a server for everybody is told where its links lead, if it has plays', async () => {
  const remote = { HOST: '0.0.0.0', RAPPORT_ALLOW_REMOTE: 'true' };
  const said = async (environment: { [name: string]: string }, plays = true): Promise<string[]> => {
    const dispatch = { unarmed: null, open: 0, underWay: 0, pausedChannels: [], position: 0, restarts: 0 };
    const other = await startFake(environment, plays ? { dispatch } : {});
    await other.stop();
    return other.logged.map(({ message }) => message).filter((message) => message.includes('PUBLIC_URL'));
  };
  expect(await said(remote)).toEqual([expect.stringMatching(/localhost:[1-9]\d+, which/)]);
  expect(await said({ ...remote, PUBLIC_URL: 'https://hello.brand.example' })).toEqual([]);
  expect(await said({})).toEqual([]);
  expect(await said(remote, false)).toEqual([]);
});

describe('effects', () => {
  it('are shown for the whole and for each channel', async () => {
    fake.engine.effectsSet = { all: 'sandbox', channels: { email: 'off', chat: 'live' }, by: 'ann' };
    const { status, body } = await call('GET', '/v1/effects');
    expect(status).toBe(200);
    expect(body).toMatchObject({ all: 'sandbox', by: 'ann', armed: true, unarmed: null, detail: null });
    expect(body['channels']).toMatchObject({
      email: { set: 'off', mode: 'off' },
      chat: { set: 'live', mode: 'sandbox' },
      webhook: { set: null, mode: 'sandbox' },
    });
  });

  it('say which channels reach nobody, once they are live', async () => {
    fake.engine.gaps = [{ channel: 'email', lacks: 'server', problem: 'no SMTP server', mend: 'set SMTP_HOST' }];
    expect((await call('POST', '/v1/effects', { by: 'ann', all: 'sandbox' })).body).toMatchObject({ warnings: [] });
    const { body } = await call('POST', '/v1/effects', { by: 'ann', all: 'live' });
    expect(body).toMatchObject({ warnings: ['email: no SMTP server. Mend: set SMTP_HOST.'] });
    fake.engine.gaps = [];
  });

  it('are set for the whole, for a channel, and for a channel no more; the rest stays', async () => {
    const set = async (body: object): Promise<unknown> => {
      const answer = await call('POST', '/v1/effects', { by: 'ben', ...body });
      expect(answer).toMatchObject({ status: 200, body: { position: fake.engine.head } });
      return fake.engine.effectsSet;
    };
    expect(await set({ channels: { email: 'live', chat: 'off' } })).toEqual({
      ...{ all: 'sandbox', channels: { email: 'live', chat: 'off' }, by: 'ben' },
    });
    expect(await set({ all: 'live' })).toMatchObject({ all: 'live', channels: { email: 'live', chat: 'off' } });
    expect(await set({ channels: { chat: null } })).toMatchObject({ all: 'live', channels: { email: 'live' } });
    expect(await set({ all: 'off' })).toMatchObject({ all: 'off', channels: { email: 'live' } });
    const { body } = await call('GET', '/v1/effects');
    const channels = Object.values(body['channels'] as { [name: string]: { mode: string } });
    expect(new Set(channels.map(({ mode }) => mode))).toEqual(new Set(['off']));
  });

  it('lose nothing where two are set at once', async () => {
    await Promise.all([
      call('POST', '/v1/effects', { by: 'ben', channels: { email: 'off' } }),
      call('POST', '/v1/effects', { by: 'ann', channels: { chat: 'off' } }),
    ]);
    expect(fake.engine.effectsSet.channels).toEqual({ email: 'off', chat: 'off' });
  });

  it.each([
    [{}, '#'],
    [{ all: 'on' }, '#/all'],
    [{ channels: {} }, '#/channels'],
    [{ channels: { pigeon: 'live' } }, '#/channels'],
    [{ channels: { email: 'on' } }, '#/channels'],
    [{ channels: ['email'] }, '#/channels'],
    [{ every: 'off' }, '#/every'],
  ])('%j is refused, and says where', async (body, pointer) => {
    const answer = await call('POST', '/v1/effects', { by: 'ben', ...body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalidBody', errors: [{ pointer }] } });
    expect(fake.engine.effectsSet).toEqual(EFFECTS_AT_FIRST);
  });

  it('say that they could not be stored', async () => {
    fake.engine.refusal = { ok: false, reason: 'unavailable', detail: 'The disk is full.', retryAfterSeconds: 2 };
    expect((await call('POST', '/v1/effects', { by: 'ben', all: 'off' })).status).toBe(503);
    expect((await call('POST', '/v1/arm', { by: 'ben' })).status).toBe(503);
  });
});

describe('arming', () => {
  it('says why nothing leaves, and that it may again', async () => {
    fake.engine.unarmed = 'otherPlace';
    const { body } = await call('GET', '/v1/arm');
    expect(body).toMatchObject({ armed: false, unarmed: 'otherPlace' });
    expect(body['detail']).toMatch(/copy of a store.*rapport arm/);
    const effects = await call('GET', '/v1/effects');
    expect(effects.body).toMatchObject({ all: 'sandbox', armed: false, channels: { email: { mode: 'off' } } });
    expect(await call('POST', '/v1/arm', { by: 'ben' })).toMatchObject({
      status: 200,
      body: { armed: true, detail: null },
    });
    expect((await call('POST', '/v1/arm', {})).body).toMatchObject({ errors: [{ pointer: '#/by' }] });
  });
});

describe('the status', () => {
  it('has the figures, dispatch and effects', async () => {
    expect((await call('GET', '/v1/status')).body).toMatchObject({
      ...{ ready: true, unavailable: null, dispatch: null, effects: { all: 'sandbox', armed: true } },
    });
    const failure = { detail: 'dispatch stopped: no room', since: 0, nextTry: 60_000 };
    fake.engine.overlay = {
      unavailable: { detail: 'The disk is full.', since: 0 },
      clock: { suspect: false, detail: '' },
      dispatch: { unarmed: null, open: 3, underWay: 0, pausedChannels: [], position: 8, restarts: 2, failure },
    };
    expect((await call('GET', '/v1/status')).body).toMatchObject({
      unavailable: { detail: 'The disk is full.', since: '1970-01-01T00:00:00.000Z' },
      dispatch: { open: 3, failure: { nextTry: '1970-01-01T00:01:00.000Z' } },
    });
  });
});
