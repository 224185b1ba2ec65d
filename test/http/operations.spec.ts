import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { CannotListen, readConfiguration, readServerFile, startServer } from '../../apps/server/src';
import { FakeEngine } from './fake-engine';
import type { FakeServer } from './fake-server';
import { startFake } from './fake-server';

let fake: FakeServer;
beforeEach(async () => {
  fake = await startFake();
});
afterEach(() => fake.stop());

const get = (path: string): Promise<Response> => fetch(`${fake.server.url}${path}`);

describe('health', () => {
  it('is live and ready', async () => {
    expect(await (await get('/health/live')).json()).toEqual({ status: 'live' });
    expect(await (await get('/health/ready')).json()).toMatchObject({ status: 'ready', lagEvents: 0 });
  });

  it('shows that dispatch has failed, and takes touchpoints all the same', async () => {
    const failure = { detail: 'dispatch stopped: no room', since: 0, nextTry: 60_000 };
    fake.engine.overlay = {
      dispatch: { unarmed: null, open: 3, underWay: 0, pausedChannels: [], position: 8, restarts: 2, failure },
    };
    const answer = await get('/health/ready');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      dispatch: { open: 3, restarts: 2, failure: { detail: failure.detail, nextTry: '1970-01-01T00:01:00.000Z' } },
    });
    expect(await (await get('/metrics')).text()).toMatch(/rapport_dispatch_up 0\n[^]*rapport_dispatch_failed 1\n/);
  });

  it('says every reason why it is not ready', async () => {
    fake.engine.overlay = {
      ready: false,
      unavailable: { detail: 'The disk is full.', since: 0 },
      clock: { suspect: true, detail: 'It jumped by 3 days.' },
    };
    const answer = await get('/health/ready');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    const { reasons } = (await answer.json()) as { reasons: string[] };
    expect(reasons).toHaveLength(3);
    expect(reasons.join(' ')).toContain('The disk is full.');
    expect((await get('/health/live')).status).toBe(200);
  });
});

it('shows its figures to Prometheus', async () => {
  fake.engine.overlay = {
    lagEvents: 5,
    lagSeconds: 0.25,
    unsettledCustomers: 3,
    parked: 2,
    timersDue: 4,
    fsync: { count: 9, p50: 1, p99: 2, max: 3 },
    dispatch: { unarmed: null, open: 6, underWay: 2, pausedChannels: [], position: 8, restarts: 1 },
  };
  fake.engine.effectsSet = { all: 'live', channels: { email: 'sandbox' }, by: 'ben' };
  const answer = await get('/metrics');
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=/);
  const text = await answer.text();
  for (const line of [
    'rapport_engine_lag_events 5',
    'rapport_engine_lag_seconds 0.25',
    'rapport_unsettled_customers 3',
    'rapport_parked_inputs 2',
    'rapport_timers_due 4',
    'rapport_log_fsyncs_total 9',
    'rapport_log_fsync_seconds{quantile="0.99"} 0.002',
    'rapport_sse_clients 0',
    'rapport_dispatch_up 1',
    'rapport_dispatch_failed 0',
    'rapport_dispatch_restarts 1',
    'rapport_dispatch_open_actions 6',
    'rapport_dispatch_attempts_under_way 2',
    'rapport_dispatch_armed 1',
    'rapport_effects{channel="email"} 1',
    'rapport_effects{channel="webhook"} 2',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
});

describe('docs', () => {
  it('serves the page and all that it loads, from here alone', async () => {
    const page = await get('/docs');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await page.text();
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)]
      .map((match) => match[1] ?? '')
      .filter((url) => !url.startsWith('data:'));
    expect(loaded.length).toBeGreaterThan(2);
    for (const url of loaded) {
      expect(url.startsWith('/')).toBe(true);
      expect((await get(url)).status).toBe(200);
    }
    expect((await get('/docs/assets/package.json')).status).toBe(404);
    expect((await get('/docs/assets/..%2Fpackage.json')).status).toBe(404);
  });

  it('explains every problem at the address that the problem names', async () => {
    const { type, code } = (await (await get('/nothing')).json()) as { type: string; code: string };
    const [path, anchor] = type.split('#');
    expect(anchor).toBe(code);
    expect(await (await get(path ?? '')).text()).toContain(`id="${code}"`);
  });
});

describe('start and stop', () => {
  it('says in one line where it listens and stores, and leaves a file for the command line', async () => {
    const line = fake.logged.find((entry) => entry.message.startsWith('Listening on'));
    expect(line).toMatchObject({ url: fake.server.url, data: fake.engine.data });
    expect(readServerFile(fake.engine.data)).toMatchObject({ pid: process.pid, url: fake.server.url });
    expect(readFileSync(join(fake.engine.data, 'server.json'), 'utf8')).toContain('startedAt');
    await fake.server.close();
    expect(existsSync(join(fake.engine.data, 'server.json'))).toBe(false);
  });

  it('finishes what it is answering, then closes the engine', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    fake.engine.answers = () => gate.then(() => ({ json: '{"late":true}' }));
    const answer = get('/v1/counts');
    while (fake.engine.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const stopped = fake.server.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(fake.engine.closed).toBe(0);
    release();
    expect(await (await answer).json()).toEqual({ late: true });
    await stopped;
    expect(fake.engine.closed).toBe(1);
    await expect(get('/health/live')).rejects.toThrow();
  });

  it('explains a port that is taken, and closes the engine', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const engine = new FakeEngine(fake.engine.data);
    const start = startServer(
      readConfiguration({ port }, {}, () => undefined),
      () => undefined,
      () => Promise.resolve(engine),
    );
    await expect(start).rejects.toThrow(CannotListen);
    expect(engine.closed).toBe(1);
    other.close();
  });
});
