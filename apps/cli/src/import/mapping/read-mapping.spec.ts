import { MappingRefused } from './document-reader';
import { readMapping } from './read-mapping';

const GOOD = `
name: shop
format: csv
zone: Europe/London
touchpoint:
  customerId: 'c-{id}'
  type: purchase.completed
  occurredAt: { column: time, format: 'yyyy-MM-dd HH:mm:ss' }
  properties:
    value: { column: amount, type: number }
`;

function faultsOf(text: string): { path: string; problem: string; mend: string }[] {
  try {
    readMapping('map.yaml', text);
  } catch (error) {
    if (error instanceof MappingRefused) return error.faults;
    throw error;
  }
  return [];
}

describe('a mapping file', () => {
  it('is read with its defaults', () => {
    const mapping = readMapping('map.yaml', GOOD);
    expect(mapping).toMatchObject({ name: 'shop', format: 'csv', delimiter: ',', encoding: 'utf-8' });
    expect(mapping.rules).toHaveLength(1);
    expect(mapping.rules[0]?.touchpoint.occurredAt).toMatchObject({ column: 'time', zone: 'Europe/London' });
    expect(mapping.rules[0]?.touchpoint.fields.customerId).toEqual({
      from: 'template',
      texts: ['c-', ''],
      columns: ['id'],
    });
  });

  it('names every fault at once, each with its path and a mend', () => {
    const faults = faultsOf(`
name: 5
formt: csv
zone: Europe/Lodon
touchpoint:
  customerID: x
  type: purchase.complted
  occurredAt: { column: time, format: 'yyyy-QQ' }
  properties:
    value: { column: amount, type: nummber }
    flag: { column: f, absolute: true }
`);
    const paths = faults.map((fault) => fault.path);
    expect(paths).toEqual(
      expect.arrayContaining([
        ...['/name', '/formt', '/zone', '/touchpoint/customerID', '/touchpoint/customerId', '/touchpoint/type'],
        ...[
          '/touchpoint/occurredAt/format',
          '/touchpoint/properties/value/type',
          '/touchpoint/properties/flag/absolute',
        ],
      ]),
    );
    expect(faults.every((fault) => fault.mend.length > 0)).toBe(true);
    expect(faults.find((fault) => fault.path === '/touchpoint/type')?.mend).toContain('purchase.completed');
    expect(faults.find((fault) => fault.path === '/formt')?.mend).toContain('format');
  });

  it('refuses a date without a zone, for it names no moment', () => {
    const [fault] = faultsOf(GOOD.replace('zone: Europe/London\n', ''));
    expect(fault).toMatchObject({ path: '/touchpoint/occurredAt/zone' });
    expect(fault?.mend).toContain('zone:');
  });

  it('refuses a rule that both skips and makes a touchpoint, and one that tests nothing', () => {
    const faults = faultsOf(`${GOOD}
rules:
  - when: { column: kind }
    skip: not ours
    touchpoint: { type: a.b }
`);
    expect(faults.map((fault) => fault.path)).toEqual(['/rules/0/when', '/rules/0']);
  });

  it('says where YAML cannot be parsed', () => {
    const [fault] = faultsOf('name: [a\nformat: csv');
    expect(fault?.path).toMatch(/^line \d+, column \d+$/);
  });

  it('says which pair of a fixed column is wrong', () => {
    const text = GOOD.replace('format: csv', 'format: fixed\ncolumns: { id: [5, 1], time: [6], amount: [0, 3] }');
    expect(faultsOf(text).map((fault) => fault.path)).toEqual(
      expect.arrayContaining(['/columns/id', '/columns/time', '/columns/amount/0']),
    );
  });

  it('lets a rule override what all rules share', () => {
    const mapping = readMapping(
      'map.yaml',
      `${GOOD}
rules:
  - when: [{ column: kind, oneOf: [b, 5] }, { column: amount, atLeast: 1 }]
    touchpoint: { type: purchase.returned, properties: { units: 1 } }
`,
    );
    const [rule] = mapping.rules;
    expect(rule?.when).toEqual([
      { column: 'kind', oneOf: ['b', '5'] },
      { column: 'amount', atLeast: 1 },
    ]);
    expect(Object.keys(rule?.touchpoint.properties ?? {})).toEqual(['value', 'units']);
    expect(rule?.touchpoint.fields.type).toEqual({ from: 'constant', value: 'purchase.returned' });
  });
});
