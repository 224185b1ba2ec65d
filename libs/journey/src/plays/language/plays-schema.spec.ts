import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import { parse } from 'yaml';
import { definitionJsonSchema } from '../../language/definition/definition-schema';
import type { JsonValue } from '../../touchpoint';
import { parseDefinition } from '../../language/definition/parse-definition';
import { documentWith, EXAMPLE_PLAY, playWith } from './plays.fixture';

const validate = new Ajv2020({ strict: true, strictRequired: false, strictTuples: false }).compile(
  definitionJsonSchema,
);

/** What only the parser can see: it looks across the document, into the catalogue or into the calendar. */
const BEYOND_THE_SCHEMA: readonly RegExp[] = [
  ...[/of this document/, /an earlier \w+ too/, /of this definition/, /can never hold/, /is never reached/],
  ...[/has no subject/, /has no template/, /would (keep|look back)/, /is (longer|shorter) than/, /no known type/],
  ...[/is personal/, /is no time zone/, /is no duration/, /shares of/, /not after they begin/, /a survey asks/],
  ...[/holds customers out/, /belongs to the profile/, /is not a driver/, /has a condition of its own/, /same cap/],
  ...[/control character/, /spaces at its ends/, /must be a text, but is a string/, /nested deeper/, /one step more/],
  ...[/minutes of the day/, /has no property/, /whole number of days/, /names "\w+" twice/],
];

const REST = playWith({
  name: 'rest',
  on: '{ date: { type: x.y, channel: web }, property: z, before: 3d }',
  who: '{ any: [ { trait: tags, oneOf: [a, b] }, { consent: { purpose: p, channel: log }, is: given }, { owed: thanks, is: false }, { enrolled: rest }, { kind: employee }, { stage: [lead, loyal] }, { count: purchase, atLeast: 2 } ] }',
  again: 'always',
  holdout: '0.5%',
  priority: '-3',
  migrate: 'true',
  salt: 'other',
  steps:
    '[ { split: [ { name: a, share: 30%, then: [ { waitUntil: { time: "23:59", weekdays: [sat, mon] } } ] }, { name: b, share: 70%, then: [] } ] }, { set: { trait: mood, value: null } }, { task: x, sla: 90m, ifWithheld: skip }, { tell: x, by: log }, { end: } ]',
});
const MORE = `
guards:
  consentUnknown: { relationship: allowed }
  caps: [ { channel: email, purpose: relationship, atMost: 2, within: 7d } ]
  quiet: { from: "20:00", until: "08:00", weekdays: mon }
  asks: { cooldown: 3d, prior: { rate: 0.2, weight: 3 } }
`;
const triggers = ['manual', '{ audience: { at: "09:00", spread: 6h } }', '{ stage: { left: lead } }'];
const bases = [
  documentWith([EXAMPLE_PLAY, REST], MORE),
  ...triggers.map((on) => documentWith([playWith({ on })])),
  documentWith([playWith({ on: '{ engagement: { to: active, from: [lapsed] } }' })]),
].map((text) => parse(text) as JsonValue);

type Spot = (string | number)[];

function spotsOf(value: JsonValue, here: Spot = []): Spot[] {
  if (typeof value !== 'object' || value === null) return [here];
  const members = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [here, ...members.flatMap(([key, member]) => spotsOf(member, [...here, key]))];
}

function changed(document: JsonValue, spot: Spot, value: JsonValue | undefined, key: string | undefined): JsonValue {
  const copy = structuredClone(document);
  const last = spot.at(-1);
  if (last === undefined) return copy;
  let parent = copy as { [name: string]: JsonValue };
  for (const step of spot.slice(0, -1)) parent = parent[step] as { [name: string]: JsonValue };
  const target = parent[last];
  if (key !== undefined && typeof target === 'object' && target !== null && !Array.isArray(target)) {
    target[key] = value ?? null;
  } else if (value !== undefined) parent[last] = value;
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return copy;
}

const strange: fc.Arbitrary<JsonValue | undefined> = fc.constantFrom<JsonValue | undefined>(
  ...[undefined, 0, 1, 0.5, -1, 65, true, null, '', 'x', 'X y', '1d', '12h', '10%', '50%', '09:00', 'mon', 'email'],
  ...['task', 'lead', 'manual', 'always', 'every 2d', 'purchase', 'given', 'skip', 'community', 'allowed'],
  ...[[], {}, ['mon'], [{ end: null }], { wait: '1d' }, { stage: 'lead' }, { give: 'x', by: 'log' }, { else: [] }],
);
const key = fc.constantFrom(
  ...[undefined, 'by', 'team', 'sla', 'atMost', 'within', 'is', 'else', 'then', 'property', 'after', 'weekdays', 'x'],
);

describe('the JSON Schema of plays', () => {
  it('takes what the parser takes', () => {
    for (const base of bases) {
      expect(parseDefinition(JSON.stringify(base), 'x')).toMatchObject({ ok: true });
      expect({ taken: validate(base), errors: validate.errors }).toEqual({ taken: true, errors: null });
    }
  });

  it('agrees with the parser on documents with something changed at random', () => {
    const seen = { refused: 0, taken: 0 };
    fc.assert(
      fc.property(fc.constantFrom(...bases), fc.nat(), strange, key, (base, at, value, member) => {
        const spots = spotsOf(base);
        const document = changed(base, spots[at % spots.length] ?? [], value, member);
        const parsed = parseDefinition(JSON.stringify(document), 'x');
        const schemaTakes = validate(document);
        if (parsed.ok) {
          seen.taken++;
          expect({ document, schemaTakes, errors: validate.errors }).toMatchObject({ schemaTakes: true });
        } else if (schemaTakes) {
          const faults = parsed.faults.map(({ problem }) => problem);
          const inSchema = faults.filter((problem) => !BEYOND_THE_SCHEMA.some((known) => known.test(problem)));
          expect({ document, inSchema }).toEqual({ document, inSchema: [] });
        } else seen.refused++;
      }),
      { numRuns: 2_000 },
    );
    expect(seen.refused).toBeGreaterThan(300);
    expect(seen.taken).toBeGreaterThan(100);
  });
});
