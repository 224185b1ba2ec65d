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
import { DEFAULT_DEFINITION_TEXT } from './default-definition';
import { DEFAULT_ENGAGEMENT } from './engagement-parser';
import { parseDefinition } from './parse-definition';

const faults = (text: string): string[] => {
  const parsed = parseDefinition(text, 'my.yaml');
  return parsed.ok ? [] : parsed.faults.map(({ path, problem, mend }) => `${path}: ${problem}. ${mend}`);
};
const rule = (text: string): string => `stages: [ { name: lead }, { name: next, enter: ${text} } ]`;

const purchase = { meaning: 'purchase' };
const YEAR = 365 * DAY_MS;
const HALF = 180 * DAY_MS;

describe('the default definition', () => {
  it('says exactly what it is meant to say', () => {
    const parsed = parseDefinition(DEFAULT_DEFINITION_TEXT, 'default');
    const days = (atLeast: number): Rule => ({
      all: [
        { measure: 'distinctDays', of: purchase, compare: { atLeast }, within: YEAR },
        { measure: 'since', of: purchase, compare: { atMost: HALF } },
      ],
    });
    const deed = { meaning: 'advocacy', where: { rating: { atLeast: 4, orMissing: true } } };
    expect(parsed).toMatchObject({ ok: true });
    expect(parsed.ok && parsed.definition).toEqual({
      name: 'journey',
      timeZone: 'UTC',
      stages: [
        { name: 'lead' },
        { name: 'customer', enter: { measure: 'count', of: purchase, compare: { atLeast: 1 } } },
        { name: 'loyal', enter: days(3), keep: days(2) },
        { name: 'advocate', enter: { measure: 'count', of: deed, compare: { atLeast: 1 }, within: YEAR } },
      ],
      engagement: DEFAULT_ENGAGEMENT,
    });
  });

  it('has a comment above every stage and every limit', () => {
    const lines = DEFAULT_DEFINITION_TEXT.split('\n');
    for (const [i, line] of lines.entries()) {
      if (!/^\s*(- name|gaps|gapsAtLeast|cooling|atRisk|lapsed|timeZone):/.test(line)) continue;
      expect([line, lines[i - 1]?.trim().startsWith('#')]).toEqual([line, true]);
    }
  });
});

describe('parseDefinition: faults', () => {
  it('lists all of them, each with its path, its line and a mend', () => {
    const text = [
      'name: Bad Name',
      'timeZone: Europe/Berln',
      'stages:',
      '  - name: lead',
      '  - name: lead',
      '    enter: { cuont: purchase, atLeast: 1 }',
      '  - name: loyal',
      '    keep: { since: purchase, atMost: 180 }',
      'plays: []',
      'zone: UTC',
    ].join('\n');
    const found = parseDefinition(text, 'my.yaml');
    expect(found.ok).toBe(false);
    expect(faults(text).sort()).toEqual(
      [
        '/plays: plays are not part of this version (my.yaml line 9). Leave the key out; stages and engagement work without',
        '/zone: the document has no key "zone" (my.yaml line 10). Use one of: $schema, name, description, timeZone, stages, engagement, plays',
        '/name: is no name of a definition (my.yaml line 1). Use lower-case letters, digits and "-", a letter first, at most 63',
        '/timeZone: "Europe/Berln" is no time zone (my.yaml line 2). Did you mean "Europe/Berlin"?',
        '/stages/1/name: "lead" is the name of an earlier stage too (my.yaml line 5). Name it differently',
        '/stages/1/enter/cuont: "cuont" is no measure (my.yaml line 6). Did you mean "count"?',
        '/stages/2/keep: keeps customers on a stage that nobody has to enter (my.yaml line 8). Add "enter", or leave "keep" out',
        '/stages/2/keep/atMost: is no duration: 180 (my.yaml line 8). Write a whole number and a unit (s, m, h, d, w), such as 180d',
      ].sort(),
    );
  });

  it.each([
    ['broken YAML', 'stages: [ { name: lead', 'my.yaml line 1'],
    ['a key twice', 'stages: []\nstages: []', 'my.yaml line 2, column 1'],
    ['two documents', 'stages: []\n---\nstages: []', 'my.yaml line 2'],
    ['brackets without end', '['.repeat(20_000), 'my.yaml'],
    [
      'an alias bomb',
      `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nstages: [${'*b,'.repeat(60)}]`,
      'my.yaml',
    ],
    ['too long a text', '#'.repeat(70_000), '70000 characters'],
    ['an unknown tag', 'stages: !stages []', 'my.yaml line 1'],
    ['nothing', '', 'must be an object, but is null'],
    ['a near type', rule('{ count: purchase.complete, atLeast: 1 }'), 'Did you mean "purchase.completed"?'],
    [
      'a near property',
      rule('{ count: { type: review.posted, where: { ratng: 4 } }, atLeast: 1 }'),
      'Did you mean "rating"?',
    ],
    [
      'a near channel key',
      rule('{ count: { meaning: purchase, chanel: web }, atLeast: 1 }'),
      'Did you mean "channel"?',
    ],
    ['a channel that no touchpoint can have', rule('{ count: { channel: Web }, atLeast: 1 }'), 'for example "web"'],
    ['a near engagement', rule('{ engagement: lapse }'), 'Did you mean "lapsed"?'],
    ['atLeast above atMost', rule('{ count: purchase, atLeast: 3, atMost: 2 }'), 'can never hold: atLeast is greater'],
    ['a test that cannot hold', rule('{ last: survey.answered, property: kind, equals: npx }'), 'Did you mean "nps"?'],
    [
      'a number test on a text',
      rule('{ last: survey.answered, property: kind, atLeast: 1 }'),
      'is a string, not a number',
    ],
    ['a personal property', rule('{ last: any, property: email, exists: true }'), 'is personal and stands apart'],
    [
      'a personal trait',
      rule('{ last: profile.updated, property: company, equals: x }'),
      'is personal and stands apart',
    ],
    ['too many moments', rule('{ count: purchase, atLeast: 65, within: 30d }'), 'COUNT_KEPT_MAX'],
    ['too many moments of atMost', rule('{ count: purchase, atMost: 64, within: 30d }'), 'COUNT_KEPT_MAX'],
    ['too many days', rule('{ distinctDays: purchase, atLeast: 65 }'), 'COUNT_KEPT_MAX'],
    ['too long a sum', rule('{ sum: purchase, property: value, atLeast: 1, within: 401d }'), 'DAYS_KEPT_MAX'],
    [
      'half a day of a sum',
      rule('{ sum: purchase, property: value, atLeast: 1, within: 36h }'),
      'no whole number of days',
    ],
    ['too long a window', rule('{ count: purchase, atLeast: 1, within: 3651d }'), 'longer than 3650 days'],
    ['too deep a rule', rule(`${'{ not: '.repeat(9)}{ engagement: active }${' }'.repeat(9)}`), 'nested deeper than 8'],
    [
      'limits that fall',
      'stages: [ { name: a } ]\nengagement: { atRisk: { factor: 2 } }',
      'not greater than that of cooling',
    ],
    ['gaps that never come', 'stages: [ { name: a } ]\nengagement: { gaps: 2 }', 'only 2 are kept'],
    ['a zone in another case', 'stages: [ { name: a } ]\ntimeZone: europe/berlin', 'Did you mean "Europe/Berlin"?'],
    ['an offset as a zone', 'stages: [ { name: a } ]\ntimeZone: "+01:00"', 'is no time zone'],
  ])('refuses %s', (_, text, expected) => {
    expect(faults(text).join('\n')).toContain(expected);
  });

  it('takes the greatest counts within the bounds, and any count without a window', () => {
    expect(faults(rule('{ count: purchase, atLeast: 64, within: 30d }'))).toEqual([]);
    expect(faults(rule('{ distinctDays: purchase, atMost: 63 }'))).toEqual([]);
    expect(faults(rule('{ count: purchase, atLeast: 100000 }'))).toEqual([]);
  });

  it('refuses what would keep more state than the bound, and names the greatest parts', () => {
    const sum = (channel: string): string =>
      `{ sum: { meaning: purchase, channel: ${channel} }, property: value, atLeast: 1, within: 400d }`;
    expect(faults(rule(`{ all: [ ${sum('a')}, ${sum('b')} ] }`))).toEqual([]);
    // The same measure compared twice is kept once.
    expect(faults(rule(`{ all: [ ${sum('a')}, ${sum('a')}, ${sum('b')} ] }`))).toEqual([]);
    expect(faults(rule(`{ all: [ ${sum('a')}, ${sum('b')}, ${sum('c')} ] }`)).join()).toMatch(
      /\/stages: would keep 19248 bytes .*16384 \(STATE_BYTES_MAX\).*sum "value" of purchase \[channel a\]/,
    );
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'{}[]:,-&*!|>#"\' \nab1') })), (text) => {
        expect(parseDefinition(text, 'x').ok).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });
});

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
        else expect(parsed).toEqual({ ok: true, definition, canonical });
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
