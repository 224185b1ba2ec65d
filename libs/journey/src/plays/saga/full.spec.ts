/** Where the bounds of one customer's state are reached: what does not fit is withheld as `full`, and said so. */
import { decodeState, encodeState } from '../../core/state-codec';
import type { Play, Step } from '../play';
import {
  ASK_KINDS_KEPT,
  DEAD_ACTIONS_KEPT,
  GOAL_WATCHES_PER_PLAY,
  LIVE_ENROLMENTS_MAX,
  OPEN_ACTIONS_MAX,
  OPEN_ASKS_KEPT,
  OWED_DEEDS_KEPT,
  SUPPRESSIONS_KEPT,
} from '../play-limits';
import { act, compiledWith, DAY, HOUR, lines, part, play, PlayCustomer, START } from './play-customer.fixture';

const DEED = { on: 'touchpoint', of: { meaning: 'advocacy' } } as const;
const task = act('0', { verb: 'task', what: 'call', by: 'task', team: 'care' });

function customer(plays: Play[], guards: Parameters<typeof part>[1] = {}): PlayCustomer {
  return new PlayCustomer(compiledWith(part(plays, guards)));
}

/** Many plays of the same steps. */
function many(count: number, steps: Step[], more: Partial<Play> = {}): Play[] {
  return Array.from({ length: count }, (_, i) => play(`p${i}`, steps, more));
}

function packed(one: PlayCustomer): void {
  expect(decodeState(one.definition, encodeState(one.state)).plays).toEqual(one.state.plays);
}

describe('enrolments', () => {
  it('that do not fit are recorded as withheld, and enter when there is room', () => {
    const one = customer(many(LIVE_ENROLMENTS_MAX + 2, [{ step: 'wait', path: '0', ms: DAY }], { trigger: DEED }));
    const said = lines(one.live({ type: 'event.spoken' }, START));
    expect(said.filter((line) => line.startsWith('entered'))).toHaveLength(LIVE_ENROLMENTS_MAX);
    expect(said.filter((line) => line.endsWith(': full'))).toEqual(['not entered p16: full', 'not entered p17: full']);
    packed(one);
    expect(lines(one.command({ command: 'enrol', play: 'p16' }, START + 1))).toEqual(['refused enrol: full']);
    one.tick(START + DAY);
    expect(lines(one.command({ command: 'enrol', play: 'p16' }, START + DAY))).toContain('entered p16');
  });

  it('of which only the goal is watched do not take a place, and two of each play are kept', () => {
    const goal = { of: { meaning: 'purchase' }, within: 90 * DAY };
    const one = customer([play('p', [{ step: 'set', path: '0', trait: 'fan', value: 'yes' }], { goal })]);
    for (let i = 0; i < 5; i++) one.command({ command: 'enrol', play: 'p' }, START + i * HOUR);
    expect(one.state.plays?.enrolments.map(({ enrolment }) => enrolment)).toEqual([1, 5]);
    expect(one.state.plays?.enrolments).toHaveLength(GOAL_WATCHES_PER_PLAY);
    expect(lines(one.plays).filter((line) => line.includes('goalMissed'))).toHaveLength(3);
  });
});

describe('open actions', () => {
  /** Each leaves its request open behind it. */
  function withOpenActions(count: number): PlayCustomer {
    const give = play('give', [act('0')]);
    const one = customer([give, play('task', [task]), play('soon', [act('0', { staleAfter: HOUR })])]);
    for (let i = 0; i < count; i++) {
      one.command({ command: 'enrol', play: 'give' }, START + i);
      one.command({ command: 'stop', play: 'give', reason: 'a test' }, START + i);
    }
    return one;
  }

  it('fill up: what would be one more waits as full, and goes as soon as one is settled', () => {
    const one = withOpenActions(OPEN_ACTIONS_MAX);
    expect(one.state.plays?.actions).toHaveLength(OPEN_ACTIONS_MAX);
    packed(one);
    const said = lines(one.command({ command: 'enrol', play: 'task' }, START + HOUR));
    expect(said).toEqual(['entered task', 'withheld 0 full, wait']);
    const first = one.plays.find((each) => each.type === 'ActionRequested')!;
    const settled = one.outcome('delivered', START + 2 * HOUR, { action: first.action });
    expect(lines(settled)).toEqual(['settled 0 delivered', 'requested 0 task call round 0']);
  });

  it('full until it is too late are withheld for good, and the steps go on', () => {
    const one = withOpenActions(OPEN_ACTIONS_MAX);
    one.command({ command: 'enrol', play: 'soon' }, START + HOUR);
    expect(lines(one.tick(START + 2 * HOUR))).toEqual(['withheld 0 stale, skip for good', 'exited soon completed']);
  });

  it('that fell silent keep their place as long as a cap counts them, and dead letters give theirs', () => {
    const cap = { atMost: 64, within: 60 * DAY };
    const one = customer([play('tell', [act('0', { verb: 'tell' })])], { caps: [cap] });
    for (let i = 0; i < OPEN_ACTIONS_MAX; i++) {
      one.command({ command: 'enrol', play: 'tell' }, START + 2 * i * DAY);
      if (i < 3) one.outcome('failed', START + 2 * i * DAY);
    }
    one.tick(START + 40 * DAY);
    const phases = (phase: string) => one.state.plays?.actions.filter((each) => each.phase === phase).length;
    expect([phases('dead'), phases('silent')]).toEqual([3, 13]);
    const refill = (): string[] => {
      const said: string[] = [];
      for (let i = 0; i < 4; i++) {
        said.push(...lines(one.command({ command: 'enrol', play: 'tell' }, START + 40 * DAY)));
        one.command({ command: 'stop', play: 'tell', reason: 'a test' }, START + 40 * DAY);
      }
      return said;
    };
    expect(refill().filter((line) => /requested|full/.test(line))).toEqual([
      ...Array<string>(3).fill('requested 0 tell thanks round 0'),
      'withheld 0 full, wait',
    ]);
  });

  it('keep four dead letters, the newest', () => {
    const one = customer([play('give', [act('0')])]);
    for (let i = 0; i < DEAD_ACTIONS_KEPT + 2; i++) {
      one.command({ command: 'enrol', play: 'give' }, START + i * HOUR);
      one.outcome('failed', START + i * HOUR + 1);
    }
    expect(one.state.plays?.actions.map(({ enrolment }) => enrolment)).toEqual([3, 4, 5, 6]);
  });
});

it('lists of the ledger stay within their bounds, and what they lose is still counted', () => {
  const one = customer([play('give', [act('0')])], { caps: [{ atMost: 5, within: 7 * DAY }] });
  for (let i = 0; i < 20; i++) {
    const at = START + i * HOUR;
    one.live({ type: `tool${i}.requested`, direction: 'outbound', channel: 'email' }, at);
    one.live({ type: 'event.invited', direction: 'outbound', channel: 'email' }, at + 1);
    one.live({ type: 'event.spoken' }, at + 2);
    one.live({ type: 'email.bounced' }, at + 3);
  }
  const ledger = one.state.plays!.ledger!;
  expect(ledger.asked).toBe(20);
  expect(ledger.open).toHaveLength(OPEN_ASKS_KEPT);
  expect(ledger.unanswered).toBe(20 - OPEN_ASKS_KEPT);
  expect(ledger.owed).toHaveLength(OWED_DEEDS_KEPT);
  expect(ledger.kinds.length).toBeLessThanOrEqual(ASK_KINDS_KEPT + 1);
  expect(ledger.suppressions.length).toBeLessThanOrEqual(SUPPRESSIONS_KEPT);
  expect(ledger.contacts.length).toBeLessThanOrEqual(5 + 3);
  packed(one);
});
