/** The whole of it over HTTP: the built server, its real store, one request after another, each held against the document. */
import { changesOf } from './change-reader';
import type { ChangeItem, CustomerItem, IngestBody, ListBody } from './answers.types';
import { ServerProcess } from './server-process';

const DAY_MS = 86_400_000;
const before = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();

const purchase = (customerId: string, id: string, days: number, more: object = {}): object => ({
  touchpointId: id,
  customerId,
  type: 'purchase.completed',
  occurredAt: before(days),
  properties: { orderId: id, value: 25, currency: 'EUR' },
  ...more,
});

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start();
}, 60_000);
afterAll(() => server.stopAndForget(), 30_000);

const waiting = { prefer: 'wait=20' };
const ingest = (body: unknown, headers: { [name: string]: string } = waiting) =>
  server.fetch<IngestBody>('POST', '/v1/touchpoints', body, headers);

describe('an empty store', () => {
  it.each(['since', 'lastTouchpoint', 'id'])('answers every filter, sorted by %s', async (sort) => {
    const moment = before(1);
    for (const filter of [
      'stage=x',
      'engagement=active',
      'channel=x',
      'kind=partner',
      'inStageAtLeast=1d',
      `lastTouchpointFrom=${moment}`,
      'count=true',
    ]) {
      const list = await server.fetch<ListBody<CustomerItem>>('GET', `/v1/customers?sort=${sort}&${filter}`);
      expect(list.body.items).toEqual([]);
    }
  });

  it('answers every other question', async () => {
    const period = `from=${before(9)}&until=${before(1)}`;
    for (const path of [
      'counts',
      'parked',
      'definition',
      'stage-changes',
      'engagement-changes',
      `stages/report?${period}`,
    ]) {
      expect((await server.fetch('GET', `/v1/${path}`)).status).toBe(200);
    }
  });
});

describe('a customer climbs', () => {
  it('is a lead, then a customer, then loyal, each at once for who waits', async () => {
    const visit = { touchpointId: 'v', customerId: 'anna', type: 'store.visited', occurredAt: before(9) };
    expect((await ingest(visit)).body.journeys).toEqual({ anna: { stage: 'lead', engagement: 'active' } });
    expect((await ingest(purchase('anna', 'p1', 3))).body.journeys['anna']?.stage).toBe('customer');
    const loyal = await ingest([purchase('anna', 'p2', 2), purchase('anna', 'p3', 1)]);
    expect(loyal.body.journeys['anna']?.stage).toBe('loyal');
    expect(loyal.headers.get('preference-applied')).toBe('wait=20');
  });

  it('shows the same in every view, each with its position', async () => {
    const one = await server.fetch<{
      stage: string;
      rungs: { stage: string; holds: boolean }[];
      totals: { purchases: number };
    }>('GET', '/v1/customers/anna');
    expect(one.body).toMatchObject({ stage: 'loyal', totals: { purchases: 3 } });
    expect(one.body.rungs.map((rung) => [rung.stage, rung.holds])).toEqual([
      ['lead', true],
      ['customer', true],
      ['loyal', true],
      ['advocate', false],
    ]);
    const why = await server.fetch<{ stage: string; evidence: { rule: string }; next: { stage: string } }>(
      'GET',
      '/v1/customers/anna/why',
    );
    expect(why.body).toMatchObject({ stage: 'loyal', evidence: { rule: 'loyal.enter' }, next: { stage: 'advocate' } });
    const timeline = await server.fetch<ListBody<{ kind: string }>>('GET', '/v1/customers/anna/timeline');
    expect(timeline.body.items.filter((item) => item.kind === 'touchpoint')).toHaveLength(4);
    const changes = await server.fetch<ListBody<ChangeItem>>('GET', '/v1/stage-changes?customerId=anna');
    expect(changes.body.items.map((change) => [change.from, change.to])).toEqual([
      [null, 'lead'],
      ['lead', 'customer'],
      ['customer', 'loyal'],
    ]);
    expect(Number(changes.headers.get('rapport-position'))).toBe(changes.body.position);
  });

  it('finds a repeat out where the request waits, and parks other content under a known id', async () => {
    const again = purchase('bert', 'p1', 3);
    expect((await ingest(again)).body.results[0]?.status).toBe('accepted');
    const repeat = await ingest(again);
    expect(repeat.body).toMatchObject({ accepted: 0, duplicates: 1, results: [{ status: 'duplicate' }] });
    const other = await ingest({ ...again, channel: 'web' });
    expect(other.body.results[0]?.status).toBe('parked');
    const parked = await server.fetch<ListBody<{ position: number; customerId: string; reason: string }>>(
      'GET',
      '/v1/parked',
    );
    expect(parked.body.items).toMatchObject([{ customerId: 'bert', reason: 'conflict' }]);
    const position = parked.body.items[0]?.position ?? 0;
    expect((await server.fetch('POST', `/v1/parked/${position}/retry`, undefined, waiting)).body).toMatchObject({
      waited: true,
    });
    expect((await server.fetch('POST', `/v1/parked/999999/retry`)).status).toBe(404);
  });

  it('derives an id from the content, so that a repeat without an id is a repeat', async () => {
    const visit = { customerId: 'carl', type: 'store.visited', occurredAt: before(5) };
    expect((await ingest(visit)).body.results[0]).toMatchObject({ status: 'accepted', derivedId: true });
    expect((await ingest(visit)).body.results[0]?.status).toBe('duplicate');
  });

  it('settles history before it answers who waits', async () => {
    const history = { history: true };
    const answer = await ingest([purchase('dora', 'h1', 400, history), purchase('dora', 'h2', 390, history)]);
    expect(answer.body.journeys['dora']?.stage).toBe('customer');
    const changes = await server.fetch<ListBody<ChangeItem>>('GET', '/v1/stage-changes?customerId=dora&history=true');
    expect(changes.body.items.map((change) => change.to)).toEqual(['customer']);
    expect((await server.fetch('POST', '/v1/history/settle', {}, waiting)).body).toMatchObject({ waited: true });
  });
});

describe('lists', () => {
  it('page through everybody once, with an exact total', async () => {
    await ingest(
      Array.from({ length: 25 }, (_, i) => ({
        touchpointId: 'x',
        customerId: `list-${i}`,
        type: 'web.visited',
        occurredAt: before(1),
      })),
    );
    const seen: string[] = [];
    let cursor = '';
    let pages = 0;
    let total: number;
    do {
      const page = await server.fetch<ListBody<CustomerItem>>(
        'GET',
        `/v1/customers?limit=10&count=true${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      seen.push(...page.body.items.map((item) => item.customerId));
      cursor = page.body.nextCursor ?? '';
      total = page.body.total?.customers ?? 0;
      pages++;
    } while (cursor !== '');
    expect(pages).toBeGreaterThan(2);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(total);
  });

  it('refuse a cursor that is none, or one of another list', async () => {
    const page = await server.fetch<ListBody<CustomerItem>>('GET', '/v1/customers?limit=1');
    const cursor = encodeURIComponent(page.body.nextCursor ?? '');
    expect((await server.fetch('GET', '/v1/customers?cursor=nonsense')).status).toBe(400);
    expect((await server.fetch('GET', `/v1/customers?stage=lead&cursor=${cursor}`)).status).toBe(400);
    expect((await server.fetch('GET', `/v1/parked?cursor=${cursor}`)).status).toBe(400);
  });

  it('filter by every parameter, in every order', async () => {
    for (const sort of ['since', '-since', 'lastTouchpoint', '-lastTouchpoint', 'id', '-id']) {
      const filters = [
        'stage=loyal',
        'engagement=active',
        'kind=person',
        'channel=web',
        'inStageAtMost=1d',
        `lastTouchpointFrom=${before(30)}`,
      ];
      for (const filter of ['', ...filters]) {
        const list = await server.fetch<ListBody<CustomerItem>>(
          'GET',
          `/v1/customers?sort=${sort}&limit=3&count=true&${filter}`,
        );
        expect(list.status).toBe(200);
        expect(list.body.items.length).toBe(Math.min(3, list.body.total?.customers ?? -1));
      }
    }
  });

  it('add up: the report, the counts and the lists', async () => {
    const period = `from=${before(1000)}&until=${new Date(Date.now() + DAY_MS).toISOString()}`;
    const report = await server.fetch<{
      stages: { stage: string; opening: number; in: number; out: number; closing: number }[];
    }>('GET', `/v1/stages/report?${period}`);
    const counts = await server.fetch<{ stages: { stage: string; customers: number }[]; total: number }>(
      'GET',
      '/v1/counts',
    );
    for (const { stage, opening, in: came, out, closing } of report.body.stages) {
      expect(opening + came - out).toBe(closing);
      const listed = await server.fetch<ListBody<CustomerItem>>('GET', `/v1/customers?stage=${stage}&count=true`);
      expect(listed.body.total).toEqual({ customers: closing, exact: true });
      const counted = counts.body.stages
        .filter((place) => place.stage === stage)
        .reduce((sum, place) => sum + place.customers, 0);
      expect(counted).toBe(closing);
    }
  });

  it('has the definition, the counts and the changes of engagement', async () => {
    expect((await server.fetch('GET', '/v1/definition')).body).toMatchObject({
      version: 1,
      stages: ['lead', 'customer', 'loyal', 'advocate'],
    });
    // Dora bought a year ago and has been silent since.
    const lapsed = await server.fetch<ListBody<ChangeItem>>('GET', '/v1/engagement-changes?to=lapsed');
    expect(lapsed.body.items.map((change) => change.customerId)).toEqual(['dora']);
    expect((await server.fetch('GET', '/v1/customers/nobody')).status).toBe(404);
  });
});

describe('live streams', () => {
  it('show a change within moments of its touchpoint', async () => {
    let sent = 0;
    const changes = await changesOf(server.url, '/v1/stage-changes/stream?customerId=emil', 1, {}, () => {
      sent = Date.now();
      void ingest(purchase('emil', 'p1', 1), {});
    });
    expect(changes).toMatchObject([{ customerId: 'emil', from: null, to: 'customer', history: false }]);
    expect(Date.now() - sent).toBeLessThan(2_000);
  });

  it('go on after the last event that a client has seen, with nothing lost or twice', async () => {
    const all = await changesOf(server.url, '/v1/stage-changes/stream?from=beginning', 3);
    const first = all[0]?.position ?? 0;
    const rest = await changesOf(server.url, '/v1/stage-changes/stream', 2, { 'last-event-id': String(first) });
    expect(rest.slice(0, 2).map((change) => change.position)).toEqual(all.slice(1, 3).map((change) => change.position));
  });
});

describe('the process', () => {
  it('answers health, metrics and docs as documented', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics', '/openapi.json', '/docs', '/docs/problems']) {
      expect((await server.fetch('GET', path)).status).toBe(200);
    }
  });

  it('refuses a second server on the same store, and says why', async () => {
    const second = await ServerProcess.refused({ PORT: '0', RAPPORT_DATA: server.folder });
    expect(second.code).toBe(5);
    expect(second.output).toContain('in use by the process');
    expect(second.output).not.toContain('    at ');
  }, 30_000);

  it('refuses a faulty configuration with every fault, without a stack', async () => {
    const { code, output } = await ServerProcess.refused({ PORT: 'x', HOST: '0.0.0.0', LOG_LEVEL: 'loud' });
    expect(code).toBe(2);
    for (const name of ['PORT', 'HOST', 'LOG_LEVEL']) expect(output).toContain(`${name}:`);
    expect(output).not.toContain('    at ');
  }, 30_000);

  it('ends on SIGTERM with code 0, and knows everything when it is back', async () => {
    const position = (await server.fetch<ListBody<CustomerItem>>('GET', '/v1/customers')).body.position;
    expect(server.serverFile()).toContain(server.url);
    let opened = (): void => undefined;
    const open = new Promise<void>((resolve) => (opened = resolve));
    const ended = expect(changesOf(server.url, '/v1/stage-changes/stream', 1, {}, () => opened())).rejects.toThrow(
      'ended',
    );
    await open;
    expect(await server.stop()).toBe(0);
    await ended;
    expect(server.serverFile()).toBeUndefined();
    server = await ServerProcess.start({}, server.folder);
    const again = await server.fetch<{ stage: string; position: number }>('GET', '/v1/customers/anna');
    expect(again.body.stage).toBe('loyal');
    expect(again.body.position).toBeGreaterThanOrEqual(position);
  }, 60_000);
});
