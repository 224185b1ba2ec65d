import type { PlayDecision } from '../play-decisions';
import { playSentence } from './play-words';

const at = Date.parse('2026-03-01T10:00:00Z');
const cause = { kind: 'timer', due: at } as const;
const of = { play: 'after-the-deed', enrolment: 1, playVersion: 3, at, cause };
const act = { step: '2.1.0', action: 'a'.repeat(32), verb: 'ask', what: 'reference', channel: 'task' } as const;
const cooldown = { path: 'guards.cooldown', condition: 'no ask within 30d', holds: false, value: 1, touchpoints: [] };
const stage = { path: 'who.0', condition: 'stage loyal', holds: true, value: 'loyal', touchpoints: [] };
const employee = { path: 'who.all.1.not', condition: 'kind employee', holds: false, value: 'person', touchpoints: [] };
const lapsed = { path: 'exit.any.0', condition: 'engagement lapsed', holds: false, value: 'active', touchpoints: [] };
const touchpoint = { on: 'touchpoint', touchpointId: 't1', type: 'review.posted', occurredAt: at } as const;

const sentences: [PlayDecision, string][] = [
  [
    { type: 'PlayEntered', ...of, trigger: touchpoint, held: false, first: true, evidence: [stage, employee] },
    'after-the-deed: entered on 2026-03-01 10:00 UTC, review.posted on 2026-03-01: stage loyal (is loyal), not kind employee (is person)',
  ],
  [
    {
      ...{ type: 'PlayEntered', ...of, held: true, first: true, evidence: [] },
      trigger: { on: 'stage', from: 'lead', to: 'loyal' },
    },
    'after-the-deed: entered on 2026-03-01 10:00 UTC, lead -> loyal, held out for comparison: nothing is done',
  ],
  [
    { type: 'EntryWithheld', play: 'p', at, reason: 'paused', trigger: { on: 'audience', run: at }, cause },
    'p: not entered on 2026-03-01 10:00 UTC, the audience of 2026-03-01 10:00 UTC: the play is paused',
  ],
  [
    { type: 'PlayStepped', ...of, step: '1', kind: 'waitFor', took: 'timeout' },
    'after-the-deed: step 1: waited in vain',
  ],
  [
    { type: 'PlayStepped', ...of, step: '2', kind: 'branch', took: '0', evidence: [stage] },
    'after-the-deed: step 2: takes arm 0: stage loyal (is loyal)',
  ],
  [
    { type: 'PlayWaiting', ...of, step: '1', kind: 'waitFor', until: at, for: 'praise' },
    'after-the-deed: waits for praise, until 2026-03-01 10:00 UTC',
  ],
  [
    {
      ...{ type: 'ActionRequested', ...of, ...act, round: 0, purpose: 'relationship', team: 'sales', slaDue: at },
      ...{ notBefore: at, sendBefore: at, evidence: [] },
    },
    'after-the-deed: asking for reference by a human requested, team sales, due 2026-03-01 10:00 UTC, not after 2026-03-01 10:00 UTC',
  ],
  [
    {
      type: 'ActionWithheld',
      ...of,
      ...act,
      reason: 'cooldown',
      until: at,
      final: false,
      then: 'wait',
      evidence: [cooldown],
    },
    'after-the-deed: asking for reference by a human withheld until 2026-03-01 10:00 UTC: the last ask is too recent (no ask within 30d)',
  ],
  [
    {
      ...{ type: 'ActionWithheld', ...of, ...act, verb: 'give', what: 'thanks', channel: 'email' },
      ...{ reason: 'holdout', until: null, final: true, then: 'skip', evidence: [] },
    },
    'after-the-deed: giving thanks by e-mail withheld for good: held out for comparison; the next step follows',
  ],
  [
    { type: 'ActionSettled', ...of, step: '0', action: 'x', result: 'expired', refunded: true, reason: 'sendBefore' },
    'after-the-deed: step 0: not done in time (sendBefore), counts no more',
  ],
  [
    { type: 'TaskChanged', ...of, action: 'x', change: 'claimed', team: 'sales', assignee: 'Ann', claimedUntil: at },
    'after-the-deed: task claimed by Ann until 2026-03-01 10:00 UTC, team sales',
  ],
  [
    {
      ...{ type: 'PlayConverted', ...of, held: false, first: true, touchpointId: 't2', occurredAt: at },
      after: 3 * 86_400_000 + 5,
    },
    'after-the-deed: reached its goal 3 days after it was entered (t2)',
  ],
  [
    { type: 'PlayExited', ...of, reason: 'exitRule', step: '1', evidence: [lapsed, stage] },
    'after-the-deed: left on 2026-03-01 10:00 UTC: its exit rule holds: stage loyal (is loyal)',
  ],
  [
    { type: 'CommandRefused', commandId: 'c', command: 'claim', at, because: 'claimedByOther', detail: 'Ben has it' },
    'claim refused on 2026-03-01 10:00 UTC: Ben has it',
  ],
];

describe('playSentence', () => {
  it.each(sentences)('says what %o means', (decision, sentence) => {
    expect(playSentence(decision)).toBe(sentence);
    expect(playSentence(decision, 'c-1')).toBe(`c-1: ${sentence}`);
  });
});
