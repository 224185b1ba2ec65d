import { act, compiledWith, DAY, HOUR, part, play, PlayCustomer, START } from './play-customer.fixture';
import { ledgerQuestion, whyNotPlay } from './why-not';

const ask = play('asks', [{ step: 'wait', path: '0', ms: DAY }, act('1', { verb: 'ask', what: 'review' })], {
  ...{ trigger: { on: 'touchpoint', of: { meaning: 'advocacy' } }, again: { every: 90 * DAY } },
  who: { not: { fact: 'stage', oneOf: ['lead'] } },
});
const quiet = { from: 0, until: 12 * 60, weekdays: [1, 2, 3, 4, 5] as (1 | 2 | 3 | 4 | 5)[] };

describe('why not', () => {
  it('names everything that stands in the way, not only the first', () => {
    const one = new PlayCustomer(compiledWith(part([ask], { quiet })));
    one.live({ type: 'page.viewed' }, START + HOUR);
    const answer = whyNotPlay(one.state, 'asks', one, START + HOUR);
    expect(answer?.reasons.map((each) => each.reason)).toEqual(['who', 'noTrigger', 'giveFirst', 'quiet']);
    expect(answer).toMatchObject({ now: false, step: '1' });
  });

  it('tells of every step ahead that acts, in all arms, what would hold it today', () => {
    const arms = [
      { name: 'a', share: 50, then: [act('1.0.0', { verb: 'ask', what: 'review' })] },
      { name: 'b', share: 50, then: [] },
    ];
    const steps = [act('0', { what: 'gift' }), { step: 'split' as const, path: '1', arms }, act('2', { what: 'help' })];
    const branching = play('branching', steps, { trigger: { on: 'manual' } });
    const one = new PlayCustomer(compiledWith(part([branching])));
    one.live({ type: 'page.viewed' }, START + HOUR);
    const answer = whyNotPlay(one.state, 'branching', one, START + HOUR);
    expect(answer?.ahead.map(({ step, what, reasons }) => [step, what, reasons.map((each) => each.reason)])).toEqual([
      ['0', 'gift', []],
      ['1.0.0', 'review', ['giveFirst']],
      ['2', 'help', []],
    ]);
    expect(answer?.reasons.map((each) => each.reason)).toEqual(['noTrigger']);
  });

  it('tells of somebody under way where they stand, and changes nothing', () => {
    const one = new PlayCustomer(compiledWith(part([ask])));
    one.live({ type: 'event.spoken' }, START);
    const before = JSON.stringify(one.state.plays);
    expect(whyNotPlay(one.state, 'asks', one, START + HOUR)?.reasons[0]).toEqual({
      ...{ reason: 'live', detail: 'waiting, at step 0: wait 1d', until: START + DAY },
    });
    expect(JSON.stringify(one.state.plays)).toBe(before);
    expect(whyNotPlay(one.state, 'nobody', one, START)).toBeNull();
    expect(ledgerQuestion(one.state, one, START)?.next[0]).toMatchObject({ kind: 'review' });
  });
});
