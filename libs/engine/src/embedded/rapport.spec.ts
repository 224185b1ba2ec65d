import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Touchpoint } from '@rapport/journey';
import type { QueryAnswer, RapportEngine } from '../rapport.types';
import { rebuildStore } from '../maintenance/rebuild-store';
import { openRapport } from './rapport';

const DAY = 86_400_000;
const WAIT_MS = 10_000;
jest.setTimeout(30_000);

function touchpoint(
  customerId: string,
  id: string,
  type: string,
  occurredAt: number,
  more: Partial<Touchpoint> = {},
): Touchpoint {
  return {
    touchpointId: id,
    customerId,
    type,
    channel: 'web',
    direction: 'inbound',
    occurredAt,
    source: 'spec',
    properties: {},
    history: false,
    ...more,
  };
}

interface Customer {
  stage: string;
  engagement: string;
  touchpoints: number;
}

describe('the embedded Rapport', () => {
  let folder: string;
  let rapport: RapportEngine;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rapport-engine-'));
    rapport = await openRapport({ data: folder });
  });

  afterEach(async () => {
    await rapport.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function send(...touchpoints: Touchpoint[]): Promise<Float64Array> {
    const answer = await rapport.ingest(touchpoints);
    if (!answer.ok) throw new Error(answer.detail);
    expect(await rapport.waitFor(answer.position, WAIT_MS)).toBe(true);
    return answer.positions;
  }

  async function customer(customerId: string): Promise<Customer> {
    return parse<Customer>(await rapport.query({ name: 'customer', params: { customerId } }));
  }

  function parse<T>(answer: QueryAnswer): T {
    expect(answer.found).toBe(true);
    return JSON.parse(answer.json) as T;
  }

  it('decides commands and says why it refuses one', async () => {
    await send(touchpoint('anna', 't1', 'web.page.viewed', Date.now()));
    const enrol = { commandId: 'c-1', by: 'ann', command: 'enrol', play: 'no-such-play' } as const;
    expect(await rapport.command('nobody', enrol)).toMatchObject({ ok: false, refused: 'unknownCustomer' });
    const refused = await rapport.command('anna', enrol);
    expect(refused).toMatchObject({ ok: false, refused: 'unknownPlay' });
    expect(await rapport.pausePlay('welcome', true, 'ann')).toMatchObject({ ok: false, reason: 'unknownPlay' });
    expect(await rapport.pauseChannel('email', true, 'ann')).toMatchObject({ ok: true });
  });

  it('takes up the default plays when it is opened with them, decides by them, and rebuilds what they decided', async () => {
    await send(touchpoint('anna', 't1', 'web.page.viewed', Date.now()));
    await rapport.close();
    rapport = await openRapport({ data: folder, plays: 'default' });
    const overview = async (): Promise<{ play: string; entered: number }[]> =>
      parse<{ items: { play: string; entered: number }[] }>(await rapport.query({ name: 'plays', params: {} })).items;
    const { play } = (await overview())[0]!;
    const enrol = { commandId: 'c-1', by: 'ann', command: 'enrol', play, override: true } as const;
    // The version is adopted beside the inputs: until then the play is not known.
    let answer = await rapport.command('anna', enrol);
    while (!answer.ok && 'refused' in answer && answer.refused === 'unknownPlay')
      answer = await rapport.command('anna', enrol);
    expect(answer).toMatchObject({ ok: true });
    expect(await rapport.command('anna', { ...enrol, commandId: 'c-2' })).toMatchObject({ refused: 'alreadyEnrolled' });
    expect((await overview()).find((one) => one.play === play)).toMatchObject({ entered: 1 });
    const params = { customerId: 'anna', play, limit: 9 };
    expect(parse(await rapport.query({ name: 'enrolments', params }))).toMatchObject({ items: [{ play }] });
    await rapport.close();
    expect(await rebuildStore(folder)).toMatchObject({ equal: true, customers: 1 });
    rapport = await openRapport({ data: folder });
    expect(parse(await rapport.query({ name: 'enrolments', params }))).toMatchObject({ items: [{ play }] });
  });

  it('moves a customer from lead to customer to loyal to advocate', async () => {
    const now = Date.now();
    await send(touchpoint('anna', 't1', 'web.page.viewed', now));
    expect(await customer('anna')).toMatchObject({ stage: 'lead', engagement: 'active', touchpoints: 1 });
    await send(touchpoint('anna', 't2', 'purchase.completed', now, { properties: { value: 10 } }));
    expect(await customer('anna')).toMatchObject({ stage: 'customer' });
    await send(
      touchpoint('anna', 't3', 'purchase.completed', now - 3 * DAY, { properties: { value: 10 } }),
      touchpoint('anna', 't4', 'purchase.completed', now - 9 * DAY, { properties: { value: 10 } }),
    );
    expect(await customer('anna')).toMatchObject({ stage: 'loyal' });
    await send(touchpoint('anna', 't5', 'review.posted', now, { properties: { rating: 5 } }));
    expect(await customer('anna')).toMatchObject({ stage: 'advocate', touchpoints: 5 });
  });

  it('counts a touchpoint once, and parks other content under its id', async () => {
    const now = Date.now();
    const first = touchpoint('ben', 'p1', 'purchase.completed', now, { properties: { value: 10 } });
    await send(first);
    const repeat = await send(first, { ...first, properties: { value: 11 } });
    expect(await rapport.outcomes(repeat)).toEqual(['duplicate', 'parked']);
    expect(await customer('ben')).toMatchObject({ touchpoints: 1 });
    const parked = parse<{ items: unknown[] }>(await rapport.query({ name: 'parked', params: { limit: 10 } }));
    expect(parked.items).toHaveLength(1);
  });

  it('settles history into a chain at its own dates', async () => {
    const now = Date.now();
    const history = [40, 30, 20].map((days) =>
      touchpoint('cleo', `h${days}`, 'purchase.completed', now - days * DAY, {
        history: true,
        properties: { value: 5 },
      }),
    );
    await send(...history.reverse());
    expect(await customer('cleo')).toMatchObject({ stage: null, unsettled: true });
    const settled = await rapport.settle();
    if (!settled.ok) throw new Error(settled.detail);
    expect(await rapport.waitFor(settled.position, WAIT_MS)).toBe(true);
    expect(await customer('cleo')).toMatchObject({ stage: 'loyal', unsettled: false });
    const changes = parse<{ items: { to: string; at: string; history: boolean }[] }>(
      await rapport.query({ name: 'changes', params: { axis: 'stage', customerId: 'cleo', limit: 50 } }),
    );
    expect(changes.items.map((change) => change.to)).toEqual(['customer', 'loyal']);
    expect(changes.items[1]).toMatchObject({ history: true, at: new Date(now - 20 * DAY).toISOString() });
  });

  it('shows the same after a restart, and after a rebuild', async () => {
    const now = Date.now();
    const ids = Array.from({ length: 40 }, (_, i) => `customer-${i}`);
    await send(
      ...ids.map((id, i) =>
        touchpoint(id, 'a', 'purchase.completed', now - i * DAY, { history: i % 3 === 0, properties: { value: i } }),
      ),
    );
    await send(...ids.map((id) => touchpoint(id, 'b', 'web.page.viewed', now)));
    const before = await customer('customer-3');
    await rapport.close();
    const summary = await rebuildStore(folder);
    expect(summary).toMatchObject({ equal: true, customers: 40, inputs: 80 });
    rapport = await openRapport({ data: folder });
    const { stage, engagement, touchpoints } = before;
    expect(await customer('customer-3')).toMatchObject({ stage, engagement, touchpoints });
  });
});
