/** What starts a play, and what does not. */
import { decodeState, encodeState } from '../../core/state-codec';
import type { Play, Trigger } from '../play';
import { act, compiledWith, DAY, HOUR, lines, part, play, PlayCustomer, START } from './play-customer.fixture';

const PURCHASE = { type: 'purchase.completed', properties: { value: 30 } };

function customer(trigger: Trigger, more: Partial<Play> = {}): PlayCustomer {
  return new PlayCustomer(
    compiledWith(part([play('p', [{ step: 'wait', path: '0', ms: HOUR }], { trigger, ...more })])),
  );
}

function entries(one: PlayCustomer): string[] {
  return one.plays.flatMap((each) => (each.type === 'PlayEntered' ? [JSON.stringify(each.trigger)] : []));
}

describe('a change of stage', () => {
  it('that is entered starts a play, by a touchpoint and by the clock', () => {
    const one = customer({ on: 'stage', entered: ['lead', 'customer'] });
    one.live({ type: 'page.viewed' }, START);
    one.tick(START + HOUR);
    one.live(PURCHASE, START + DAY);
    expect(entries(one)).toEqual([
      '{"on":"stage","from":null,"to":"lead"}',
      '{"on":"stage","from":"lead","to":"customer"}',
    ]);
    const loyal = customer({ on: 'stage', left: ['loyal'] });
    for (let i = 0; i < 12; i++) loyal.live(PURCHASE, START + i * 10 * DAY);
    expect(loyal.state.stage).toBe('loyal');
    loyal.tick(START + 900 * DAY);
    const [left] = loyal.plays;
    expect(left).toMatchObject({
      type: 'PlayEntered',
      trigger: { on: 'stage', from: 'loyal' },
      cause: { kind: 'timer' },
    });
  });

  it('starts it only where both ends are the named ones', () => {
    const one = customer({ on: 'stage', entered: ['customer'], left: ['loyal'] });
    one.live(PURCHASE, START);
    expect(one.state.stage).toBe('customer');
    expect(entries(one)).toEqual([]);
  });
});

describe('a touchpoint', () => {
  it.each<[string, Trigger & { on: 'touchpoint' }, number]>([
    ['by its type', { on: 'touchpoint', of: { type: 'survey.answered' } }, 2],
    ['by its meaning', { on: 'touchpoint', of: { meaning: 'answer' } }, 2],
    ['by what it says', { on: 'touchpoint', of: { type: 'survey.answered', where: { score: { atMost: 6 } } } }, 1],
  ])('starts a play %s', (_, trigger, count) => {
    const one = customer(trigger);
    one.live(PURCHASE, START);
    one.live({ type: 'survey.answered', properties: { score: 9 } }, START + DAY);
    one.live({ type: 'survey.answered', properties: { score: 3 } }, START + 2 * DAY);
    expect(entries(one)).toHaveLength(count);
  });

  it('that is the outcome of an action starts none, whatever the play looks at', () => {
    const any: Trigger = { on: 'touchpoint', of: { direction: 'outbound' } };
    const one = new PlayCustomer(compiledWith(part([play('by-hand', [act('0')]), play('any', [], { trigger: any })])));
    one.command({ command: 'enrol', play: 'by-hand' }, START);
    one.outcome('delivered', START + HOUR);
    expect(entries(one)).toHaveLength(1);
    one.live({ type: 'email.sent', direction: 'outbound', channel: 'email' }, START + 2 * HOUR);
    expect(entries(one)).toHaveLength(2);
  });

  it('that is history starts none, and neither does its settling', () => {
    const one = customer({ on: 'touchpoint', of: { meaning: 'purchase' } });
    one.history(PURCHASE, START - DAY, START);
    one.settle(START + HOUR);
    one.live({ type: 'page.viewed' }, START + 2 * HOUR);
    expect(entries(one)).toEqual([]);
  });
});

it('a change of engagement starts a play by its ends', () => {
  const started = (trigger: Trigger): number => {
    const one = customer(trigger);
    one.live(PURCHASE, START);
    one.live(PURCHASE, START + 10 * DAY);
    one.tick(START + 900 * DAY);
    return entries(one).length;
  };
  expect(started({ on: 'engagement', to: ['lapsed'] })).toBe(1);
  expect(started({ on: 'engagement', to: ['at risk', 'lapsed'], from: ['active', 'cooling'] })).toBe(1);
  expect(started({ on: 'engagement', to: ['lapsed'], from: ['active'] })).toBe(0);
});

describe('a date', () => {
  const renews = (offset: number): Trigger => {
    return { on: 'date', of: { type: 'subscription.started' }, property: 'renewsAt', offset };
  };
  const sent = { type: 'subscription.started', properties: { renewsAt: new Date(START + 20 * DAY).toISOString() } };

  it.each([
    ['before', -5 * DAY, START + 15 * DAY],
    ['on', 0, START + 20 * DAY],
    ['after', 3 * DAY, START + 23 * DAY],
  ])('starts a play %s it', (_, offset, at) => {
    const one = customer(renews(offset));
    one.live(sent, START);
    expect(one.tick(at - 1)).toEqual([]);
    expect(one.tick(at)).toMatchObject([{ type: 'PlayEntered', at }, { type: 'PlayWaiting' }]);
    expect(entries(one)).toHaveLength(1);
  });

  it('that has passed when it is named starts none', () => {
    const one = customer(renews(-5 * DAY));
    one.live(sent, START + 16 * DAY);
    one.tick(START + 40 * DAY);
    expect(entries(one)).toEqual([]);
  });

  it.each([1e300, -1e300, Number.MAX_SAFE_INTEGER, '9999-12-31', 'soon', true, null])(
    'that is none, or of another age, is passed over: %p',
    (renewsAt) => {
      const one = customer(renews(0));
      one.live({ type: 'subscription.started', properties: { renewsAt } }, START);
      expect(one.state.plays?.dates ?? []).toEqual([]);
      expect(decodeState(one.definition, encodeState(one.state))).toEqual(one.state);
    },
  );

  it('that history names starts a play where it still lies ahead at the settling', () => {
    const one = customer(renews(0));
    one.history(sent, START - DAY, START);
    one.settle(START + HOUR);
    expect(lines(one.tick(START + 20 * DAY))).toEqual(['entered p', 'waiting 0 wait']);
  });
});

describe('again', () => {
  const trigger: Trigger = { on: 'touchpoint', of: { meaning: 'purchase' } };
  const entered = (again: Play['again'], days: number[]): number => {
    const one = customer(trigger, { again });
    for (const day of days) one.live(PURCHASE, START + day * DAY);
    return entries(one).length;
  };

  it('is counted from entry: never, always, or every so often, one live enrolment at a time', () => {
    expect(entered('never', [0, 1, 400])).toBe(1);
    expect(entered('always', [0, 0.01, 1, 400])).toBe(3);
    expect(entered({ every: 90 * DAY }, [0, 89.999, 90, 179])).toBe(2);
  });
});
