import type { ConditionEvidence, EntryTrigger, PlayCause, PlayDecision } from '@rapport/journey';
import { playDecisionData } from './play-decision-data';

const OF = { play: 'welcome', enrolment: 1, playVersion: 2, at: 1_700_000_000_000 };
const ACT = { verb: 'give', what: 'a "gift"', channel: 'email' } as const;
const CAUSE: PlayCause = { kind: 'touchpoint', touchpointId: 'an "id" \u2028 \ud800' };
const CAUSES: PlayCause[] = [
  CAUSE,
  { kind: 'retry', touchpointId: 'x' },
  { kind: 'timer', due: 7 },
  { kind: 'command', commandId: 'c', by: 'ann' },
  { kind: 'settling' },
  { kind: 'definition', version: 3 },
];
const TRIGGERS: EntryTrigger[] = [
  { on: 'stage', from: null, to: 'lead' },
  { on: 'engagement', from: 'active', to: 'at risk' },
  { on: 'touchpoint', touchpointId: 't-1', type: 'web.visited', occurredAt: 5 },
  { on: 'date', property: 'renewsAt', date: 6, touchpointId: 't-2' },
  { on: 'audience', run: 8 },
  { on: 'command', commandId: 'c', by: 'bo' },
];
const EVIDENCE: ConditionEvidence[] = [null, 1.5, Infinity, 'mon 09:00', true].map((value) => {
  return { path: 'guards.cap', condition: 'at most 2', holds: false, value, touchpoints: [] };
});
EVIDENCE.push({ ...EVIDENCE[0]!, touchpoints: [{ touchpointId: 't', occurredAt: 4 }], atLeast: true });

/** Keys as they are declared, so that JSON.stringify says what is meant. */
const DECISIONS: PlayDecision[] = [
  ...TRIGGERS.map((trigger): PlayDecision => {
    return { type: 'PlayEntered', ...OF, trigger, held: false, first: true, evidence: EVIDENCE, cause: CAUSE };
  }),
  ...CAUSES.map((cause): PlayDecision => {
    return { type: 'PlayStepped', ...OF, step: '2.0.1', kind: 'wait', took: 'time', cause };
  }),
  { type: 'EntryWithheld', play: 'p', at: 1, reason: 'full', trigger: TRIGGERS[0]!, cause: CAUSE },
  { type: 'PlayWaiting', ...OF, step: '1', kind: 'waitFor', until: Infinity, for: 'any', cause: CAUSE },
  {
    ...{ type: 'ActionRequested', ...OF, step: '0', round: 0, action: 'ab', ...ACT, purpose: 'service' },
    ...{ team: 'sales', slaDue: 9, notBefore: 1, sendBefore: 2, evidence: [] },
    ...{ override: { by: 'ann', reason: 'so' }, cause: CAUSE },
  },
  {
    ...{ type: 'ActionWithheld', ...OF, step: '0', action: 'ab', ...ACT, reason: 'cap', until: null, final: false },
    ...{ then: 'wait', winner: 'cd', evidence: EVIDENCE, cause: CAUSE },
  },
  { type: 'ActionSettled', ...OF, step: '0', action: 'ab', result: 'silent', refunded: false, cause: CAUSE },
  { type: 'PlayExited', ...OF, reason: 'stopped', step: '', detail: 'by\nhand', cause: CAUSE },
  { type: 'CommandRefused', commandId: 'c', command: 'claim', at: 1, because: 'settled', detail: 'a "why"' },
];

describe('the JSON of decisions of plays', () => {
  it.each(DECISIONS.map((decision) => [decision.type, decision] as const))('%s is that of JSON.stringify', (_, one) => {
    expect(playDecisionData(one)).toBe(JSON.stringify({ ...one, type: undefined }));
  });

  it('leaves out what is undefined, and keeps its order whatever the order of the keys', () => {
    const given = {
      cause: CAUSE,
      took: 'time',
      kind: 'wait',
      step: '1',
      evidence: undefined,
      ...OF,
      type: 'PlayStepped',
    };
    const said = playDecisionData(given as unknown as PlayDecision);
    expect(Object.keys(JSON.parse(said) as object)).toEqual([...Object.keys(OF), 'step', 'kind', 'took', 'cause']);
  });
});
