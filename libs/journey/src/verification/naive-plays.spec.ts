import { GUARDS_OF_TESTS, NOW } from '../plays/guards/guards.fixture';
import type { PlaysPart } from '../plays/play';
import type { PlayDecision } from '../plays/play-decisions';
import type { FoldedTouchpoint, Properties } from '../touchpoint';
import { checkPlayLaws } from './naive-plays';
import { CUSTOMER, DAY, lawful, MINUTE, PART, type Log } from './naive-plays.fixture';

const check = ({ inputs, decisions }: Log, part = PART) =>
  checkPlayLaws(part, 'UTC', { customerId: CUSTOMER, inputs, decisions });
const laws = (log: Log, part = PART): string[] => [...new Set(check(log, part).map((one) => one.law))];

type Of<T extends PlayDecision['type']> = Extract<PlayDecision, { type: T }>;

function change<T extends PlayDecision['type']>(log: Log, type: T, place: number, by: Partial<Of<T>>): Log {
  const found = log.decisions.filter((one) => one.decision.type === type)[place];
  if (found === undefined) throw new Error(`no ${type} at ${place}`);
  Object.assign(found.decision, by);
  return log;
}

function without(log: Log, type: PlayDecision['type'], place = 0): Log {
  const found = log.decisions.filter((one) => one.decision.type === type)[place];
  return { ...log, decisions: log.decisions.filter((one) => one !== found) };
}

function known(
  log: Log,
  type: string,
  at: number,
  properties: Properties = {},
  direction: 'inbound' | 'outbound' = 'inbound',
): Log {
  const touchpoint: FoldedTouchpoint = {
    ...{
      touchpointId: `planted-${type}`,
      type,
      channel: 'email',
      direction,
      occurredAt: at,
      source: 'crm',
      properties,
      history: false,
    },
  };
  return { ...log, inputs: [{ position: -1, at, touchpoint }, ...log.inputs] };
}

const ASKED = NOW + MINUTE + DAY;
const UNTIL = ASKED + MINUTE + 30 * DAY + 1;
const guards = (by: Partial<PlaysPart['guards']>): PlaysPart => ({ ...PART, guards: { ...GUARDS_OF_TESTS, ...by } });

describe('the laws of plays', () => {
  it('hold where they were kept', () => {
    expect(check(lawful())).toEqual([]);
  });

  it.each<{ name: string; log: () => Log; law: string; part?: PlaysPart }>([
    { name: 'an action twice', log: () => twice(lawful()), law: 'no action twice' },
    {
      name: 'an id of its own making',
      log: () => change(lawful(), 'ActionRequested', 0, { action: 'made-up' }),
      law: 'ids follow from the cause',
    },
    {
      name: 'who is held out is acted on',
      log: () => change(lawful(), 'PlayEntered', 0, { held: true }),
      law: 'holdout',
    },
    { name: 'no give before the ask', log: () => withoutGive(lawful()), law: 'guard giveFirst' },
    {
      name: 'an open complaint',
      log: () => known(lawful(), 'store.complaint.made', NOW - 90 * DAY),
      law: 'guard openComplaint',
    },
    {
      name: 'a bad experience',
      log: () => known(lawful(), 'shipment.delayed', ASKED - 30 * DAY, {}, 'outbound'),
      law: 'guard badExperience',
    },
    {
      name: 'a deed without thanks',
      log: () => known(lawful(), 'story.published', NOW + 2 * MINUTE),
      law: 'guard thanksOwed',
    },
    {
      name: 'an open ask',
      log: () => known(lawful(), 'event.invited', ASKED - 14 * DAY, {}, 'outbound'),
      law: 'guard openAsk',
    },
    {
      name: 'an ask within the cooldown',
      log: () => known(lawful(), 'event.invited', ASKED - 30 * DAY, {}, 'outbound'),
      law: 'guard cooldown',
    },
    {
      name: 'consent withdrawn',
      log: () => known(lawful(), 'consent.withdrawn', NOW, { purpose: 'relationship', channel: 'any' }),
      law: 'guard consent',
    },
    { name: 'unsubscribed', log: () => known(lawful(), 'email.unsubscribed', NOW - 1), law: 'guard suppression' },
    {
      name: 'an employee',
      log: () => known(lawful(), 'profile.updated', NOW - 1, { kind: 'employee' }),
      law: 'guard audience',
    },
    {
      name: 'quiet where the customer is',
      log: () => known(lawful(), 'profile.updated', NOW - 1, { timeZone: 'Pacific/Auckland' }),
      law: 'guard quiet',
    },
    {
      name: 'a request into the night',
      log: () => change(lawful(), 'ActionRequested', 0, { sendBefore: NOW + 600 * MINUTE }),
      law: 'quiet hours',
    },
    {
      name: 'a cap at the request',
      log: () => lawful(),
      law: 'guard cap',
      part: guards({ caps: [{ atMost: 1, within: 2 * DAY }] }),
    },
    {
      name: 'a cap in a window of sends',
      log: () => lawful(),
      law: 'caps in every window',
      part: guards({ caps: [{ atMost: 1, within: 2 * DAY }] }),
    },
    {
      name: 'too many asks',
      log: () => lawful(),
      law: 'guard asksInWindow',
      part: guards({ asks: { ...GUARDS_OF_TESTS.asks, atMost: 0 } }),
    },
    {
      name: 'sent too late',
      log: () => change(lawful(), 'ActionRequested', 0, { sendBefore: NOW + 1 }),
      law: 'send time',
    },
    {
      name: 'a reason that was none',
      log: () => change(lawful(), 'ActionWithheld', 0, { reason: 'giveFirst', until: null }),
      law: 'reasons are true',
    },
    {
      name: 'a date too early',
      log: () => change(lawful(), 'ActionWithheld', 0, { until: UNTIL - 1 }),
      law: 'dates can be kept',
    },
    {
      name: 'a date too late',
      log: () => change(lawful(), 'ActionWithheld', 0, { until: UNTIL + MINUTE }),
      law: 'dates are the earliest',
    },
    { name: 'settled twice', log: () => settledTwice(lawful()), law: 'settled once' },
    {
      name: 'settled out of nothing',
      log: () => without(lawful(), 'ActionRequested'),
      law: 'only what was requested is settled',
    },
    {
      name: 'a refund of what was sent',
      log: () => change(lawful(), 'ActionSettled', 0, { refunded: true }),
      law: 'refunds',
    },
    { name: 'expired without an outcome', log: () => expired(lawful()), law: 'outcomes settle' },
    { name: 'a step left out', log: () => without(lawful(), 'PlayStepped'), law: 'steps' },
    {
      name: 'an act step without a word',
      log: () => without(lawful(), 'ActionWithheld'),
      law: 'every act step has its decision',
    },
    { name: 'completed too soon', log: () => without(lawful(), 'ActionSettled', 1), law: 'steps' },
    { name: 'two live enrolments', log: () => enteredAgain(lawful(), 'other'), law: 'one live enrolment' },
    { name: 'again where it is never', log: () => enteredAgain(lawful(), 'after'), law: 'again' },
    { name: 'an outcome as a trigger', log: () => triggeredByOutcome(lawful()), law: 'triggers are live touchpoints' },
    {
      name: 'a goal at the very entry',
      log: () => change(lawful(), 'PlayConverted', 0, { touchpointId: 't0', occurredAt: NOW }),
      law: 'goals',
    },
    {
      name: 'a goal that nobody reached',
      log: () => change(lawful(), 'PlayConverted', 0, { touchpointId: 'none' }),
      law: 'goals',
    },
  ])('find $name', ({ log, law, part }) => {
    expect(laws(log(), part)).toContain(law);
  });
});

function twice(log: Log): Log {
  const found = log.decisions.find((one) => one.decision.type === 'ActionRequested');
  return found === undefined ? log : { ...log, decisions: [...log.decisions, { ...found, position: 900 }] };
}

function settledTwice(log: Log): Log {
  const found = log.decisions.find((one) => one.decision.type === 'ActionSettled');
  return found === undefined ? log : { ...log, decisions: [...log.decisions, { ...found, position: 900 }] };
}

/** The thanks turn into news: nothing was given. */
function withoutGive(log: Log): Log {
  for (const { touchpoint } of log.inputs)
    if (touchpoint?.properties.verb === 'give') touchpoint.properties.verb = 'tell';
  return log;
}

function expired(log: Log): Log {
  change(log, 'ActionSettled', 0, { result: 'expired', refunded: true });
  for (const { decision } of log.decisions)
    if (decision.type === 'ActionSettled' && decision.result === 'expired') delete decision.sentAt;
  return log;
}

function enteredAgain(log: Log, name: string): Log {
  const found = log.decisions.find((one) => one.decision.type === 'PlayEntered' && one.decision.play === name);
  if (found === undefined) throw new Error(`nobody entered ${name}`);
  const decision = { ...(found.decision as Of<'PlayEntered'>), enrolment: 2, at: ASKED + 9 * DAY };
  return { ...log, decisions: [...log.decisions, { position: 901, decision }] };
}

function triggeredByOutcome(log: Log): Log {
  const outcome = log.inputs.find((one) => one.touchpoint?.type === 'action.delivered')?.touchpoint?.touchpointId ?? '';
  const trigger = { on: 'touchpoint', touchpointId: outcome, type: 'action.delivered', occurredAt: NOW } as const;
  return change(log, 'PlayEntered', 1, { trigger });
}
