/** What the parser estimates that a document keeps for one customer is never exceeded, with every list as full as it gets. */
import { randomUUID } from 'node:crypto';
import { encodeState } from '../../core/state-codec';
import { DEFAULT_STATE_BYTES_MAX } from '../../core/state-codec';
import { playStateEstimate } from '../language/play-state-estimate';
import type { Play, Step } from '../play';
import { act, compiledWith, DAY, HOUR, part, play, PlayCustomer, START } from '../saga/play-customer.fixture';

const sets = (count: number): Step[] =>
  Array.from({ length: count }, (_, i) => ({
    step: 'set',
    path: String(i),
    trait: `trait-${i}`,
    value: 'v'.repeat(128),
  }));

function documentOf(names: (i: number) => string) {
  const goal = { of: { meaning: 'referral' }, within: 300 * DAY };
  const plays: Play[] = Array.from({ length: 16 }, (_, i) =>
    play(names(i), [act('0', { what: `what-${i}`, by: 'task', team: 'care', sla: 90 * DAY })], {
      trigger: { on: 'touchpoint', of: { type: 'web.signed-in' } },
      ...{ goal, purpose: 'service' },
      exit: { measure: 'engagement', oneOf: ['lapsed'] },
    }),
  );
  const dated = play('dated', sets(16), {
    trigger: { on: 'date', of: { type: 'subscription.started' }, property: 'renewsAt', offset: 0 },
  });
  return part([...plays, dated], { caps: [{ atMost: 40, within: 90 * DAY }] });
}

function fullCustomer(document: ReturnType<typeof documentOf>): PlayCustomer {
  const one = new PlayCustomer(compiledWith(document));
  const send = (type: string, at: number, more = {}) =>
    one.live({ type, touchpointId: randomUUID(), ...more }, START + at + 1_234_567);
  const renewsAt = new Date(START + 90 * DAY).toISOString();
  one.command({ command: 'enrol', play: 'dated' }, START);
  send('subscription.started', HOUR, { properties: { renewsAt } });
  for (let i = 0; i < 40; i++) {
    const outbound = { direction: 'outbound', channel: `channel-${i % 3}` };
    send('event.invited', i * HOUR + DAY, { ...outbound, properties: { eventId: randomUUID() } });
    send(i % 2 === 0 ? 'email.bounced' : 'email.unsubscribed', i * HOUR + DAY + 1);
  }
  for (let i = 0; i < 10; i++) send('event.spoken', 3 * DAY + i);
  send('web.signed-in', 4 * DAY);
  for (const action of [...one.state.plays!.actions])
    one.command({ command: 'claim', action: action.action, for: 30 * DAY }, START + 5 * DAY, 'somebody.of.the.team');
  return one;
}

it.each([
  ['short names', (i: number) => `p${i}`],
  ['long names', (i: number) => `${'n'.repeat(60)}-${i}`],
])('of plays with %s', (_, names) => {
  const document = documentOf(names);
  const { state } = fullCustomer(document);
  expect(state.plays).toMatchObject({ enrolments: { length: 16 }, actions: { length: 16 }, traits: { length: 16 } });
  const bytes = encodeState(state).length - encodeState({ ...state, plays: null } as typeof state).length;
  expect(bytes).toBeLessThanOrEqual(playStateEstimate(document));
  expect(bytes + DEFAULT_STATE_BYTES_MAX).toBeLessThan(16_384);
});
