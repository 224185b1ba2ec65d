import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportReport } from '../../apps/cli/src/import/import-report';
import { Sandbox, until } from './rapport-process';

const MAPPING = `
name: shop
zone: Europe/London
touchpoint:
  customerId: 'c-{customer}'
  channel: web
  occurredAt: { column: time, format: 'yyyy-MM-dd HH:mm:ss' }
  properties: { value: { column: amount, type: number } }
rules:
  - when: { column: kind, equals: buy }
    touchpoint: { type: purchase.completed }
  - when: { column: kind, equals: test }
    skip: a test row
`;
const HEADER = 'customer,time,amount,kind';
const MANY_ROWS = 120_000;
const MANY_CUSTOMERS = 100;

jest.setTimeout(120_000);

let box: Sandbox;
beforeEach(() => (box = new Sandbox()));
afterEach(() => box.end());

function files(rows: Iterable<string>): { csv: string; map: string } {
  const csv = join(box.folder, 'rows.csv');
  const map = join(box.folder, 'shop.yaml');
  writeFileSync(csv, [HEADER, ...rows].join('\n'));
  writeFileSync(map, MAPPING);
  return { csv, map };
}

function* manyRows(): Generator<string> {
  for (let i = 0; i < MANY_ROWS; i++) {
    const day = new Date(Date.UTC(2024, 0, 1) + i * 60_000).toISOString().slice(0, 19).replace('T', ' ');
    yield `${i % MANY_CUSTOMERS},${day},${(i % 977) / 10},buy`;
  }
}

interface Customers {
  items: { customerId: string; touchpoints: number; stage: string; stageSince: string }[];
}

const touchpointsIn = ({ items }: Customers): number => items.reduce((sum, item) => sum + item.touchpoints, 0);
/** Without --json the outcome must be the same; programs read this. */
const report = (stdout: string): ImportReport => JSON.parse(stdout) as ImportReport;

describe('rapport import', () => {
  it('keeps good rows, writes bad ones to a file, leaves out what it is told to, and ends with 6', async () => {
    const rows = [
      '1,2024-01-05 10:00:00,5,buy',
      '1,2024-01-05 10:00:00,5,buy',
      '2,2024-07-05 10:00:00,x,buy',
      '3,2024-01-05 10:00:00,5,test',
    ];
    const { csv, map } = files(rows);
    const first = await box.run('import', csv, '--map', map, '--json');
    expect(first.code).toBe(6);
    expect(report(first.stdout)).toMatchObject({
      ...{ rows: 4, good: 2, bad: 1, skipped: 1, accepted: 2, repeats: 0, skippedBecause: { 'a test row': 1 } },
      counts: { total: 1, unsettled: 0 },
    });
    const bad = readFileSync(join(box.folder, 'rows.csv.errors.ndjson'), 'utf8');
    expect(JSON.parse(bad)).toMatchObject({ line: 4, raw: rows[2] });
    const again = await box.run('import', csv, '--map', map);
    expect(again.stdout).toContain('Nothing changed');
    const { items } = await box.json<Customers>('customers');
    expect(items).toMatchObject([
      { customerId: 'c-1', touchpoints: 2, stage: 'customer', stageSince: '2024-01-05T10:00:00.000Z' },
    ]);
  });

  it('shows in a dry run what would come, and makes no store and no file', async () => {
    const { csv, map } = files(['1,2024-07-05 10:00:00,5,buy', '1,never,5,buy']);
    const { code, stdout } = await box.run('import', csv, '--map', map, '--dry-run', '--json');
    expect(code).toBe(6);
    expect(report(stdout)).toMatchObject({
      ...{
        good: 1,
        bad: 1,
        accepted: 0,
        byType: { 'purchase.completed': 1 },
        customers: { customers: 1, exact: true },
      },
      // Ten o'clock in London in summer.
      firstTouchpoints: [
        { customerId: 'c-1', occurredAt: '2024-07-05T09:00:00.000Z', properties: { value: 5 }, history: true },
      ],
      firstBad: [{ line: 3 }],
    });
    expect(existsSync(box.data)).toBe(false);
    expect(readdirSync(box.folder).sort()).toEqual(['rows.csv', 'shop.yaml']);
  });

  it('names every fault of a mapping and ends with 2, before a store is made', async () => {
    const { csv } = files(['1,2024-01-05 10:00:00,5,buy']);
    const map = join(box.folder, 'wrong.yaml');
    writeFileSync(map, MAPPING.replace('column: amount', 'column: amuont').replace('{customer}', '{custmer}'));
    const { code, stderr } = await box.run('import', csv, '--map', map);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean "amount"');
    expect(stderr).toContain('Did you mean "customer"');
    expect(existsSync(box.data)).toBe(false);
  });

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'goes on after %s where it was, and counts every row once',
    async (signal) => {
      const { csv, map } = files(manyRows());
      const first = box.start(['import', csv, '--map', map]);
      const folder = join(box.data, 'imports');
      await until(
        () => existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.json')),
        30_000,
        'progress',
      );
      first.process.kill(signal);
      const stopped = await first.ended;
      expect(stopped.code).toBe(signal === 'SIGINT' ? 130 : null);
      const second = await box.run('import', csv, '--map', map, '--json');
      expect(second.stderr).toContain('Going on after line');
      const ended = report(second.stdout);
      expect(ended).toMatchObject({
        outcome: 'finished',
        good: MANY_ROWS,
        counts: { total: MANY_CUSTOMERS, unsettled: 0 },
      });
      expect(ended.resumed).toBeGreaterThan(0);
      expect(ended.resumed + ended.accepted).toBe(MANY_ROWS);
      const customers = await box.json<Customers>('customers', '--limit', '500');
      expect(touchpointsIn(customers)).toBe(MANY_ROWS);
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it('takes NDJSON touchpoints without a mapping, live where it is told so', async () => {
    const file = join(box.folder, 'touchpoints.ndjson');
    const one = {
      customerId: 'anna',
      type: 'review.posted',
      occurredAt: '2026-01-05T10:00:00+01:00',
      properties: { rating: 5 },
    };
    writeFileSync(file, [one, { ...one, occuredAt: 'x' }].map((line) => JSON.stringify(line)).join('\n'));
    const { code, stdout } = await box.run('import', file, '--live', '--json');
    expect(code).toBe(6);
    expect(report(stdout)).toMatchObject({ accepted: 1, firstBad: [{ line: 2 }] });
    expect(report(stdout).firstBad[0]?.reason).toContain('occurredAt');
  });
});
