import fc from 'fast-check';
import { parseDefinition } from '../../language/definition/parse-definition';
import { DAY_MS, HOUR_MS } from '../../language/duration';
import type { PlaysPart } from '../play';
import { documentWith, EXAMPLE_PLAY, faultsOf, playWith } from './plays.fixture';

const partOf = (text: string): PlaysPart => {
  const parsed = parseDefinition(text, 'my.yaml');
  if (!parsed.ok || parsed.definition.plays === undefined) throw new Error(JSON.stringify(parsed));
  return parsed.definition.plays;
};
const steps = (list: string): string => documentWith([playWith({ steps: list })]);
const rule = (who: string): string => documentWith([playWith({ who })]);
const on = (trigger: string): string => documentWith([playWith({ on: trigger })]);
const guards = (text: string): string => documentWith([playWith({})], `guards: ${text}\n`);

describe('the example of docs/plays.md', () => {
  it('says what it is meant to say', () => {
    const [play] = partOf(documentWith([EXAMPLE_PLAY])).plays;
    const acts = { staleAfter: 7 * DAY_MS, sendWithin: 4 * HOUR_MS };
    expect(play).toEqual({
      name: 'after-the-deed',
      why: 'a deed deserves thanks before anything else is asked',
      owner: 'community',
      purpose: 'relationship',
      trigger: { on: 'touchpoint', of: { meaning: 'advocacy' } },
      who: { not: { fact: 'stage', oneOf: ['lead'] } },
      again: { every: 90 * DAY_MS },
      holdout: 0.1,
      priority: 0,
      migrate: false,
      salt: 'after-the-deed',
      steps: [
        { step: 'act', path: '0', verb: 'give', what: 'thanks', by: 'email', template: 'thanks-for-the-deed', ...acts },
        { step: 'waitFor', path: '1', of: { meaning: 'praise' }, atMost: 14 * DAY_MS },
        {
          step: 'branch',
          path: '2',
          arms: [
            {
              if: { fact: 'driver', oneOf: ['community'] },
              then: [
                {
                  ...{ step: 'act', path: '2.0.0', verb: 'ask', what: 'community-answer', by: 'email' },
                  ...{ template: 'help-a-peer', ...acts },
                },
              ],
            },
            {
              then: [
                {
                  ...{ step: 'act', path: '2.1.0', verb: 'ask', what: 'reference', by: 'task' },
                  ...{ team: 'sales', sla: 2 * DAY_MS, escalateTo: 'head-of-sales', ...acts },
                },
              ],
            },
          ],
        },
      ],
      goal: { of: { meaning: 'advocacy' }, within: 60 * DAY_MS },
      exit: {
        any: [
          { measure: 'engagement', oneOf: ['at risk', 'lapsed'] },
          { fact: 'openComplaint', is: true },
        ],
      },
    });
  });
});

describe('parsePlays: what is good', () => {
  it.each([
    ['stage entered or left', '{ stage: { entered: loyal, left: [lead] } }'],
    ['a touchpoint with where', '{ touchpoint: { type: survey.answered, where: { score: { atMost: 6 } } } }'],
    ['a touchpoint in one word', '{ touchpoint: complaint }'],
    ['engagement', '{ engagement: { to: [at risk], from: active } }'],
    ['a date before', '{ date: subscription.started, property: renewsAt, before: 30d }'],
    ['a date after', '{ date: subscription.started, property: renewsAt, after: 1d }'],
    ['a date itself', '{ date: subscription.started, property: renewsAt }'],
    ['an audience', '{ audience: { at: "09:00", weekdays: [mon], spread: 6h } }'],
    ['by hand', 'manual'],
  ])('takes the trigger %s', (_, trigger) => {
    expect(faultsOf(on(trigger))).toEqual([]);
  });

  it.each([
    '{ stage: [lead, loyal] }',
    '{ openComplaint: false }',
    '{ driver: [coolness, human touch] }',
    '{ kind: employee }',
    '{ trait: tags, equals: vip }',
    '{ trait: locale, oneOf: [de, en], orMissing: true }',
    '{ not: { enrolled: test } }',
    '{ enrolled: test, is: false }',
    '{ owed: thanks }',
    '{ consent: { purpose: relationship, channel: email }, is: unknown }',
    '{ all: [ { count: purchase, atLeast: 2, within: 30d }, { engagement: active }, { stage: loyal } ] }',
  ])('takes the rule %s', (who) => {
    expect(faultsOf(rule(who))).toEqual([]);
  });

  it.each([
    '[ { task: call-back } ]',
    '[ { task: call-back, by: task, template: plain, team: sales, sla: 4h, escalateTo: head-of-sales } ]',
    '[ { tell: news, by: webhook, ifWithheld: exit, staleAfter: 2d, sendWithin: 1h } ]',
    '[ { wait: 3d }, { waitUntil: { time: "09:00" } }, { waitUntil: { weekdays: mon } }, { end: } ]',
    '[ { split: [ { name: a, share: 50%, then: [ { end: } ] }, { name: b, share: 50%, then: [] } ] }, { wait: 1d } ]',
    '[ { set: { trait: driver, value: community } }, { set: { trait: mood, value: null } } ]',
    '[ { branch: [ { if: { stage: lead }, then: [] } ] }, { wait: 1d } ]',
  ])('takes the steps %s', (list) => {
    expect(faultsOf(steps(list))).toEqual([]);
  });

  it('knows a trait that another play sets', () => {
    const sets = playWith({ name: 'sets', steps: '[ { set: { trait: mood, value: good } } ]' });
    expect(faultsOf(documentWith([playWith({ who: '{ trait: mood, equals: good }' }), sets]))).toEqual([]);
  });

  it('takes guards in part, and the rest as they are', () => {
    const part = partOf(guards('{ asks: { cooldown: 10d }, quiet: { from: "21:30" }, caps: [] }'));
    expect(part.guards.asks).toMatchObject({ cooldown: 10 * DAY_MS, atMost: 3 });
    expect(part.guards.quiet).toEqual({ from: 21 * 60 + 30, until: 8 * 60, weekdays: [1, 2, 3, 4, 5, 6] });
    expect(part.guards.caps).toEqual([]);
  });
});

describe('parsePlays: warnings', () => {
  const warnings = (text: string): string[] => {
    const parsed = parseDefinition(text, 'my.yaml');
    return parsed.ok ? parsed.warnings.map(({ path, problem }) => `${path}: ${problem}`) : ['faulty'];
  };

  it('tells an ask without a give before it, on whatever way', () => {
    const ask = '{ ask: x, by: log }';
    const give = '{ give: x, by: log }';
    const branch = (then: string, other: string): string =>
      `{ branch: [ { if: { stage: lead }, then: [ ${then} ] }, ${other} ] }`;
    const where = (list: string): string[] => warnings(steps(list)).map((text) => text.split(':')[0] ?? '');
    expect(where(`[ ${ask} ]`)).toEqual(['/plays/0/steps/0']);
    expect(where(`[ ${give}, { wait: 1d }, ${ask} ]`)).toEqual([]);
    expect(where(`[ ${branch(give, `{ else: [ ${ask} ] }`)}, ${ask} ]`)).toEqual([
      '/plays/0/steps/0/branch/1/else/0',
      '/plays/0/steps/1',
    ]);
    expect(where(`[ ${branch(give, `{ else: [ ${give} ] }`)}, ${ask} ]`)).toEqual([]);
    expect(where(`[ ${branch(give, '{ if: { stage: loyal }, then: [ { give: y, by: log } ] }')}, ${ask} ]`)).toEqual([
      '/plays/0/steps/1',
    ]);
  });

  it('tells what would reach everybody or nobody', () => {
    expect(warnings(on('{ touchpoint: any }'))).toEqual([
      '/plays/0/on: looks at every touchpoint of every customer (my.yaml line 16)',
    ]);
    const once = { on: '{ touchpoint: { direction: inbound } }', again: 'never' };
    expect(warnings(documentWith([playWith({ ...once, who: '{ stage: lead }' })]))).toEqual([]);
    expect(warnings(documentWith([playWith(once)])).join()).toContain('looks at every touchpoint');
    expect(warnings(on('{ audience: { at: "09:00", spread: 6h } }')).join()).toContain('entered by everybody');
    expect(warnings(documentWith([playWith({ purpose: 'upsell' })])).join()).toContain(
      'no default for unknown consent',
    );
    expect(warnings(documentWith([playWith({ purpose: 'service' })]))).toEqual([]);
  });
});

describe('the canonical text of plays', () => {
  it('parses to the same, and to the same text', () => {
    const everything = playWith({
      name: 'all',
      on: '{ date: { type: x.y, channel: web }, property: z, before: 3d }',
      who: '{ any: [ { trait: tags, oneOf: [a, b] }, { consent: { purpose: p, channel: log }, is: given }, { owed: thanks, is: false } ] }',
      again: 'always',
      holdout: '0.5%',
      priority: '-3',
      migrate: 'true',
      salt: 'other',
      steps:
        '[ { split: [ { name: a, share: 30%, then: [ { waitUntil: { time: "23:59", weekdays: [sat, mon] } } ] }, { name: b, share: 70%, then: [ { set: { trait: mood, value: null } }, { end: } ] } ] }, { task: x, sla: 90m, ifWithheld: skip } ]',
    });
    const text = documentWith([EXAMPLE_PLAY, everything], 'guards: { consentUnknown: { constructor: allowed } }\n');
    const first = parseDefinition(text, 'first');
    if (!first.ok) throw new Error(JSON.stringify(first.faults));
    const second = parseDefinition(first.canonical, 'second');
    expect(second).toMatchObject({ ok: true, definition: first.definition, canonical: first.canonical });
    expect(first.definition.plays?.plays[1]?.holdout).toBe(0.005);
  });

  it('is the same whatever is left out or written differently', () => {
    const short = documentWith([playWith({ on: '{ touchpoint: praise }' })]);
    const long = documentWith([
      playWith({
        on: '{ touchpoint: { meaning: praise } }',
        again: 'never',
        holdout: '0%',
        salt: 'test',
        priority: '0',
      }),
    ]);
    const [a, b] = [short, long].map((text) => parseDefinition(text, 'x'));
    expect(a?.ok && b?.ok && a.canonical === b.canonical).toBe(true);
  });

  it('is untouched where there are no plays', () => {
    const parsed = parseDefinition('stages: [ { name: lead } ]', 'x');
    expect(parsed.ok && /plays|guards|teams|templates/.test(parsed.canonical)).toBe(false);
  });
});

describe('parsePlays: whatever the document', () => {
  it('never throws', () => {
    const key = fc.constantFrom(
      'name',
      'on',
      'steps',
      'who',
      'give',
      'branch',
      'then',
      'if',
      'split',
      'set',
      'trait',
      'goal',
    );
    const leaf = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.constantFrom(null, true, '1d', 'email', 'manual', 'lead', '50%'),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(key, fc.string()), tie('value'), { maxKeys: 4 }),
      ),
    }));
    const parts = fc.constantFrom('plays', 'guards', 'teams', 'templates');
    fc.assert(
      fc.property(fc.dictionary(parts, fc.oneof(value, fc.array(value))), (document) => {
        const text = JSON.stringify({ stages: [{ name: 'lead' }], ...document });
        expect(typeof parseDefinition(text, 'x').ok).toBe('boolean');
      }),
      { numRuns: 500 },
    );
  });
});
