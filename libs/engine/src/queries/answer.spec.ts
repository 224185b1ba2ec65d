import { DEFAULT_DEFINITION_TEXT } from '@rapport/journey';
import { BadQuery, type CustomersParams, type Query } from '../rapport.types';
import { answer, type QuerySources } from './answer';
import { type AskedStore, DAY, openAskedStore, START } from './asked-store';

const NOW = '2026-01-01T00:00:00.000Z';

type Json = { [name: string]: unknown };
type Item = { [name: string]: string | number | boolean | null };

let store: AskedStore;
let sources: QuerySources;

beforeAll(() => {
  store = openAskedStore();
  sources = store.sources;
});
afterAll(() => store.close());

function ask(query: Query): Json & { items: Item[] } {
  const given = answer(query, sources);
  expect(given.found).toBe(true);
  const json = JSON.parse(given.json) as Json & { items: Item[] };
  expect(json.position).toBe(given.position);
  expect(json.asOf).toBe(NOW);
  return json;
}

const LIST: CustomersParams = { sort: 'id', descending: false, count: false, limit: 50 };
const customers = (more: Partial<CustomersParams> = {}) => ask({ name: 'customers', params: { ...LIST, ...more } });

describe('the list of customers', () => {
  it('shows each with where it stands', () => {
    expect(customers().items).toEqual([
      {
        customerId: 'anna',
        stage: 'advocate',
        stageSince: NOW,
        engagement: 'active',
        engagementSince: new Date(START - 90 * DAY).toISOString(),
        kind: 'partner',
        lastTouchpointAt: NOW,
        lastChannel: 'web',
        touchpoints: 5,
        unsettled: false,
      },
      expect.objectContaining({ customerId: 'ben', stage: 'lead', kind: 'person', touchpoints: 1, unsettled: false }),
      expect.objectContaining({ customerId: 'cleo', stage: null, stageSince: null, engagement: null, unsettled: true }),
    ]);
  });

  it('goes on after a page, and refuses a cursor of another list', () => {
    const first = customers({ limit: 2, count: true });
    expect(first.total).toEqual({ customers: 3, exact: true });
    const cursor = first.nextCursor as string;
    const second = customers({ limit: 2, cursor });
    expect(second.items.map((item) => item.customerId)).toEqual(['cleo']);
    expect(second).not.toHaveProperty('nextCursor');
    for (const bad of [{ cursor, descending: true }, { cursor, stage: ['lead'] }, { cursor: 'x' }, { cursor: 'W10' }]) {
      expect(() => customers(bad)).toThrow(BadQuery);
    }
  });

  it('measures time in stage at the moment of its first page', () => {
    expect(customers({ inStageAtLeast: 1 }).items).toEqual([]);
    expect(customers({ inStageAtMost: 0 }).items.map((item) => item.customerId)).toEqual(['anna', 'ben']);
    expect(customers({ kind: ['partner'], channel: ['web'] }).items).toHaveLength(1);
  });
});

describe('one customer', () => {
  it('shows rungs, traits, totals and what comes next', () => {
    const { totals, rungs, traits, personal, nextChangeAt, openComplaints } = ask({
      name: 'customer',
      params: { customerId: 'anna' },
    });
    expect(totals).toEqual({
      touchpoints: 5,
      inbound: 5,
      outbound: 0,
      purchases: 3,
      purchaseValue: 30,
      returns: 0,
      unnamedReturns: 0,
      firstTouchpointAt: new Date(START - 90 * DAY).toISOString(),
    });
    expect(rungs).toEqual(
      ['lead', 'customer', 'loyal', 'advocate'].map((stage) => ({ stage, holds: true, held: true })),
    );
    expect(traits).toEqual({ kind: 'partner', locale: 'de' });
    expect(personal).toEqual({ name: 'Anna Ünal' });
    expect(openComplaints).toBe(0);
    expect(Date.parse(nextChangeAt as string)).toBeGreaterThan(START);
  });

  it('is not found where no touchpoint ever named it', () => {
    for (const name of ['customer', 'why'] as const) {
      expect(answer({ name, params: { customerId: 'nobody' } }, sources)).toMatchObject({ found: false });
    }
    expect(answer({ name: 'timeline', params: { customerId: 'nobody', limit: 9 } }, sources).found).toBe(false);
  });

  it('says why, with the evidence of the decision and its moments as texts', () => {
    const why = ask({ name: 'why', params: { customerId: 'anna' } });
    expect(why.stage).toBe('advocate');
    expect(why.sentence).toMatch(/^loyal -> advocate on 2026-01-01: /);
    expect(why.change).toMatchObject({ from: 'loyal', at: NOW, history: false });
    expect(why.evidence).toMatchObject({ rule: 'advocate.enter', at: NOW, definitionVersion: 1 });
    const { conditions } = why.evidence as { conditions: { touchpoints: object[] }[] };
    expect(conditions[0]?.touchpoints).toEqual([{ touchpointId: 'a4', occurredAt: NOW }]);
    expect(why.engagement).toMatchObject({
      value: 'active',
      sentence: expect.stringMatching(/^active since /) as string,
    });
    expect(why.rungs).toHaveLength(4);
    expect(why).not.toHaveProperty('next');
  });

  it('names what is missing for the next stage', () => {
    const { next } = ask({ name: 'why', params: { customerId: 'ben' } });
    expect(next).toMatchObject({ stage: 'customer', missing: [{ path: 'customer.enter', value: 0, needed: 1 }] });
  });

  it('that has unsettled history only says so', () => {
    const why = ask({ name: 'why', params: { customerId: 'cleo' } });
    expect(why).toMatchObject({ stage: null, since: null, evidence: null, rungs: [] });
    expect(why.sentence).toMatch(/wait for their settling/);
  });
});

describe('the timeline', () => {
  const page = (limit: number, cursor?: string) =>
    ask({ name: 'timeline', params: { customerId: 'anna', limit, cursor } });

  it('merges touchpoints and changes, newest first', () => {
    const { items } = page(50);
    const moments = items.map((item) => Date.parse((item.occurredAt ?? item.at) as string));
    expect(moments).toEqual([...moments].sort((a, b) => b - a));
    expect(items.filter((item) => item.kind === 'touchpoint').map((item) => item.touchpointId)).toEqual([
      'a4',
      'a3',
      'p1',
      'a2',
      'a1',
    ]);
    const changes = items
      .filter((item) => item.kind === 'stageChange')
      .map((item) => [item.from, item.to, item.history]);
    expect(changes).toEqual([
      ['loyal', 'advocate', false],
      ['customer', 'loyal', true],
      [null, 'customer', true],
    ]);
    expect(items.find((item) => item.touchpointId === 'a4')).toMatchObject({
      type: 'review.posted',
      text: 'Great!',
      properties: { rating: 5 },
      recordedAt: NOW,
      history: false,
    });
    expect(items.find((item) => item.touchpointId === 'p1')).toMatchObject({ properties: { name: 'Anna Ünal' } });
  });

  it('is the same in pages of any size', () => {
    const whole = page(50).items;
    for (const limit of [1, 2, 3, 5]) {
      const seen: Item[] = [];
      let cursor: string | undefined;
      do {
        const next = page(limit, cursor);
        seen.push(...next.items);
        cursor = next.nextCursor as string | undefined;
      } while (cursor !== undefined);
      expect(seen).toEqual(whole);
    }
  });
});

describe('everybody', () => {
  it('lists the changes in force, each with an id of its own and its evidence', () => {
    const params = { axis: 'stage' as const, limit: 50 };
    const { items } = ask({ name: 'changes', params });
    expect(items.map((item) => [item.customerId, item.from, item.to])).toEqual([
      ['anna', null, 'customer'],
      ['anna', 'customer', 'loyal'],
      ['ben', null, 'lead'],
      ['anna', 'loyal', 'advocate'],
    ]);
    expect(new Set(items.map((item) => item.id)).size).toBe(items.length);
    expect(items[0]?.id).toBe(`${items[0]?.position}-0`);
    expect(items[3]?.id).toBe(`${items[3]?.position}`);
    expect(items[0]).toMatchObject({ axis: 'stage', history: true, evidence: { rule: 'customer.enter' } });
    const first = ask({ name: 'changes', params: { ...params, limit: 2 } });
    const rest = ask({ name: 'changes', params: { ...params, limit: 9, cursor: first.nextCursor as string } });
    expect([...first.items, ...rest.items]).toEqual(items);
  });

  it('reports flows that add up, in the order of the stages, and links to the people', () => {
    const params = { from: START - 70 * DAY, until: START + DAY };
    const { stages } = ask({ name: 'stagesReport', params });
    expect(stages).toMatchObject([
      { stage: 'lead', opening: 0, in: 1, out: 0, closing: 1 },
      { stage: 'customer', opening: 1, in: 0, out: 1, closing: 0 },
      { stage: 'loyal', opening: 0, in: 1, out: 1, closing: 0 },
      { stage: 'advocate', opening: 0, in: 1, out: 0, closing: 1 },
    ]);
    const { links } = (stages as { links: { in: string } }[])[3]!;
    expect(links.in).toBe(
      '/v1/stage-changes?to=advocate&atFrom=2025-10-23T00%3A00%3A00.000Z&atUntil=2026-01-02T00%3A00%3A00.000Z',
    );
    expect(() => ask({ name: 'stagesReport', params: { from: 5, until: 5 } })).toThrow(BadQuery);
  });

  it('counts by stage and engagement', () => {
    expect(ask({ name: 'counts', params: {} })).toMatchObject({
      stages: [
        { stage: 'lead', engagement: 'active', customers: 1 },
        { stage: 'advocate', engagement: 'active', customers: 1 },
        { stage: null, engagement: null, customers: 1 },
      ],
      total: 3,
      unsettled: 1,
    });
  });

  it('lists what is parked', () => {
    const { items } = ask({ name: 'parked', params: { limit: 5 } });
    expect(items).toEqual([expect.objectContaining({ customerId: 'ben', touchpointId: 'b1', reason: 'conflict' })]);
    const params = { position: items[0]?.position as number };
    expect(answer({ name: 'parkedAt', params }, sources).found).toBe(true);
    expect(answer({ name: 'parkedAt', params: { position: 1 } }, sources).found).toBe(false);
  });

  it('shows the definition in force', () => {
    const definition = ask({ name: 'definition', params: {} });
    expect(definition).toMatchObject({ version: 1, stages: ['lead', 'customer', 'loyal', 'advocate'] });
    expect(definition.document).toBe(DEFAULT_DEFINITION_TEXT);
  });
});

describe('who stood on a stage at a moment', () => {
  it('are as many as the report says', () => {
    const from = START - 400 * DAY;
    const report = ask({ name: 'stagesReport', params: { from, until: START + DAY } }) as unknown as {
      stages: { stage: string; opening: number; closing: number }[];
    };
    expect(report.stages.some(({ closing }) => closing > 0)).toBe(true);
    for (const { stage, opening, closing } of report.stages) {
      for (const [before, people] of [
        [from, opening],
        [START + DAY, closing],
      ] as const) {
        const page = ask({ name: 'standing', params: { stage, before, limit: 500 } }) as unknown as {
          items: unknown[];
        };
        expect(page.items).toHaveLength(people);
      }
    }
  });
});
