/** Who waits, who is skipped, who goes first, and what a person may pass over. */
import type { ActStep, Play } from '../play';
import {
  act,
  compiledWith,
  DAY,
  HOUR,
  lines,
  OPEN_GUARDS,
  part,
  play,
  PlayCustomer,
  START,
} from './play-customer.fixture';

const DEED = { on: 'touchpoint', of: { meaning: 'advocacy' } } as const;
const THANKED = { type: 'thanks.sent', direction: 'outbound', channel: 'phone' } as const;
const NO_CONSENT = { consentUnknown: {} };
const ONE_A_DAY = { caps: [{ atMost: 1, within: DAY }] };
const QUIET = { quiet: { from: 20 * 60, until: 8 * 60, weekdays: [0, 1, 2, 3, 4, 5, 6] as const } };

function customer(plays: Play[], guards: Parameters<typeof part>[1] = {}): PlayCustomer {
  return new PlayCustomer(compiledWith(part(plays, guards)));
}

const ask = (path: string, step: Partial<ActStep> = {}) => act(path, { verb: 'ask', what: 'review', ...step });
const requests = (one: PlayCustomer) => one.plays.flatMap((each) => (each.type === 'ActionRequested' ? [each] : []));

describe('ifWithheld', () => {
  it('wait: holds on where the guard of itself would skip, until it says yes or the step is stale', () => {
    const one = customer([play('p', [act('0', { ifWithheld: 'wait' })])], NO_CONSENT);
    expect(lines(one.command({ command: 'enrol', play: 'p' }, START))).toEqual([
      ...['entered p', 'withheld 0 consent, wait'],
    ]);
    const given = one.live(
      { type: 'consent.given', properties: { purpose: 'relationship', channel: 'email' } },
      START + DAY,
    );
    expect(lines(given)).toEqual(['requested 0 give thanks round 0']);
    const other = customer([play('p', [act('0', { ifWithheld: 'wait' })])], NO_CONSENT);
    other.command({ command: 'enrol', play: 'p' }, START);
    expect(lines(other.tick(START + 7 * DAY))).toEqual(['withheld 0 stale, skip for good', 'exited p completed']);
  });

  it.each([
    ['skip', ['withheld 1 cap, skip for good', 'exited p completed']],
    ['exit', ['withheld 1 cap, exit for good', 'exited p withheld']],
  ] as const)('%s: does so where the guard of itself would wait', (ifWithheld, said) => {
    const one = customer([play('p', [act('0'), act('1', { ifWithheld })])], ONE_A_DAY);
    one.command({ command: 'enrol', play: 'p' }, START);
    expect(lines(one.outcome('delivered', START + HOUR)).slice(1)).toEqual(said);
  });
});

describe('priority', () => {
  it('orders those that are deferred at their release, and the loser waits on', () => {
    const plays = [
      play('low', [act('0', { verb: 'tell', what: 'a' })], { trigger: DEED }),
      play('high', [act('0', { verb: 'tell', what: 'b' })], { trigger: DEED, priority: 5 }),
    ];
    const one = customer(plays, { ...ONE_A_DAY, quiet: { ...QUIET.quiet, weekdays: [...QUIET.quiet.weekdays] } });
    one.live({ type: 'event.spoken' }, START + 22 * HOUR);
    expect(lines(one.plays).slice(-2)).toEqual(['withheld 0 quiet, wait', 'withheld 0 quiet, wait']);
    const released = one.tick(START + 32 * HOUR);
    expect(released).toMatchObject([
      { type: 'ActionRequested', play: 'high' },
      { type: 'ActionWithheld', play: 'low', reason: 'priority', winner: requests(one)[0]!.action },
    ]);
    expect(lines(one.outcome('delivered', START + 33 * HOUR))).toContain('withheld 0 cap, wait');
    expect(lines(one.tick(START + 70 * HOUR))).toContain('requested 0 tell a round 0');
  });

  it('of what is owed is above all others: thanks after a deed go first', () => {
    const plays = [
      play('loud', [act('0', { verb: 'tell', what: 'news' })], { trigger: DEED, priority: 1_000 }),
      play('thanks', [act('0')], { trigger: DEED, priority: -1_000 }),
    ];
    const one = customer(plays, ONE_A_DAY);
    one.live({ type: 'event.spoken' }, START);
    expect(requests(one).map((each) => each.play)).toEqual(['thanks']);
  });
});

describe('thanks that a held-out customer would have been given', () => {
  const held = play('thanks', [act('0')], { trigger: DEED, holdout: 1 });
  const asks = play('asks', [ask('0')]);

  it('let other plays ask, but are no give that licenses it', () => {
    const one = customer([held, asks]);
    one.live({ type: 'event.spoken' }, START);
    expect(lines(one.command({ command: 'enrol', play: 'asks' }, START + HOUR))).toContain(
      'withheld 0 giveFirst, wait',
    );
    const given = customer([held, asks]);
    given.live(THANKED, START - DAY);
    given.live({ type: 'event.spoken' }, START);
    expect(lines(given.command({ command: 'enrol', play: 'asks' }, START + HOUR))).toContain(
      'requested 0 ask review round 0',
    );
  });
});

it('the ask of a task opens when the task is done, not when it is put into the queue', () => {
  const one = customer([play('asks', [ask('0', { by: 'task', team: 'sales' })]), play('other', [ask('0')])]);
  one.live(THANKED, START - DAY);
  one.command({ command: 'enrol', play: 'asks' }, START);
  const { action } = requests(one)[0]!;
  one.command({ command: 'finish', action, outcome: 'done' }, START + 20 * DAY);
  one.live({ ...one.outcomeOf('delivered', { action }), occurredAt: START + 20 * DAY }, START + 20 * DAY + 1);
  expect(one.state.plays?.ledger?.open).toMatchObject([{ action, openedAt: START + 20 * DAY }]);
  const [, withheld] = one.command({ command: 'enrol', play: 'other' }, START + 21 * DAY);
  expect(withheld).toMatchObject({ reason: 'openAsk' });
});

describe('a retry by hand', () => {
  function failed(guards: Parameters<typeof part>[1], between: (one: PlayCustomer) => void): PlayCustomer {
    const one = customer([play('p', [act('0')])], guards);
    one.command({ command: 'enrol', play: 'p' }, START + 12 * HOUR);
    one.outcome('failed', START + 13 * HOUR);
    between(one);
    return one;
  }
  const action = (one: PlayCustomer) => requests(one)[0]!.action;
  const quiet = { quiet: { ...QUIET.quiet, weekdays: [...QUIET.quiet.weekdays] } };

  it('goes through the guards again; past those of time with a reason alone', () => {
    const one = failed(quiet, () => undefined);
    const at = START + 22 * HOUR;
    const retry = { command: 'retry', action: action(one) } as const;
    expect(lines(one.command(retry, at))).toEqual(['withheld 0 quiet, skip for good']);
    expect(lines(one.command({ ...retry, override: true }, at))).toEqual(['refused retry: reasonMissing']);
    const [again] = one.command({ ...retry, override: true, reason: 'promised on the phone' }, at);
    expect(again).toMatchObject({
      ...{ type: 'ActionRequested', round: 1, notBefore: at },
      override: { by: 'ann', reason: 'promised on the phone' },
    });
  });

  it('never goes past consent, suppression or an open complaint', () => {
    const one = failed({}, (each) => each.live({ type: 'email.unsubscribed' }, START + 14 * HOUR));
    const retry = { command: 'retry', action: action(one), override: true, reason: 'it matters' } as const;
    expect(lines(one.command(retry, START + 15 * HOUR))).toEqual(['withheld 0 suppression, skip for good']);
  });
});

it('who is under way is judged by the newest guards, by the steps entered', () => {
  const plays = [play('p', [{ step: 'wait', path: '0', ms: DAY }, act('1'), act('2')])];
  const first = part(plays);
  const one = new PlayCustomer(compiledWith(first));
  one.command({ command: 'enrol', play: 'p' }, START);
  const changed = [play('p', [{ step: 'wait', path: '0', ms: 9 * DAY }, act('1', { what: 'other' })])];
  one.adopt(compiledWith(part(changed, NO_CONSENT), 2, [{ version: 1, part: first }]), START + HOUR);
  expect(lines(one.tick(START + DAY))).toEqual([
    'stepped 0 wait time',
    'withheld 1 consent, skip for good',
    'withheld 2 consent, skip for good',
    'exited p completed',
  ]);
});

it('a longer window of a newer version counts what was sent before it', () => {
  const plays = [play('p', [act('0')])];
  const first = part(plays, { ...ONE_A_DAY, asks: OPEN_GUARDS.asks });
  const one = new PlayCustomer(compiledWith(first));
  one.command({ command: 'enrol', play: 'p' }, START);
  one.outcome('delivered', START);
  const longer = { caps: [{ atMost: 1, within: 30 * DAY }] };
  one.adopt(compiledWith(part(plays, longer), 2, [{ version: 1, part: first }]), START + 10 * DAY);
  const [, withheld] = one.command({ command: 'enrol', play: 'p' }, START + 20 * DAY);
  expect(withheld).toMatchObject({ reason: 'cap', until: null });
  expect(lines(one.tick(START + 27 * DAY))).toContain('withheld 0 stale, skip for good');
});
