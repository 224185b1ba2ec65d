import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { Fault } from '../../definition';
import type { JsonValue } from '../../touchpoint';
import { DEFAULT_DEFINITION_TEXT } from './default-definition';
import { definitionJsonSchema } from './definition-schema';
import { parseDefinition } from './parse-definition';

const validate = new Ajv2020({ strict: true, strictRequired: false, strictTuples: false }).compile(
  definitionJsonSchema,
);

const faultsOf = (document: unknown): Fault[] => {
  const parsed = parseDefinition(JSON.stringify(document), 'test.json');
  return parsed.ok ? [] : parsed.faults;
};
const stages = (...rules: unknown[]): unknown => ({
  stages: [{ name: 'lead' }, ...rules.map((enter, i) => ({ name: `stage ${i}`, enter }))],
});

/** What only the parser can see: it looks across the document, into the catalogue or into the calendar. */
const BEYOND_THE_SCHEMA: readonly RegExp[] = [
  /an earlier stage too/,
  /can never hold/,
  /would keep/,
  /is no time zone/,
  /is personal/,
  /no known type/,
  /has no property/,
  /nested deeper/,
  /whole number of days/,
  /is longer than/,
  /is no duration/,
  /is not greater than that of/,
  /gaps where only/,
  /is no name that a property can have/,
  /one condition more/,
];

const good: [string, unknown][] = [
  ['the default definition', parse(DEFAULT_DEFINITION_TEXT)],
  ['one stage', { stages: [{ name: 'lead' }] }],
  [
    'every head key',
    { $schema: 'x', name: 'my-journey', description: 'd', timeZone: 'Europe/Berlin', stages: [{ name: 'a' }] },
  ],
  ['a count over everything', stages({ count: 'any', atLeast: 1 })],
  ['a type of one’s own', stages({ count: 'garden.gate.opened', atLeast: 3, within: '2w' })],
  ['both bounds', stages({ count: 'purchase', atLeast: 1, atMost: 4, within: '12h' })],
  ['sum beside', stages({ sum: 'purchase', property: 'value', atLeast: 100.5, within: '30d' })],
  ['sum inside', stages({ sum: { meaning: 'purchase', property: 'value', channel: 'web' }, atLeast: 100 })],
  [
    'since and tenure',
    stages({
      all: [
        { since: 'usage', atMost: '7d' },
        { tenure: 'any', atLeast: '30d' },
      ],
    }),
  ],
  ['tenure without a selector', stages({ tenure: null, atLeast: '30d' })],
  ['last', stages({ last: 'survey.answered', property: 'score', atLeast: 9 })],
  [
    'last with orMissing',
    stages({ last: { type: 'survey.answered', property: 'kind' }, oneOf: ['nps'], orMissing: true }),
  ],
  ['share', stages({ share: { of: 'complaint', among: { direction: 'inbound' } }, atMost: 0.2, within: '90d' })],
  ['engagement', stages({ not: { engagement: ['lapsed', 'at risk'] } }, { engagement: 'active' })],
  [
    'where in short forms',
    stages({ count: { type: 'x.y', where: { a: 1, b: ['x', true], c: { exists: false } } }, atLeast: 1 }),
  ],
  [
    'lists of words',
    stages({
      count: { meaning: 'purchase', channel: ['web', 'app'], source: 'till', direction: 'inbound' },
      atLeast: 1,
    }),
  ],
  [
    'own engagement limits',
    { stages: [{ name: 'a' }], engagement: { gaps: 4, cooling: { factor: 1.5, floor: '7d' } } },
  ],
];

const bad: [string, unknown][] = [
  ['no object', []],
  ['nothing', {}],
  ['no stages in the list', { stages: [] }],
  ['stages as an object', { stages: { lead: {} } }],
  ['an unknown key', { stages: [{ name: 'a' }], zone: 'UTC' }],
  ['plays', { stages: [{ name: 'a' }], plays: [] }],
  ['a stage without a name', { stages: [{}] }],
  ['a dotted stage name', { stages: [{ name: 'a.b' }] }],
  [
    'too many stages',
    { stages: Array.from({ length: 17 }, (_, i) => ({ name: `s${i}`, enter: { count: 'any', atLeast: 1 } })) },
  ],
  ['a second stage without enter', { stages: [{ name: 'a' }, { name: 'b' }] }],
  ['keep without enter', { stages: [{ name: 'a', keep: { count: 'any', atLeast: 1 } }] }],
  ['a bad name', { name: 'My Journey', stages: [{ name: 'a' }] }],
  ['an empty rule', stages({})],
  ['a rule as a list', stages([{ count: 'any', atLeast: 1 }])],
  ['two measures', stages({ count: 'any', since: 'any', atLeast: 1 })],
  ['an unknown measure', stages({ cuont: 'any', atLeast: 1 })],
  ['an unknown meaning', stages({ count: 'purchas', atLeast: 1 })],
  ['no comparison', stages({ count: 'purchase' })],
  ['a count of 0', stages({ count: 'purchase', atLeast: 0 })],
  ['half a count', stages({ count: 'purchase', atLeast: 1.5 })],
  ['a count in quotes', stages({ count: 'purchase', atLeast: '1' })],
  ['a number as a window', stages({ count: 'purchase', atLeast: 1, within: 365 })],
  ['a window of nothing', stages({ count: 'purchase', atLeast: 1, within: '0d' })],
  ['since in numbers', stages({ since: 'purchase', atMost: 180 })],
  ['since with a window', stages({ since: 'purchase', atMost: '180d', within: '1d' })],
  ['sum without a property', stages({ sum: 'purchase', atLeast: 1 })],
  ['the property twice', stages({ sum: { meaning: 'purchase', property: 'value' }, property: 'value', atLeast: 1 })],
  ['a share above 1', stages({ share: { of: 'complaint', among: 'any' }, atLeast: 2 })],
  ['a share of nothing', stages({ share: { of: 'complaint' }, atLeast: 0.2 })],
  ['a share of null', stages({ share: { of: null, among: 'any' }, atLeast: 0.2 })],
  ['a meaning and a type', stages({ count: { meaning: 'purchase', type: 'x.y' }, atLeast: 1 })],
  ['an empty where', stages({ count: { meaning: 'purchase', where: {} }, atLeast: 1 })],
  ['equals beside atLeast', stages({ count: { type: 'x.y', where: { a: { equals: 1, atLeast: 1 } } }, atLeast: 1 })],
  [
    'exists beside orMissing',
    stages({ count: { type: 'x.y', where: { a: { exists: true, orMissing: true } } }, atLeast: 1 }),
  ],
  ['null in where', stages({ count: { type: 'x.y', where: { a: null } }, atLeast: 1 })],
  ['a channel in capitals', stages({ count: { channel: ['web', 'Till'] }, atLeast: 1 })],
  ['an unknown direction', stages({ count: { direction: 'in' }, atLeast: 1 })],
  ['an unknown engagement', stages({ engagement: ['activ'] })],
  ['an engagement twice', stages({ engagement: ['active', 'active'] })],
  ['an empty all', stages({ all: [] })],
  ['not around a list', stages({ not: [{ count: 'any', atLeast: 1 }] })],
  ['no gaps', { stages: [{ name: 'a' }], engagement: { gaps: 0 } }],
  ['a factor of 0', { stages: [{ name: 'a' }], engagement: { cooling: { factor: 0 } } }],
  ['an unknown step', { stages: [{ name: 'a' }], engagement: { at_risk: {} } }],
];

describe('the JSON Schema of definitions', () => {
  it.each(good)('takes %s, as the parser does', (_, document) => {
    expect(faultsOf(document)).toEqual([]);
    expect(validate(document)).toBe(true);
  });

  it.each(bad)('refuses %s, as the parser does', (_, document) => {
    expect(faultsOf(document)).not.toEqual([]);
    expect(validate(document)).toBe(false);
  });

  it('agrees with the parser on documents with something changed at random', () => {
    const bases = good.map(([, document]) => document as JsonValue);
    const change = fc.record({
      at: fc.nat(),
      kind: fc.constantFrom('drop', 'put', 'add'),
      value: strangeValue,
      key: strangeKey,
    });
    let refused = 0;
    fc.assert(
      fc.property(fc.constantFrom(...bases), fc.array(change, { minLength: 1, maxLength: 3 }), (base, changes) => {
        const document = changes.reduce<JsonValue>((changed, { at, kind, value, key }) => {
          const spots = spotsOf(changed);
          return edited(changed, spots[at % spots.length] ?? [], kind, value, key);
        }, base);
        const faults = faultsOf(document);
        const schemaTakes = validate(document);
        if (faults.length > 0) refused++;
        if (faults.length === 0)
          expect({ document, schemaTakes, errors: validate.errors }).toMatchObject({ schemaTakes: true });
        else if (schemaTakes) {
          const inSchema = faults.filter(({ problem }) => !BEYOND_THE_SCHEMA.some((pattern) => pattern.test(problem)));
          expect({ document, inSchema }).toEqual({ document, inSchema: [] });
        }
      }),
      { numRuns: 1_500 },
    );
    expect(refused).toBeGreaterThan(300);
  });
});

const strangeKey = fc.constantFrom(
  'atLeast',
  'atMost',
  'within',
  'where',
  'property',
  'keep',
  'enter',
  'count',
  'orMissing',
  'x',
);
const strangeValue: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(
    0,
    1,
    2,
    0.5,
    -1,
    65,
    1e13,
    true,
    false,
    null,
    '',
    'any',
    'purchase',
    'x.y',
    'purchase.complete',
  ),
  fc.constantFrom<JsonValue>(
    '365d',
    '1d',
    '999999d',
    '12h',
    'active',
    'lead',
    'inbound',
    'email',
    [],
    {},
    ['active'],
    [1],
  ),
  fc.constantFrom<JsonValue>(
    { count: 'any', atLeast: 1 },
    { atLeast: 4 },
    { a: 1 },
    { meaning: 'purchase', property: 'value' },
  ),
);

type Spot = (string | number)[];

function spotsOf(value: JsonValue, here: Spot = []): Spot[] {
  if (typeof value !== 'object' || value === null) return [here];
  const members = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [here, ...members.flatMap(([key, member]) => spotsOf(member, [...here, key]))];
}

function edited(document: JsonValue, spot: Spot, kind: string, value: JsonValue, key: string): JsonValue {
  const copy = structuredClone(document);
  if (spot.length === 0) return kind === 'put' ? value : copy;
  let parent = copy as { [name: string]: JsonValue };
  for (const step of spot.slice(0, -1)) parent = parent[step] as { [name: string]: JsonValue };
  const last = spot[spot.length - 1] as string;
  const target = parent[last];
  if (kind === 'put') parent[last] = value;
  else if (kind === 'add' && typeof target === 'object' && target !== null && !Array.isArray(target))
    target[key] = value;
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return copy;
}
