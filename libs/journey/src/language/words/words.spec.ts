import type { ConditionEvidence, Evidence, StageChanged } from '../../decision';
import type { Condition } from '../../definition';
import { canonicalCondition } from '../canonical-condition';
import { DAY_MS, HOUR_MS } from '../duration';
import { changeSentence, reasonSentence, rungSentence } from './change-words';
import { conditionSentence } from './condition-words';
import { missingSentence } from './missing-words';

const at = Date.parse('2026-03-04T12:00:00Z');
const YEAR = 365 * DAY_MS;
const days = (...texts: string[]): ConditionEvidence['touchpoints'] =>
  texts.map((text, i) => ({ touchpointId: `t-${i}`, occurredAt: Date.parse(`${text}T09:00:00Z`) }));
const evidence = (condition: Condition | string, more: Partial<ConditionEvidence>): ConditionEvidence => ({
  path: 'loyal.enter',
  condition: typeof condition === 'string' ? condition : canonicalCondition(condition),
  holds: true,
  value: null,
  touchpoints: [],
  ...more,
});
const purchase = { meaning: 'purchase' };
const threeDays: Condition = { measure: 'distinctDays', of: purchase, compare: { atLeast: 3 }, within: YEAR };
const twoDays: Condition = { ...threeDays, compare: { atLeast: 2 } };
const recent: Condition = { measure: 'since', of: purchase, compare: { atMost: 180 * DAY_MS } };
const bought: Condition = { measure: 'count', of: purchase, compare: { atLeast: 1 } };
const change = (from: string | null, to: string, rule: string, conditions: ConditionEvidence[]): StageChanged => {
  const decided: Evidence = { definition: 'journey', definitionVersion: 1, rule, at, conditions };
  return {
    type: 'StageChanged',
    from,
    to,
    at,
    definitionVersion: 1,
    evidence: decided,
    cause: { kind: 'settling' },
    history: false,
  };
};

describe('conditionSentence', () => {
  const deed: Condition = {
    measure: 'count',
    of: { meaning: 'advocacy', where: { rating: { atLeast: 4, orMissing: true } } },
    compare: { atLeast: 1 },
    within: YEAR,
  };
  it.each<[string, ConditionEvidence]>([
    [
      'purchases on 3 distinct days within 365 days (2026-01-02, 2026-02-01, 2026-03-04; at least 3)',
      evidence(threeDays, { value: 3, touchpoints: days('2026-01-02', '2026-02-01', '2026-03-04') }),
    ],
    [
      'purchases on at least 5 distinct days within 365 days (2026-01-03, 2026-01-04, 2026-01-05 and 2 more; at least 3)',
      evidence(threeDays, {
        value: 5,
        atLeast: true,
        touchpoints: days('2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04', '2026-01-05'),
      }),
    ],
    ['no purchase within 365 days (at least 3)', evidence(threeDays, { value: 0 })],
    [
      '3 purchases (the last on 2026-01-02; at least 1)',
      evidence(bought, { value: 3, touchpoints: days('2026-01-02') }),
    ],
    ['1 purchase (2026-01-02; at least 1)', evidence(bought, { value: 1, touchpoints: days('2026-01-02') })],
    [
      '1 advocacy deed with rating at least 4 or missing within 365 days (2026-01-02; at least 1)',
      evidence(deed, { value: 1, touchpoints: days('2026-01-02') }),
    ],
    ['the last purchase 0 days ago (at most 180 days)', evidence(recent, { value: 5 * HOUR_MS })],
    ['the last purchase 180 days ago (at most 180 days)', evidence(recent, { value: 180 * DAY_MS })],
    [
      'the last purchase more than 180 days ago (at most 180 days)',
      evidence(recent, { value: 180 * DAY_MS + 1, holds: false }),
    ],
    ['no purchase yet (at most 180 days)', evidence(recent, { value: null, holds: false })],
    [
      'the first touchpoint 40 days ago (at least 30 days)',
      evidence({ measure: 'tenure', of: {}, compare: { atLeast: 30 * DAY_MS } }, { value: 40.5 * DAY_MS }),
    ],
    [
      'purchases with channel web|app with a value of 120.5 in all within 30 days (at least 100)',
      evidence(
        {
          measure: 'sum',
          of: { ...purchase, channel: ['web', 'app'] },
          property: 'value',
          compare: { atLeast: 100 },
          within: 30 * DAY_MS,
        },
        { value: 120.5 },
      ),
    ],
    [
      'the last score of survey.answered touchpoints is 9 (at least 9)',
      evidence(
        { measure: 'last', of: { type: 'survey.answered' }, property: 'score', test: { atLeast: 9 } },
        { value: 9 },
      ),
    ],
    [
      '12.5 % of touchpoints within 90 days are complaints (at most 20 %)',
      evidence(
        { measure: 'share', of: { meaning: 'complaint' }, among: {}, compare: { atMost: 0.2 }, within: 90 * DAY_MS },
        { value: 0.125 },
      ),
    ],
    [
      'engagement is active (active or cooling)',
      evidence({ measure: 'engagement', oneOf: ['active', 'cooling'] }, { value: 'active' }),
    ],
    [
      'engagement is active (not lapsed)',
      evidence(
        { measure: 'engagement', oneOf: ['lapsed'] },
        { value: 'active', holds: false, path: 'loyal.enter.all.1.not' },
      ),
    ],
    [
      'no inbound touchpoint for 35 days (since 2026-01-28; limit 30 days; usual gap 10.5 days)',
      evidence('no inbound touchpoint for more than 30d (usual gap 252h)', {
        value: 35 * DAY_MS,
        touchpoints: days('2026-01-28'),
      }),
    ],
    ['1 open complaint (2026-01-28)', evidence('open complaint', { value: 1, touchpoints: days('2026-01-28') })],
    [
      '7 touchpoints (the last on 2026-01-28)',
      evidence('any touchpoint', { value: 7, touchpoints: days('2026-01-28') }),
    ],
    ['something new: 3', evidence('something new', { value: 3 })],
  ])('%s', (sentence, condition) => {
    expect(conditionSentence(condition)).toBe(sentence);
  });
});

describe('changeSentence', () => {
  const keep = (holds: boolean): ConditionEvidence[] => [
    evidence(twoDays, { path: 'loyal.keep.all.0', value: 2, touchpoints: days('2025-08-01', '2025-09-05') }),
    evidence(recent, { path: 'loyal.keep.all.1', value: 180 * DAY_MS + (holds ? 0 : 1), holds }),
  ];
  const enter = [
    evidence(threeDays, { path: 'loyal.enter.all.0', value: 2, holds: false }),
    evidence(recent, { path: 'loyal.enter.all.1', value: 180 * DAY_MS + 1, holds: false }),
  ];

  it('says why a customer climbed', () => {
    const conditions = [
      evidence(threeDays, {
        path: 'loyal.enter.all.0',
        value: 3,
        touchpoints: days('2026-01-02', '2026-02-01', '2026-03-04'),
      }),
      evidence(recent, { path: 'loyal.enter.all.1', value: 0 }),
      ...keep(true),
    ];
    expect(changeSentence(change('customer', 'loyal', 'loyal.enter', conditions), 'c-1')).toBe(
      'c-1: customer -> loyal on 2026-03-04: purchases on 3 distinct days within 365 days (2026-01-02, 2026-02-01, 2026-03-04; ' +
        'at least 3), and the last purchase 0 days ago (at most 180 days)',
    );
  });

  it('says what stopped holding where a customer fell, and what still holds', () => {
    const now = evidence(bought, { path: 'customer.enter', value: 2, touchpoints: days('2025-08-01', '2025-09-05') });
    expect(changeSentence(change('loyal', 'customer', 'loyal.keep', [...enter, ...keep(false), now]))).toBe(
      'loyal -> customer on 2026-03-04: no longer loyal: the last purchase more than 180 days ago (at most 180 days); ' +
        'still customer: 2 purchases (2025-08-01, 2025-09-05; at least 1)',
    );
  });

  it('says how a customer began', () => {
    const any = evidence('any touchpoint', { path: 'lead.enter', value: 1, touchpoints: days('2026-03-04') });
    expect(changeSentence(change(null, 'lead', 'lead.enter', [any]))).toBe(
      'became lead on 2026-03-04: 1 touchpoint (the last on 2026-03-04)',
    );
  });

  it('says which silence or complaint changed the engagement', () => {
    const silence = (path: string, limit: number, holds: boolean): ConditionEvidence =>
      evidence(`no inbound touchpoint for more than ${limit}d (no rhythm yet)`, {
        path: `engagement.${path}`,
        value: 61 * DAY_MS,
        holds,
        touchpoints: days('2026-01-02'),
      });
    const complaint = (count: number): ConditionEvidence =>
      evidence('open complaint', {
        path: 'engagement.openComplaint',
        value: count,
        holds: count > 0,
        touchpoints: days('2026-02-02').slice(0, count),
      });
    const all = (count: number): Evidence => ({
      ...{ definition: 'journey', definitionVersion: 1, rule: 'engagement', at },
      conditions: [
        silence('cooling', 30, true),
        silence('atRisk', 60, true),
        silence('lapsed', 180, false),
        complaint(count),
      ],
    });
    expect(
      changeSentence({
        axis: 'engagement',
        from: 'cooling',
        to: 'at risk',
        at,
        definitionVersion: 1,
        evidence: all(1),
      }),
    ).toBe(
      'engagement cooling -> at risk on 2026-03-04: no inbound touchpoint for 61 days (since 2026-01-02; limit 60 days; no rhythm yet)',
    );
    const complained: Evidence = { ...all(1), conditions: [silence('cooling', 90, false), complaint(1)] };
    expect(reasonSentence('active', 'cooling', complained)).toBe('1 open complaint (2026-02-02)');
  });

  it('says what keeps a customer active', () => {
    const heard = evidence('an inbound touchpoint within 30d (no rhythm yet)', {
      path: 'engagement.active',
      value: 2 * DAY_MS + 5,
      touchpoints: days('2026-03-02'),
    });
    const now: Evidence = { definition: 'journey', definitionVersion: 1, rule: 'engagement', at, conditions: [heard] };
    expect(reasonSentence(null, 'active', now)).toBe(
      'an inbound touchpoint 2 days ago (2026-03-02; limit 30 days; no rhythm yet)',
    );
  });

  it('has words for a joining change', () => {
    expect(changeSentence(change('lead', 'loyal', 'joining', []))).toContain(
      'the settled history and the live changes meet',
    );
  });
});

describe('rungSentence', () => {
  const enterFails = evidence(threeDays, { path: 'loyal.enter', value: 2, holds: false });
  const keepHolds = evidence(twoDays, { path: 'loyal.keep', value: 2 });
  it('tells holding, kept and missing apart', () => {
    expect(
      rungSentence({ stage: 'loyal', holds: true, held: true, evidence: [evidence(threeDays, { value: 3 })] }),
    ).toBe('loyal holds: purchases on 3 distinct days within 365 days (at least 3)');
    expect(rungSentence({ stage: 'loyal', holds: true, held: true, evidence: [enterFails, keepHolds] })).toBe(
      'loyal is kept: purchases on 2 distinct days within 365 days (at least 2)',
    );
    expect(rungSentence({ stage: 'loyal', holds: false, held: false, evidence: [enterFails, keepHolds] })).toBe(
      'loyal does not hold: purchases on 2 distinct days within 365 days (at least 3)',
    );
  });
});

describe('missingSentence', () => {
  it.each<[string, Condition, ConditionEvidence['value'], string | undefined]>([
    [
      'needs purchases on at least 3 distinct days within 365 days; now purchases on 2 distinct days within 365 days',
      threeDays,
      2,
      undefined,
    ],
    ['needs at least 1 purchase; now no purchase', bought, 0, undefined],
    ['needs the last purchase at most 180 days ago; now no purchase yet', recent, null, undefined],
    [
      'must not be so: engagement is lapsed (lapsed)',
      { measure: 'engagement', oneOf: ['lapsed'] },
      'lapsed',
      'the opposite',
    ],
    [
      'needs engagement to be active; now engagement is cooling',
      { measure: 'engagement', oneOf: ['active'] },
      'cooling',
      undefined,
    ],
  ])('%s', (sentence, condition, value, needed) => {
    expect(missingSentence({ condition: canonicalCondition(condition), value, needed })).toBe(sentence);
  });
});
