import fc from 'fast-check';
import {
  ENGAGEMENTS,
  type Comparison,
  type Condition,
  type Definition,
  type Rule,
  type Selector,
  type ValueTest,
} from '../../definition';
import { canonicalCondition } from '../canonical-condition';
import { MEANINGS } from '../catalogue/catalogue-entry';
import { DAY_MS, formatDuration, HOUR_MS, parseDuration, SECOND_MS } from '../duration';
import { conditionParts } from '../words/canonical-text';
import { canonicalDefinition } from './canonical-definition';
import { DEFAULT_ENGAGEMENT } from './engagement-parser';
import { parseDefinition } from './parse-definition';

const purchase = { meaning: 'purchase' };
const YEAR = 365 * DAY_MS;
const HALF = 180 * DAY_MS;

const bounded = (low: fc.Arbitrary<number>): fc.Arbitrary<Comparison> =>
  fc.tuple(low, low, fc.constantFrom('low', 'high', 'both')).map(([a, b, which]) => {
    if (which === 'low') return { atLeast: a };
    return which === 'high' ? { atMost: a } : { atLeast: Math.min(a, b), atMost: Math.max(a, b) };
  });
const amounts = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((amount) => amount + 0);
const words = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 3 });
const scalars = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 8 }), amounts, fc.boolean());
const tests: fc.Arbitrary<ValueTest> = fc.oneof(
  fc.record({ equals: scalars, orMissing: fc.constant(true) }, { requiredKeys: ['equals'] }),
  fc.record({ oneOf: fc.array(scalars, { minLength: 1, maxLength: 3 }) }),
  bounded(amounts),
  fc.record({ exists: fc.boolean() }),
);
const selectors: fc.Arbitrary<Selector> = fc
  .tuple(
    fc.oneof(
      fc.constant({}),
      fc.record({ meaning: fc.constantFrom(...MEANINGS) }),
      fc.constantFrom({ type: 'garden.gate.opened' }),
    ),
    fc.record(
      {
        where: fc.dictionary(fc.constantFrom('value', 'x y', 'ü', 'a]b', 'sku'), tests, { minKeys: 1, maxKeys: 2 }),
        channel: fc.array(fc.constantFrom('web', 'app', 'e-mail', 'in.store'), { minLength: 1, maxLength: 3 }),
        direction: fc.constantFrom('inbound' as const, 'outbound' as const),
        source: words,
      },
      { requiredKeys: [] },
    ),
  )
  .map(([kind, narrowed]) => ({ ...kind, ...narrowed }));
const spans = fc
  .tuple(fc.integer({ min: 1, max: 300 }), fc.constantFrom(SECOND_MS, HOUR_MS, DAY_MS))
  .map(([count, unit]) => count * unit);
const maybe = (within: fc.Arbitrary<number>): fc.Arbitrary<{ within?: number }> =>
  fc.oneof(fc.constant({}), fc.record({ within }));
const wholeDays = fc.integer({ min: 1, max: 5 }).map((days) => days * DAY_MS);
const counts = bounded(fc.integer({ min: 1, max: 63 }));
const conditions: fc.Arbitrary<Condition> = fc.oneof(
  fc
    .tuple(fc.constantFrom('count' as const, 'distinctDays' as const), selectors, counts, maybe(spans))
    .map(([measure, of, compare, within]): Condition => ({ measure, of, compare, ...within })),
  fc
    .tuple(selectors, bounded(amounts), maybe(wholeDays))
    .map(([of, compare, within]): Condition => ({ measure: 'sum', of, property: 'value', compare, ...within })),
  fc.record({ measure: fc.constantFrom('since' as const, 'tenure' as const), of: selectors, compare: bounded(spans) }),
  fc.record({
    measure: fc.constant('last' as const),
    of: selectors,
    property: fc.constantFrom('score', 'q "1"'),
    test: tests,
  }),
  fc
    .tuple(
      selectors,
      selectors,
      bounded(fc.double({ min: 0, max: 1, noNaN: true }).map((n) => n + 0)),
      maybe(wholeDays),
    )
    .map(([of, among, compare, within]): Condition => ({ measure: 'share', of, among, compare, ...within })),
  fc.record({
    measure: fc.constant('engagement' as const),
    oneOf: fc.uniqueArray(fc.constantFrom(...ENGAGEMENTS), { minLength: 1 }),
  }),
);
const rules: fc.Arbitrary<Rule> = fc.letrec<{ rule: Rule }>((tie) => {
  const list = fc.array(tie('rule'), { minLength: 1, maxLength: 3 });
  return {
    rule: fc.oneof(
      { maxDepth: 2, depthIdentifier: 'rule' },
      conditions,
      list.map((all): Rule => ({ all })),
      list.map((any): Rule => ({ any })),
      tie('rule').map((not): Rule => ({ not })),
    ),
  };
}).rule;
const definitions: fc.Arbitrary<Definition> = fc.record({
  name: fc.constantFrom('journey', 'b2b-2'),
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns'),
  stages: fc
    .array(fc.record({ enter: rules, keep: rules }, { requiredKeys: ['enter'] }), { maxLength: 3 })
    .map((rungs) => [{ name: 'lead' }, ...rungs.map((rung, i) => ({ name: `Stufe ${i + 1}`, ...rung }))]),
  engagement: fc.constantFrom(DEFAULT_ENGAGEMENT, { ...DEFAULT_ENGAGEMENT, gaps: 32, gapsAtLeast: 1 }),
});

describe('the canonical text', () => {
  it('parses to the same definition, and to the same text', () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        const canonical = canonicalDefinition(definition);
        const parsed = parseDefinition(canonical, 'canonical');
        // Random rules may ask for too much state or too many conditions; they must not fail for another reason.
        if (!parsed.ok)
          expect(parsed.faults.map(({ problem }) => problem).join()).toMatch(/would keep|one condition more/);
        else expect(parsed).toEqual({ ok: true, definition, canonical, warnings: [] });
      }),
      { numRuns: 120 },
    );
  });

  it('does not see comments, order of keys, units or short forms', () => {
    const texts = [
      '# a comment\nstages:\n  - name: a\n    description: x\n    enter: { atLeast: 1, within: 2w, count: purchase }',
      'timeZone: UTC\nstages: [ { enter: { within: 336h, count: { meaning: purchase }, atLeast: 1.0 }, name: a } ]\nname: journey',
    ];
    const canonical = texts.map((text) => parseDefinition(text, 'x')).map((parsed) => parsed.ok && parsed.canonical);
    expect(canonical[0]).toBeTruthy();
    expect(canonical[1]).toBe(canonical[0]);
  });
});

describe('the canonical line of a condition', () => {
  it('differs where conditions differ, and can be taken apart again', () => {
    fc.assert(
      fc.property(conditions, conditions, (a, b) => {
        const [textA, textB] = [canonicalCondition(a), canonicalCondition(b)];
        const written = (condition: Condition): string =>
          canonicalDefinition({
            name: 'x',
            timeZone: 'UTC',
            stages: [{ name: 'a', enter: condition }],
            engagement: DEFAULT_ENGAGEMENT,
          });
        if (textA === textB) expect(written(a)).toBe(written(b));
        expect(conditionParts(textA)?.measure).toBe(a.measure);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['count purchase at least 1', { measure: 'count', of: purchase, compare: { atLeast: 1 } }],
    [
      'distinctDays purchase at least 3 within 365d',
      { measure: 'distinctDays', of: purchase, compare: { atLeast: 3 }, within: YEAR },
    ],
    ['since any at most 180d', { measure: 'since', of: {}, compare: { atMost: HALF } }],
    [
      'sum "value" of garden.gate.opened [channel web|app, inbound, source "till 4", sku one of 1|"x"] at most 5',
      {
        measure: 'sum',
        of: {
          type: 'garden.gate.opened',
          channel: ['web', 'app'],
          direction: 'inbound',
          source: ['till 4'],
          where: { sku: { oneOf: [1, 'x'] } },
        },
        property: 'value',
        compare: { atMost: 5 },
      },
    ],
  ] as [string, Condition][])('reads %s', (text, condition) => {
    expect(canonicalCondition(condition)).toBe(text);
  });
});

describe('durations', () => {
  it('are read and written back', () => {
    fc.assert(
      fc.property(spans, (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
    expect(['2w', '365d', '12h', '30m', '45s'].map(parseDuration)).toEqual([
      14 * DAY_MS,
      YEAR,
      12 * HOUR_MS,
      HOUR_MS / 2,
      45 * SECOND_MS,
    ]);
    expect(['', '0d', '1', 'd', '1.5d', '-1d', '1 d', '1D', '36501d', '99999999999s'].map(parseDuration)).toEqual(
      Array.from({ length: 10 }, () => undefined),
    );
  });
});
