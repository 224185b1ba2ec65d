import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BatchItem, SendBatch } from './batch';
import { ErrorFile } from './error-file';
import { ImportRun } from './import-run';
import { readMapping } from './mapping/read-mapping';
import { openRows } from './rows/open-rows';
import { RowIdentity } from './rows/row-identity';

const MAPPING = `
name: shop
zone: UTC
lookups: { shop: { file: shops.csv, key: id, on: shop } }
touchpoint:
  customerId: 'c-{customer}'
  channel: store
  occurredAt: { column: day, format: yyyy-MM-dd }
  properties: { value: { column: amount, type: number, absolute: true }, city: { column: shop.city } }
rules:
  - when: { column: kind, equals: buy }
    touchpoint: { type: purchase.completed }
  - when: { column: kind, equals: back }
    touchpoint: { type: purchase.returned }
  - when: { column: kind, equals: test }
    skip: a test row
`;
const HEADER = 'customer,day,amount,kind,shop';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'rapport-import-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  run: ImportRun;
  outcome: string;
  items: BatchItem[];
  errors: { line: number; reason: string; raw: string }[];
}

async function importLines(lines: string[], resumeAfterLine = 0, send?: SendBatch): Promise<Ran> {
  const file = join(folder, 'rows.csv');
  writeFileSync(file, [HEADER, ...lines].join('\n'));
  writeFileSync(join(folder, 'shops.csv'), 'id,city\n1,Leeds\n2,York\n');
  const mapping = readMapping('shop.yaml', MAPPING);
  const errorFile = new ErrorFile(join(folder, 'bad.ndjson'));
  const items: BatchItem[] = [];
  const keep: SendBatch = (batch) => {
    items.push(...batch);
    return Promise.resolve({ position: items.length, rejected: [] });
  };
  const run = new ImportRun(await openRows(file, mapping, 'shop.yaml'), {
    identity: new RowIdentity(mapping.name),
    errors: errorFile,
    live: false,
    resumeAfterLine,
    send: send ?? keep,
    signal: new AbortController().signal,
    onStep: () => undefined,
  });
  const outcome = await run.run();
  const written = run.tally.bad === 0 ? '' : readFileSync(join(folder, 'bad.ndjson'), 'utf8');
  const errors = written
    .split('\n')
    .flatMap((line) => (line === '' ? [] : (JSON.parse(line) as Ran['errors'][number])));
  return { run, outcome, items, errors };
}

describe('an import', () => {
  it('maps rows by the first rule that fits, joins lookups and makes history of them', async () => {
    const { items, run } = await importLines([
      '7,2020-01-05,10.5,buy,1',
      '8,2020-01-06,-3,back,2',
      '9,2020-01-06,1,test,1',
    ]);
    expect(items.map((item) => item.touchpoint)).toMatchObject([
      { customerId: 'c-7', type: 'purchase.completed', properties: { value: 10.5, city: 'Leeds' }, history: true },
      { customerId: 'c-8', type: 'purchase.returned', properties: { value: 3, city: 'York' }, source: 'shop' },
    ]);
    expect(items[0]?.touchpoint.occurredAt).toBe(Date.UTC(2020, 0, 5));
    expect([...run.tally.skipReasons]).toEqual([['a test row', 1]]);
  });

  it('keeps good rows and writes bad ones with line, reason and raw text', async () => {
    const { items, errors } = await importLines([
      ...['1,2020-01-05,x,buy,1', '1,2020-02-30,1,buy,1', '1,2020-01-05,1,buy,9', '1,2020-01-05,1,other,1', '1,2,3'],
      ...['1,2020-01-05,1,buy,1', ',2020-01-05,1,buy,1', '1,2999-01-05,1,buy,1'],
    ]);
    expect(items).toHaveLength(1);
    expect(errors.map((error) => error.line)).toEqual([2, 3, 4, 5, 6, 8, 9]);
    const reasons = errors.map((error) => error.reason);
    expect(reasons[0]).toContain('amount is "x"');
    expect(reasons[1]).toContain('2020-02-30');
    expect(reasons[2]).toContain('shops.csv');
    expect(reasons[3]).toContain('no rule');
    expect(reasons[4]).toContain('3 cells');
    expect(reasons[5]).toContain('customer is empty');
    expect(errors[0]?.raw).toBe('1,2020-01-05,x,buy,1');
  });

  it('gives equal rows ids by their ordinal, the same on each run and wherever else rows are added', async () => {
    const row = '1,2020-01-05,1,buy,1';
    const other = '2,2020-01-05,1,buy,1';
    const first = (await importLines([row, row, other])).items.map((item) => item.touchpoint.touchpointId);
    const again = (await importLines([other, row, row])).items.map((item) => item.touchpoint.touchpointId);
    expect(first[0]).toMatch(/^r-[0-9a-f]{32}$/);
    expect(first[1]).toBe(`${first[0]}-2`);
    expect(again).toEqual([first[2], first[0], first[1]]);
    expect(new Set(first).size).toBe(3);
  });

  it('goes on after the line that an earlier run had reached, with the same ids', async () => {
    const rows = Array.from({ length: 2_500 }, (_, i) => `${i % 7},2020-01-05,1,buy,1`);
    const whole = (await importLines(rows)).items.map((item) => item.touchpoint.touchpointId);
    const rest = await importLines(rows, 1_501);
    expect(rest.items.map((item) => item.touchpoint.touchpointId)).toEqual(whole.slice(1_500));
    expect(rest.run.tally).toMatchObject({ good: 2_500, resumed: 1_500 });
  });

  it('takes what the store refuses as a bad row', async () => {
    const refusing: SendBatch = (items) =>
      Promise.resolve({ position: items.length, rejected: [{ index: 1, reason: 'the store says no' }] });
    const { run, errors } = await importLines(['1,2020-01-05,1,buy,1', '2,2020-01-05,1,buy,1'], 0, refusing);
    expect(errors).toMatchObject([{ line: 3, reason: 'the store says no' }]);
    expect(run.sending?.accepted).toBe(1);
    expect(run.sending?.acknowledgedLine).toBe(3);
  });

  it('refuses a mapping that names columns the file does not have, before anything is sent', async () => {
    writeFileSync(join(folder, 'rows.csv'), 'custmer,day,amount,kind,shop\n');
    writeFileSync(join(folder, 'shops.csv'), 'id,town\n1,Leeds\n');
    const mapping = readMapping('shop.yaml', MAPPING);
    await expect(openRows(join(folder, 'rows.csv'), mapping, 'shop.yaml')).rejects.toMatchObject({
      faults: [
        { path: 'customer', mend: 'Did you mean "custmer"?' },
        { path: 'shop.city', problem: 'is no column of the file' },
      ],
    });
  });
});
