import fc from 'fast-check';
import type { Rule } from '../../definition';
import { DAY_MS } from '../duration';
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
        '/plays: the list of plays is empty (my.yaml line 9). Name at least one, or leave the key out',
        '/zone: the document has no key "zone" (my.yaml line 10). Use one of: $schema, name, description, timeZone, stages, engagement, plays, guards, teams, templates',
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
