/** The conditions that plays alone have, asked of a customer who lives through them. */
import { act, compiledWith, DAY, HOUR, part, play, PlayCustomer, START } from '../saga/play-customer.fixture';
import type { PlayRule, Step } from '../play';
import type { Sent } from '../../core/customer.fixture';

const PURCHASE: Sent = { type: 'purchase.completed', properties: { value: 30 } };
const COMPLAINT: Sent = { type: 'support.complaint.opened', properties: { ticketId: '1' } };
const RESOLVED: Sent = { type: 'support.ticket.resolved', properties: { ticketId: '1' } };
const profile = (properties: Sent['properties']): Sent => ({ type: 'profile.updated', properties: properties ?? {} });
const consent = (said: 'given' | 'withdrawn', channel: string): Sent => {
  return { type: `consent.${said}`, properties: { purpose: 'relationship', channel } };
};
const said = (channel: string, is: 'given' | 'withdrawn' | 'unknown'): PlayRule => {
  return { fact: 'consent', purpose: 'relationship', channel, is };
};
const vip: PlayRule = { fact: 'trait', trait: 'tags', test: { equals: 'vip' } };

/** Whether a play with this rule in `who` is entered after all of that. */
function holds(rule: PlayRule, lived: readonly Sent[]): boolean {
  const sets: Step[] = [{ step: 'set', path: '0', trait: 'driver', value: 'coolness' }];
  const plays = [
    play('sets', sets, { trigger: { on: 'touchpoint', of: { type: 'web.signed-in' } } }),
    play('waits', [{ step: 'wait', path: '0', ms: 30 * DAY }], {
      trigger: { on: 'touchpoint', of: { type: 'web.signed-in' } },
    }),
    play('asked', [act('0')], { who: rule }),
  ];
  const one = new PlayCustomer(compiledWith(part(plays)));
  lived.forEach((sent, i) => one.live(sent, START + i * HOUR));
  const at = START + lived.length * HOUR;
  const [first] = one.command({ command: 'enrol', play: 'asked' }, at);
  if (first?.type === 'PlayEntered') {
    expect(first.evidence.length).toBeGreaterThan(0);
    return true;
  }
  expect(first).toMatchObject({ type: 'CommandRefused', because: 'notWho' });
  return false;
}

it.each<[string, PlayRule, yes: Sent[], no: Sent[]]>([
  ['stage', { fact: 'stage', oneOf: ['customer', 'loyal'] }, [PURCHASE], [{ type: 'page.viewed' }]],
  ['open complaint', { fact: 'openComplaint', is: true }, [COMPLAINT], [COMPLAINT, RESOLVED]],
  ['no open complaint', { fact: 'openComplaint', is: false }, [COMPLAINT, RESOLVED], [COMPLAINT]],
  [
    'a driver that an answer told',
    { fact: 'driver', oneOf: ['community'] },
    [{ type: 'survey.answered', properties: { driver: 'community' } }],
    [{ type: 'survey.answered', properties: { driver: 'coolness' } }],
  ],
  [
    'a driver that a step set, until a newer word',
    { fact: 'driver', oneOf: ['coolness'] },
    [{ type: 'web.signed-in' }],
    [{ type: 'web.signed-in' }, { type: 'survey.answered', properties: { driver: 'community' } }],
  ],
  ['kind', { fact: 'kind', oneOf: ['employee'] }, [profile({ kind: 'employee' })], [PURCHASE]],
  ['one member of a trait', vip, [profile({ tags: ['new', 'vip'] })], [profile({ tags: ['new'] })]],
  ['enrolled', { fact: 'enrolled', play: 'waits', is: true }, [{ type: 'web.signed-in' }], [PURCHASE]],
  [
    'thanks owed',
    { fact: 'owed', is: true },
    [{ type: 'event.spoken' }],
    [{ type: 'event.spoken' }, { type: 'thanks.sent', direction: 'outbound', channel: 'phone' }],
  ],
  ['consent given', said('email', 'given'), [consent('given', 'email')], [consent('given', 'chat')]],
  ['consent by any channel', said('email', 'given'), [consent('given', 'any')], []],
  [
    'consent withdrawn, the newer word',
    said('email', 'withdrawn'),
    [consent('given', 'email'), consent('withdrawn', 'any')],
    [consent('withdrawn', 'any'), consent('given', 'email')],
  ],
  ['consent unknown', said('email', 'unknown'), [PURCHASE], [consent('withdrawn', 'email')]],
  [
    'all, any, not, and conditions of stages among them',
    {
      all: [
        { measure: 'count', of: { meaning: 'purchase' }, compare: { atLeast: 2 } },
        { any: [vip, { not: { fact: 'openComplaint', is: true } }] },
      ],
    },
    [PURCHASE, PURCHASE],
    [PURCHASE, PURCHASE, COMPLAINT],
  ],
])('%s', (_, rule, yes, no) => {
  expect(holds(rule, yes)).toBe(true);
  expect(holds(rule, no)).toBe(false);
});

it('an exit rule that time alone makes true ends the play at that very moment', () => {
  const exit: PlayRule = { measure: 'count', of: { meaning: 'purchase' }, compare: { atMost: 0 }, within: 10 * DAY };
  const one = new PlayCustomer(compiledWith(part([play('p', [{ step: 'wait', path: '0', ms: 90 * DAY }], { exit })])));
  one.live(PURCHASE, START);
  one.command({ command: 'enrol', play: 'p' }, START);
  expect(one.tick(START + 10 * DAY)).toEqual([]);
  expect(one.tick(START + 60 * DAY)).toMatchObject([
    { type: 'PlayExited', reason: 'exitRule', at: START + 10 * DAY + 1 },
  ]);
});
