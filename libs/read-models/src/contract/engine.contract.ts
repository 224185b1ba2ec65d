/** What every adapter must give back to the engine. */
import type { ReadModelsUnderTest } from '../read-models.contract';
import { customer, flush, NEW_YEAR, plain } from './rows';

export function engineContract(open: () => Promise<ReadModelsUnderTest>): void {
  let models: ReadModelsUnderTest;
  beforeEach(async () => {
    models = await open();
  });
  afterEach(() => models.close());

  it('knows nothing before the first flush', () => {
    const { engine } = models;
    expect(engine.checkpoint()).toBeNull();
    expect(engine.load(['customer-1'])).toEqual([]);
    expect(engine.load([])).toEqual([]);
    expect(engine.profile(1)).toBeNull();
    expect(engine.chunks(1)).toEqual([]);
    expect(engine.counters()).toEqual([]);
    expect(engine.earliestDue(0)).toBeNull();
    expect([...engine.customerIds()]).toEqual([]);
    expect(engine.unsettledCount()).toBe(0);
  });

  it('gives back each row as it was written, whatever the order in the flush', async () => {
    const rows = [
      customer(7, { stage: null, stageSince: null, engagement: null, engagementSince: null, unsettled: true }),
      customer(3, {
        due: NEW_YEAR,
        lastChannel: 'Filiale Köln',
        customerId: 'Zoë ✓ 💡',
        state: new Uint8Array(3000).fill(9),
      }),
    ];
    await models.write(flush(9, { customers: rows }));
    const found = models.engine.load(['customer-7', 'unknown', 'Zoë ✓ 💡']).sort((a, b) => b.no - a.no);
    expect(plain(found)).toEqual(rows);
    expect(models.engine.checkpoint()).toEqual(flush(9).checkpoint);
  });

  it('replaces a row by its newest version, every field of it', async () => {
    const before = customer(3, { due: NEW_YEAR, unsettled: true, touchpoints: 3 });
    const after = customer(3, {
      stage: 'loyal',
      stageSince: NEW_YEAR + 1,
      engagement: 'at risk',
      engagementSince: NEW_YEAR + 2,
      kind: 'partner',
      lastTouchpointAt: NEW_YEAR + 3,
      lastChannel: 'store',
      touchpoints: 4,
      definitionVersion: 2,
      state: Uint8Array.of(5),
      tail: new Uint8Array(0),
    });
    const sameStage = {
      ...after,
      touchpoints: 5,
      lastTouchpointAt: NEW_YEAR + 4,
      lastChannel: 'app',
      engagementSince: 5,
    };
    for (const [position, row] of [before, after, sameStage].entries()) {
      await models.write(flush(position + 1, { customers: [row] }));
      expect(plain(models.engine.load(['customer-3']))).toEqual([row]);
    }
    expect([...models.engine.due(1, Number.MAX_SAFE_INTEGER)]).toEqual([]);
    expect(models.engine.unsettledCount()).toBe(0);
  });

  it('keeps profiles and full chunks of the timeline', async () => {
    const profile = {
      no: 2,
      customerId: 'customer-2',
      traits: '{"kind":"person"}',
      personal: '{"name":"\\u0000 Ünal"}',
    };
    const chunks = [
      { no: 2, chunk: 1, bytes: Uint8Array.of(3, 4) },
      { no: 2, chunk: 0, bytes: Uint8Array.of(1, 2) },
      { no: 1, chunk: 0, bytes: Uint8Array.of(9) },
    ];
    await models.write(flush(4, { customers: [customer(1), customer(2)], chunks, profiles: [profile] }));
    expect(models.engine.profile(2)).toEqual(profile);
    expect(models.engine.profile(1)).toBeNull();
    expect(plain(models.engine.chunks(2))).toEqual([Uint8Array.of(1, 2), Uint8Array.of(3, 4)]);
  });

  it('walks what is due in the order (due, customerId)', async () => {
    const due = (no: number, at: number, id: string, partition = 0) =>
      customer(no, { due: at, customerId: id, partition });
    const rows = [
      due(1, 50, 'c'),
      due(2, 40, 'z'),
      due(3, 50, 'a'),
      due(4, 50, 'b'),
      due(5, 60, 'a2'),
      due(6, 10, 'x', 1),
    ];
    await models.write(flush(9, { customers: [...rows, customer(7, { partition: 0 })] }));
    expect([...models.engine.due(0, 50)]).toEqual([
      { customerId: 'z', due: 40 },
      { customerId: 'a', due: 50 },
      { customerId: 'b', due: 50 },
      { customerId: 'c', due: 50 },
    ]);
    expect(models.engine.earliestDue(0)).toBe(40);
    expect(models.engine.earliestDue(1)).toBe(10);
    expect(models.engine.earliestDue(2)).toBeNull();
  });

  it('walks many with the same moment, lazily and without losing one', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) =>
      customer(i + 1, { partition: 0, due: NEW_YEAR, unsettled: true }),
    );
    await models.write(flush(3001, { customers: rows }));
    const ids = rows.map((row) => row.customerId).sort();
    expect([...models.engine.due(0, NEW_YEAR)].map((entry) => entry.customerId)).toEqual(ids);
    expect([...models.engine.unsettled(0, '')]).toEqual(ids);
    expect([...models.engine.customerIds()].sort()).toEqual(ids);
    const first: string[] = [];
    for (const id of models.engine.behind(0, 2, ids[9] as string)) {
      if (first.push(id) === 3) break;
    }
    expect(first).toEqual(ids.slice(10, 13));
  });

  it('walks the unsettled and those behind a definition in the order of customerId', async () => {
    const rows = [
      customer(1, { customerId: 'd', partition: 0, unsettled: true }),
      customer(2, { customerId: 'b', partition: 0, unsettled: true, definitionVersion: 3 }),
      customer(3, { customerId: 'a', partition: 0, definitionVersion: 2 }),
      customer(4, { customerId: 'c', partition: 1, unsettled: true }),
    ];
    await models.write(flush(5, { customers: rows }));
    expect([...models.engine.unsettled(0, '')]).toEqual(['b', 'd']);
    expect([...models.engine.unsettled(0, 'b')]).toEqual(['d']);
    expect(models.engine.unsettledCount()).toBe(3);
    expect([...models.engine.behind(0, 3, '')]).toEqual(['a', 'd']);
    expect([...models.engine.behind(0, 2, '')]).toEqual(['d']);
    expect([...models.engine.behind(0, 3, 'a')]).toEqual(['d']);
  });

  it('holds counters as they were last written, and forgets those at nothing', async () => {
    const cell = (partition: number, stage: string, customers: number) => ({
      partition,
      stage,
      engagement: stage && 'active',
      customers,
    });
    await models.write(flush(1, { counters: [cell(0, 'lead', 2), cell(1, 'lead', 1), cell(0, '', 4)] }));
    await models.write(flush(2, { counters: [cell(0, 'lead', 0), cell(1, 'lead', 5)] }));
    const counters = models.engine.counters().sort((a, b) => a.partition - b.partition);
    expect(counters).toEqual([cell(0, '', 4), cell(1, 'lead', 5)]);
  });

  it('lets a reader see each flush as a whole, in the order of the calls', async () => {
    const writes = [1, 2, 3].map((n) => models.write(flush(n, { customers: [customer(1, { touchpoints: n })] })));
    await Promise.all(writes);
    expect(models.engine.load(['customer-1'])[0]?.touchpoints).toBe(3);
    expect(models.engine.checkpoint()?.position).toBe(3);
  });
}
