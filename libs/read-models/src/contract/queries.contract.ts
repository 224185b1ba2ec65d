/** What every adapter must answer to screens and to the API. */
import fc from 'fast-check';
import type {
  ChangeFilter,
  ChangeKey,
  ChangeRow,
  CustomerFilter,
  CustomerRow,
  CustomerSort,
  PageKey,
} from '../read-models';
import type { ReadModelsUnderTest } from '../read-models.contract';
import { changeFilter, changeOps, customerFilter, customerRows, reportPeriod } from './generated';
import { NaiveChanges, naiveCounters, naiveMatches, naiveSorted } from './naive-models';
import { change, customer, flush, NEW_YEAR, plain } from './rows';

const STORES_TRIED = 8;
const FILTERS_TRIED = 12;
const SORTS: CustomerSort[] = ['since', 'lastTouchpoint', 'id'];

type Open = () => Promise<ReadModelsUnderTest>;

async function using(open: Open, test: (models: ReadModelsUnderTest) => Promise<void>): Promise<void> {
  const models = await open();
  try {
    await test(models);
  } finally {
    await models.close();
  }
}

function summary(row: CustomerRow): Partial<CustomerRow> {
  const { state, tail, ...rest } = row;
  return state && tail ? rest : row;
}

/** Every page of a list, one after the other. */
function allPages(
  models: ReadModelsUnderTest,
  filter: CustomerFilter,
  sort: CustomerSort,
  descending: boolean,
  limit: number,
) {
  const items: unknown[] = [];
  let after: PageKey | undefined;
  do {
    const page = models.queries.customers(filter, sort, descending, after, limit);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return items;
}

function allChanges(models: ReadModelsUnderTest, filter: ChangeFilter, limit: number): ChangeRow[] {
  const items: ChangeRow[] = [];
  let after: ChangeKey | undefined;
  for (;;) {
    const page = models.queries.changes(filter, after, limit);
    items.push(...page);
    const last = page.at(-1);
    if (page.length < limit || last === undefined) return items;
    after = { position: last.position, part: last.part };
  }
}

export function customerListContract(open: Open): void {
  it('lists by every filter, sort and page size what plain code finds', async () => {
    const asks = fc.array(
      fc.record({
        filter: customerFilter,
        sort: fc.constantFrom(...SORTS),
        descending: fc.boolean(),
        limit: fc.integer({ min: 1, max: 9 }),
      }),
      { minLength: FILTERS_TRIED, maxLength: FILTERS_TRIED },
    );
    const law = fc.asyncProperty(customerRows, asks, (rows, asked) =>
      using(open, async (models) => {
        await models.write(flush(999, { customers: rows, counters: naiveCounters(rows) }));
        for (const { filter, sort, descending, limit } of asked) {
          const expected = naiveSorted(rows, sort, descending).filter((row) => naiveMatches(row, filter));
          expect(allPages(models, filter, sort, descending, limit)).toEqual(expected.map(summary));
          expect(models.queries.count(filter)).toEqual({ customers: expected.length, exact: true });
        }
      }),
    );
    await fc.assert(law, { numRuns: STORES_TRIED });
  });

  it('neither skips nor repeats a row that stays while others move, come and grow', async () => {
    const law = fc.asyncProperty(
      customerRows,
      fc.array(fc.nat(200), { minLength: 12, maxLength: 12 }),
      fc.constantFrom(...SORTS),
      fc.boolean(),
      (rows, moves, sort, descending) =>
        using(open, async (models) => {
          await models.write(flush(1, { customers: rows, counters: naiveCounters(rows) }));
          const moved = new Set<string>();
          const seen: string[] = [];
          let after: PageKey | undefined;
          for (const [step, move] of moves.entries()) {
            const page = models.queries.customers({}, sort, descending, after, 4);
            seen.push(...page.items.map((item) => item.customerId));
            after = page.next;
            if (after === undefined) break;
            const victim = rows[move % rows.length] as CustomerRow;
            moved.add(victim.customerId);
            const changed = {
              ...victim,
              lastTouchpointAt: NEW_YEAR + move,
              stage: 'loyal',
              stageSince: NEW_YEAR + move,
            };
            await models.write(flush(step + 2, { customers: [changed, customer(1000 + step)] }));
          }
          while (after !== undefined) {
            const page = models.queries.customers({}, sort, descending, after, 4);
            seen.push(...page.items.map((item) => item.customerId));
            after = page.next;
          }
          const still = rows.filter((row) => !moved.has(row.customerId));
          for (const row of still) expect(seen.filter((id) => id === row.customerId)).toHaveLength(1);
        }),
    );
    await fc.assert(law, { numRuns: STORES_TRIED });
  });

  it('answers one customer with everything, and null for a stranger', () =>
    using(open, async (models) => {
      const row = customer(5, { stage: null, stageSince: null });
      await models.write(flush(6, { customers: [row] }));
      expect(plain(models.queries.customer('customer-5'))).toEqual(row);
      expect(models.queries.customer('customer-6')).toBeNull();
    }));

  it('says "at least" where a count would go too far', () =>
    using(open, async (models) => {
      const rows = Array.from({ length: 10_001 }, (_, i) => customer(i + 1));
      await models.write(flush(1, { customers: rows, counters: naiveCounters(rows) }));
      expect(models.queries.count({ channels: ['web'] })).toEqual({ customers: 10_000, exact: false });
      expect(models.queries.count({ channels: ['web'], lastFrom: NEW_YEAR + 2 })).toEqual({
        customers: 10_000,
        exact: true,
      });
      expect(models.queries.count({ stages: ['lead'] })).toEqual({ customers: 10_001, exact: true });
    }));
}

export function changesContract(open: Open): void {
  const people = [1, 4, 7].map((no) => customer(no));

  it('keeps the changes in force through chains, drops and amendments, however flushed', async () => {
    const asks = fc.array(fc.tuple(changeFilter, fc.integer({ min: 1, max: 5 })), {
      minLength: FILTERS_TRIED,
      maxLength: FILTERS_TRIED,
    });
    const periods = fc.array(reportPeriod, { minLength: 4, maxLength: 4 });
    const law = fc.asyncProperty(
      changeOps,
      fc.integer({ min: 1, max: 40 }),
      asks,
      periods,
      (ops, size, asked, reports) =>
        using(open, async (models) => {
          const naive = new NaiveChanges();
          naive.apply(ops);
          await models.write(flush(1, { customers: people }));
          for (let i = 0; i < ops.length; i += size)
            await models.write(flush(i + 2, { changes: ops.slice(i, i + size) }));
          for (const [filter, limit] of asked) expect(allChanges(models, filter, limit)).toEqual(naive.list(filter));
          for (const [from, until] of reports)
            expect(models.queries.stageReport(from, until)).toEqual(naive.report(from, until));
          for (const row of models.queries.stageReport(...(reports[0] as readonly [number, number]))) {
            expect(row.opening + row.in - row.out).toBe(row.closing);
          }
        }),
    );
    await fc.assert(law, { numRuns: STORES_TRIED * 2 });
  });

  it('orders the changes of one customer by their moment', () =>
    using(open, async (models) => {
      const rows = [
        change(9, 1, { to: 'lead', at: NEW_YEAR, chain: true, history: true }),
        change(9, 1, { part: 1, from: 'lead', to: 'customer', at: NEW_YEAR + 5, chain: true, history: true }),
        change(5, 1, { from: 'customer', to: 'loyal', at: NEW_YEAR + 9 }),
        change(6, 1, { axis: 'engagement', to: 'active' }),
      ];
      await models.write(flush(10, { customers: people, changes: rows.map((row) => ({ op: 'add', row })) }));
      expect(models.queries.changesOf(1, 'stage').map((row) => row.to)).toEqual(['lead', 'customer', 'loyal']);
      expect(models.queries.changesOf(1, 'engagement').map((row) => row.to)).toEqual(['active']);
      expect(models.queries.changesOf(4, 'stage')).toEqual([]);
    }));
}

export function modelsContract(open: Open): void {
  it('lists what is parked until it is taken out', () =>
    using(open, async (models) => {
      const parked = (position: number) => ({
        position,
        no: 1,
        customerId: 'customer-1',
        touchpointId: `t-${position}`,
        reason: 'conflict',
        detail: 'other content',
        parkedAt: NEW_YEAR,
      });
      const add = (position: number) => ({ op: 'add' as const, row: parked(position) });
      await models.write(flush(9, { customers: [customer(1)], parked: [add(8), add(3), add(5)] }));
      expect(models.queries.parked(0, 2)).toEqual([parked(3), parked(5)]);
      expect(models.queries.parked(5, 2)).toEqual([parked(8)]);
      await models.write(flush(10, { parked: [{ op: 'remove', position: 5 }] }));
      expect(models.queries.parked(0, 9)).toEqual([parked(3), parked(8)]);
      expect(models.queries.parkedCount()).toBe(2);
    }));

  it('answers several questions from one snapshot', () =>
    using(open, async (models) => {
      await models.write(flush(1, { customers: [customer(1)] }));
      const answer = models.queries.snapshot(() => [
        models.queries.checkpoint()?.position,
        models.queries.customer('customer-1')?.no,
      ]);
      expect(answer).toEqual([1, 1]);
      await models.write(flush(2));
      expect(models.queries.checkpoint()?.position).toBe(2);
    }));

  it('dumps the same lines for the same content, whatever the flushes were', async () => {
    const law = fc.asyncProperty(customerRows, changeOps, fc.integer({ min: 1, max: 30 }), (rows, ops, size) =>
      using(open, (one) =>
        using(open, async (other) => {
          const whole = customer(1, { customerId: 'customer-1' });
          const all = [...rows.filter((row) => ![1, 4, 7].includes(row.no)), whole, customer(4), customer(7)];
          const chunks = all.slice(0, 5).map((row, chunk) => ({ no: row.no, chunk, bytes: row.state }));
          const last = flush(99, { counters: naiveCounters(all) });
          await one.write({ ...last, customers: all, chunks, changes: ops });
          for (let i = 0; i < Math.max(all.length, ops.length); i += size) {
            const part = all.slice(i, i + size).reverse();
            const early = part.map((row) => ({
              ...row,
              stage: 'loyal',
              stageSince: 5,
              due: 9,
              lastChannel: `early ${i}`,
              unsettled: true,
            }));
            await other.write(flush(i + 1, { customers: early, changes: ops.slice(i, i + size) }));
            await other.write(flush(i + 1, { customers: part }));
          }
          await other.write({ ...last, chunks: chunks.reverse(), checkpoint: { ...last.checkpoint, recordedAt: 5 } });
          const lines = [...one.queries.dump()];
          expect([...other.queries.dump()]).toEqual(lines);
          expect(lines.filter((line) => line.startsWith('{"model":"customer"'))).toHaveLength(all.length);
        }),
      ),
    );
    await fc.assert(law, { numRuns: STORES_TRIED });
  });
}
