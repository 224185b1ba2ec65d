import type { Play } from '../play';
import { WAIT_MAX_MS } from '../play-limits';
import { act, compiledWith, DAY, HOUR, lines, part, play, PlayCustomer, START } from './play-customer.fixture';

const ADVOCACY = { on: 'touchpoint', of: { meaning: 'advocacy' } } as const;
const DEED = { type: 'review.posted', properties: { rating: 5 } };

function customer(plays: Play[], guards: Parameters<typeof part>[1] = {}): PlayCustomer {
  return new PlayCustomer(compiledWith(part(plays, guards)));
}

describe('an enrolment', () => {
  const afterTheDeed = play(
    'after-the-deed',
    [
      act('0'),
      { step: 'waitFor', path: '1', of: { meaning: 'praise' }, atMost: 14 * DAY },
      act('2', { verb: 'ask', what: 'reference' }),
    ],
    { trigger: ADVOCACY, goal: { of: { meaning: 'advocacy' }, within: 60 * DAY } },
  );

  it('acts, goes on when it is delivered, waits, asks, and is over', () => {
    const one = customer([afterTheDeed]);
    expect(lines(one.live(DEED, START))).toEqual(['entered after-the-deed', 'requested 0 give thanks round 0']);
    expect(lines(one.outcome('delivered', START + HOUR))).toEqual(['settled 0 delivered', 'waiting 1 waitFor']);
    expect(lines(one.tick(START + 14 * DAY + 2 * HOUR))).toEqual([
      'stepped 1 waitFor timeout',
      'requested 2 ask reference round 0',
    ]);
    expect(lines(one.outcome('delivered', START + 14 * DAY + 3 * HOUR))).toEqual([
      'settled 2 delivered',
      'exited after-the-deed completed',
    ]);
    expect(lines(one.tick(START + 90 * DAY))).toEqual(['exited after-the-deed goalMissed']);
  });

  it('goes on as soon as what it waits for comes, and converts by a later deed but not by its trigger', () => {
    const one = customer([{ ...afterTheDeed, again: 'never' }]);
    one.live(DEED, START);
    one.outcome('delivered', START + HOUR);
    const praised = one.live({ type: 'feedback.praise.given', touchpointId: 'praise-1' }, START + 2 * DAY);
    expect(lines(praised)[0]).toBe('stepped 1 waitFor praise-1');
    expect(lines(one.live(DEED, START + 2 * DAY + HOUR))).toEqual([
      'converted after-the-deed',
      'exited after-the-deed converted',
    ]);
    expect(lines(one.outcome('delivered', START + 2 * DAY + 2 * HOUR))).toEqual(['settled 2 delivered']);
  });

  it('is decided again after its request expired, and is given up when it is stale', () => {
    const one = customer([play('p', [act('0', { staleAfter: DAY })], { trigger: ADVOCACY, again: 'never' })]);
    one.live(DEED, START);
    expect(lines(one.outcome('expired', START + 5 * HOUR))).toEqual([
      'settled 0 expired',
      'requested 0 give thanks round 1',
    ]);
    expect(lines(one.outcome('expired', START + DAY))).toEqual([
      'settled 0 expired',
      'withheld 0 stale, skip for good',
      'exited p completed',
    ]);
  });

  it('settles as silent what nobody speaks of, and its cap stays charged', () => {
    const cap = { atMost: 1, within: 10 * DAY };
    const one = customer([play('p', [act('0'), act('1')], { trigger: ADVOCACY, again: 'never' })], { caps: [cap] });
    one.live(DEED, START);
    expect(lines(one.tick(START + 2 * DAY))).toEqual(['settled 0 silent', 'withheld 1 cap, wait']);
  });

  it('lets one live enrolment be, whatever triggers', () => {
    const one = customer([play('p', [{ step: 'wait', path: '0', ms: DAY }], { trigger: ADVOCACY })]);
    one.live(DEED, START);
    expect(lines(one.live(DEED, START + 1))).toEqual([]);
    expect(lines(one.tick(START + DAY))).toEqual(['stepped 0 wait time', 'exited p completed']);
    expect(lines(one.live(DEED, START + 2 * DAY))).toEqual(['entered p', 'waiting 0 wait']);
  });
});

describe('guards', () => {
  it('no ask without a give: waits without a date, and asks when the give was delivered', () => {
    const asks = play('asks', [act('0', { verb: 'ask', what: 'review' })], { trigger: ADVOCACY, again: 'never' });
    const gives = play('gives', [act('0', { what: 'gift' })], {
      trigger: { on: 'touchpoint', of: { meaning: 'praise' } },
    });
    const one = customer([asks, gives]);
    const [, withheld] = one.live({ type: 'event.spoken' }, START);
    expect(withheld).toMatchObject({ type: 'ActionWithheld', reason: 'giveFirst', until: null, final: false });
    one.live({ type: 'feedback.praise.given' }, START + HOUR);
    one.live({ type: 'gift.sent', direction: 'outbound', channel: 'email' }, START + 2 * HOUR);
    expect(one.state.plays?.enrolments.find((each) => each.play === 'asks')?.withheld).not.toBe('giveFirst');
  });

  it('of two at one instant the one with the higher priority goes first, and the loser is told who won', () => {
    const low = play('low', [act('0', { what: 'a' })], { trigger: ADVOCACY });
    const high = play('high', [act('0', { what: 'b' })], { trigger: ADVOCACY, priority: 5 });
    const one = customer([low, high], { caps: [{ atMost: 1, within: DAY }] });
    const decisions = one.live(DEED, START);
    const requested = decisions.find((each) => each.type === 'ActionRequested');
    expect(requested).toMatchObject({ play: 'high' });
    expect(decisions.find((each) => each.type === 'ActionWithheld')).toMatchObject({
      ...{ play: 'low', reason: 'priority', winner: requested?.action, until: START + DAY + 1 },
    });
  });

  it('skips, or exits, where a state says no', () => {
    const step = act('0', { ifWithheld: 'exit' });
    const refused = { consentUnknown: {} };
    const skips = customer([play('p', [act('0')], { trigger: ADVOCACY })], refused);
    expect(lines(skips.live(DEED, START))).toContain('withheld 0 consent, skip for good');
    const exits = customer([play('p', [step], { trigger: ADVOCACY })], refused);
    expect(lines(exits.live(DEED, START))).toContain('exited p withheld');
  });
});

describe('commands', () => {
  const task = act('0', { verb: 'task', what: 'call', by: 'task', team: 'sales', sla: 2 * HOUR, escalateTo: 'head' });
  const withTask = play('p', [task, { step: 'set', path: '1', trait: 'called', value: 'yes' }]);

  it('the loser of a race for a task is refused, and a claim that ran out is told', () => {
    const one = customer([withTask]);
    one.command({ command: 'enrol', play: 'p' }, START);
    const { action } = one.plays.find((each) => each.type === 'ActionRequested')!;
    expect(lines(one.command({ command: 'claim', action }, START + 1, 'ann'))).toEqual(['task claimed']);
    expect(lines(one.command({ command: 'claim', action }, START + 2, 'bob'))).toEqual([
      'refused claim: claimedByOther',
    ]);
    expect(lines(one.tick(START + DAY))).toEqual(['task claimExpired', 'task escalated']);
    expect(lines(one.command({ command: 'finish', action, outcome: 'done' }, START + DAY, 'bob'))).toEqual([
      'task finished',
      'settled 0 delivered',
      'stepped 1 set yes',
      'exited p completed',
    ]);
    expect(lines(one.command({ command: 'finish', action, outcome: 'done' }, START + DAY, 'ann'))).toEqual([
      'refused finish: unknownAction',
    ]);
  });

  it('a claim ends, however long somebody wants it for', () => {
    const one = customer([withTask]);
    one.command({ command: 'enrol', play: 'p' }, START);
    const { action } = one.plays.find((each) => each.type === 'ActionRequested')!;
    const [claimed] = one.command({ command: 'claim', action, for: 1e300 }, START);
    expect(claimed).toMatchObject({ change: 'claimed', claimedUntil: START + WAIT_MAX_MS });
  });

  it('stops, refuses to stop twice, and closes its task', () => {
    const one = customer([withTask]);
    one.command({ command: 'enrol', play: 'p' }, START);
    expect(lines(one.command({ command: 'stop', play: 'p', reason: 'by mistake' }, START + 1))).toEqual([
      'exited p stopped',
      'settled 0 stopped',
    ]);
    expect(lines(one.command({ command: 'stop', play: 'p', reason: 'again' }, START + 2))).toEqual([
      'refused stop: notEnrolled',
    ]);
  });

  it('retries a dead letter under an id of its own', () => {
    const one = customer([play('p', [act('0')])]);
    one.command({ command: 'enrol', play: 'p' }, START);
    const { action } = one.plays.find((each) => each.type === 'ActionRequested')!;
    one.outcome('failed', START + 1, { reason: 'attemptsUsedUp' });
    const [again] = one.command({ command: 'retry', action }, START + 2);
    expect(again).toMatchObject({ type: 'ActionRequested', round: 1 });
    expect(again).not.toMatchObject({ action });
    expect(lines(one.command({ command: 'retry', action }, START + 3))).toEqual(['refused retry: unknownAction']);
  });

  it('resolves what is in doubt by hand', () => {
    const one = customer([play('p', [act('0')])]);
    one.command({ command: 'enrol', play: 'p' }, START);
    const { action } = one.plays.find((each) => each.type === 'ActionRequested')!;
    const resolve = { command: 'resolve', action, delivered: true, at: START, reason: 'seen' } as const;
    expect(lines(one.command(resolve, START + 1))).toEqual(['refused resolve: notInDoubt']);
    expect(lines(one.outcome('in-doubt', START + 2))).toEqual(['in doubt 0']);
    expect(lines(one.command(resolve, START + 3))).toEqual(['settled 0 delivered', 'exited p completed']);
  });
});

describe('a task for a complaint', () => {
  it('closes by itself when the complaint is resolved elsewhere', () => {
    const task = act('0', { verb: 'task', what: 'support', by: 'task', team: 'care' });
    const one = customer([play('help', [task], { trigger: { on: 'touchpoint', of: { meaning: 'complaint' } } })]);
    one.live({ type: 'support.complaint.opened', properties: { ticketId: '7' } }, START);
    const closed = one.live({ type: 'support.ticket.resolved', properties: { ticketId: '7' } }, START + DAY);
    expect(lines(closed)).toEqual(['settled 0 answeredElsewhere', 'exited help completed']);
  });
});
