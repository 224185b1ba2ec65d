import { join } from 'node:path';
import type { ImportReport } from '../../apps/cli/src/import/import-report';
import { DATA, hasData, MAPPINGS, Sandbox } from './rapport-process';

jest.setTimeout(180_000);

if (!hasData) console.warn(`skipped: there is no real data in ${DATA}`);
const describeWithData = hasData ? describe : describe.skip;

interface Import {
  file: string;
  map: string;
}
const CAMPAIGNS: Import = { file: 'completejourney/campaigns.csv', map: 'completejourney-campaigns.yaml' };
const REDEMPTIONS: Import = { file: 'completejourney/coupon_redemptions.csv', map: 'completejourney-redemptions.yaml' };
const BASKETS: Import = { file: 'completejourney/baskets_sample.csv', map: 'completejourney-baskets.yaml' };
const CDNOW: Import = { file: 'cdnow/CDNOW_sample.txt', map: 'cdnow.yaml' };
const RETAIL: Import = { file: 'online-retail/invoices.csv', map: 'online-retail.yaml' };

/** [opening, in, out, closing] of each stage over the time of the rows. Counted once by a separate program as well, straight from the files. */
const moves = (report: ImportReport): { [stage: string]: number[] } =>
  Object.fromEntries(
    (report.overTime?.stages ?? []).map((row) => [row.stage, [row.opening, row.in, row.out, row.closing]]),
  );

describeWithData('the real data sets', () => {
  let box: Sandbox;
  beforeEach(() => (box = new Sandbox()));
  afterEach(() => box.end());

  const bring = ({ file, map }: Import, ...flags: string[]): Promise<ImportReport> =>
    box.json<ImportReport>('import', join(DATA, file), '--map', join(MAPPINGS, map), ...flags);
  const stages = (report: ImportReport): { [stage: string]: number } => {
    const sums: { [stage: string]: number } = {};
    for (const { stage, customers } of report.counts?.stages ?? []) sums[stage] = (sums[stage] ?? 0) + customers;
    return sums;
  };

  it('Online Retail: 18,536 purchases and 3,654 cancellations of 4,372 customers; a second run changes nothing', async () => {
    const report = await bring(RETAIL);
    expect(report).toMatchObject({
      ...{ rows: 22_190, bad: 0, accepted: 22_190, repeats: 0, newlyParked: 0 },
      byType: { 'purchase.completed': 18_536, 'purchase.returned': 3_654 },
      counts: { total: 4_372, unsettled: 0 },
    });
    // Customers who only ever sent something back have bought nothing here.
    expect(stages(report)).toEqual({ lead: 33, customer: 4_339 });
    expect(moves(report)).toMatchObject({ customer: [0, 4_443, 1_948, 2_495], loyal: [0, 1_948, 104, 1_844] });
    const again = await bring(RETAIL);
    expect(again).toMatchObject({ accepted: 22_190, repeats: 22_190, newlyParked: 0 });
    expect(again.counts?.stages).toEqual(report.counts?.stages);
    const verified = await box.json<{ problemCount: number }>('verify');
    expect(verified.problemCount).toBe(0);
  });

  it('CDNOW: 6,919 purchases of 2,357 customers, equal rows included', async () => {
    const report = await bring(CDNOW);
    expect(report).toMatchObject({
      rows: 6_919,
      bad: 0,
      accepted: 6_919,
      repeats: 0,
      newlyParked: 0,
      counts: { total: 2_357 },
    });
    expect(report).toMatchObject({ firstAt: '1997-01-01T00:00:00.000Z', lastAt: '1998-06-30T00:00:00.000Z' });
    expect(stages(report)).toEqual({ customer: 2_357 });
    expect(moves(report)).toMatchObject({ customer: [0, 2_793, 764, 2_029], loyal: [0, 764, 436, 328] });
    const customer = await box.json<{ totals: { purchases: number } }>('customers', 'cdnow-1516');
    expect(customer.totals.purchases).toBe(46);
  });

  it('Complete Journey: mailings, redemptions and baskets, in whatever order they come', async () => {
    const first = [await bring(BASKETS), await bring(CAMPAIGNS), await bring(REDEMPTIONS)];
    expect(first.map((report) => report.accepted)).toEqual([47_243, 6_589, 2_102]);
    expect(first.every((report) => report.bad === 0 && report.repeats === 0 && report.newlyParked === 0)).toBe(true);
    const last = first[2] as ImportReport;
    expect(stages(last)).toEqual({ lead: 2, customer: 2_377 });
    const other = new Sandbox();
    try {
      for (const { file, map } of [REDEMPTIONS, BASKETS, CAMPAIGNS]) {
        await other.json('import', join(DATA, file), '--map', join(MAPPINGS, map), '--no-settle');
      }
      await other.json('settle');
      const why = (where: Sandbox): Promise<{ stage: string; since: string; sentence: string }> =>
        where.json('why', 'household-1029');
      const [here, there] = [await why(box), await why(other)];
      expect([there.stage, there.since, there.sentence]).toEqual([here.stage, here.since, here.sentence]);
    } finally {
      await other.end();
    }
  });
});
