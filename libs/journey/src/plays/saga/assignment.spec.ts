import type { Play } from '../play';
import { act, compiledWith, DAY, HOUR, lines, part, play, PlayCustomer, START } from './play-customer.fixture';

const ADVOCACY = { on: 'touchpoint', of: { meaning: 'advocacy' } } as const;
const DEED = { type: 'event.spoken' };
const PEOPLE = 2_000;
/** Of a binomial share: beyond it once in about 15,000 times; the hash is fixed, so that it never comes by chance. */
const SIGMAS = 4;

function entered(name: string, one: Play): PlayCustomer {
  const customer = new PlayCustomer(compiledWith(part([one])), name);
  customer.live(DEED, START);
  return customer;
}

function expectShare(count: number, share: number): void {
  const sigma = Math.sqrt(PEOPLE * share * (1 - share));
  expect(Math.abs(count - PEOPLE * share)).toBeLessThan(SIGMAS * sigma);
}

describe('a holdout', () => {
  const steps: Play['steps'] = [
    act('0'),
    { step: 'wait', path: '1', ms: DAY },
    act('2', { verb: 'ask', what: 'reference' }),
    { step: 'wait', path: '3', ms: 2 * DAY },
  ];
  const held = play('p', steps, { trigger: ADVOCACY, holdout: 1 });

  it('is never acted on, steps the same waits, and settles the thanks it owes', () => {
    const one = entered('held', held);
    one.tick(START + 30 * DAY);
    expect(lines(one.plays)).toEqual([
      'entered p held',
      'withheld 0 holdout, skip for good',
      'waiting 1 wait',
      'stepped 1 wait time',
      'withheld 2 holdout, skip for good',
      'waiting 3 wait',
      'stepped 3 wait time',
      'exited p completed',
    ]);
    const { ledger, virtualThanksAt } = one.state.plays!;
    expect(ledger).toMatchObject({ given: 0, owed: [{ at: START }] });
    expect(virtualThanksAt).toBe(START);
  });

  it('is nested by share and the same under every version', () => {
    const names = Array.from({ length: PEOPLE }, (_, i) => `customer-${i}`);
    const heldAt = (holdout: number, why: string) =>
      names.filter((name) => {
        const [first] = entered(name, { ...held, holdout, why, steps: [] }).plays;
        return first?.type === 'PlayEntered' && first.held;
      });
    const ten = heldAt(0.1, 'one');
    const twenty = new Set(heldAt(0.2, 'other'));
    expectShare(ten.length, 0.1);
    expectShare(twenty.size, 0.2);
    expect(ten.every((name) => twenty.has(name))).toBe(true);
  });

  it('is passed over by hand with override, and that entry is left out of the comparison', () => {
    const one = new PlayCustomer(compiledWith(part([held])));
    const [first] = one.command({ command: 'enrol', play: 'p', override: true }, START);
    expect(first).toMatchObject({ type: 'PlayEntered', held: false, first: false });
  });
});

describe('a split', () => {
  it('keeps to its shares, and the same customer always goes the same way', () => {
    const split = play(
      'p',
      [
        {
          ...{ step: 'split', path: '0' },
          arms: [
            { name: 'a', share: 30, then: [] },
            { name: 'b', share: 70, then: [{ step: 'set', path: '0.1.0', trait: 'way', value: 'b' }] },
          ],
        },
      ],
      { trigger: ADVOCACY },
    );
    const wayOf = (name: string) => {
      const stepped = entered(name, split).plays.find((each) => each.type === 'PlayStepped' && each.kind === 'split');
      return stepped?.type === 'PlayStepped' ? stepped.took : '';
    };
    const ways = Array.from({ length: PEOPLE }, (_, i) => wayOf(`customer-${i}`));
    expectShare(ways.filter((way) => way === 'a').length, 0.3);
    expect(ways.every((way) => way === 'a' || way === 'b')).toBe(true);
    expect(wayOf('customer-7')).toBe(ways[7]);
  });
});

describe('a goal', () => {
  const goal = { of: { meaning: 'advocacy' }, within: 10 * DAY };
  const one = (steps: Play['steps'] = []) =>
    entered('c', play('p', steps, { trigger: ADVOCACY, again: 'never', goal }));

  it('is never the trigger, nor anything that did not occur strictly after entry', () => {
    const customer = one();
    expect(lines(customer.live({ ...DEED, occurredAt: START }, START + HOUR))).toEqual([]);
    expect(lines(customer.live({ ...DEED, occurredAt: START - DAY }, START + HOUR))).toEqual([]);
    expect(lines(customer.live({ ...DEED, occurredAt: START + 1 }, START + HOUR))).toEqual(['converted p']);
  });

  it('outlives the steps, both ends of its time included', () => {
    expect(lines(one().live(DEED, START + 10 * DAY))).toEqual(['converted p']);
    expect(lines(one().live(DEED, START + 10 * DAY + 1))).toEqual(['exited p goalMissed']);
  });

  it('whose time is over before the steps are is missed with the last of them', () => {
    const customer = one([{ step: 'wait', path: '0', ms: 15 * DAY }]);
    expect(lines(customer.tick(START + 15 * DAY))).toEqual([
      'stepped 0 wait time',
      'exited p completed',
      'exited p goalMissed',
    ]);
  });
});

describe('dates and audiences', () => {
  it('start once for each newest value of the property', () => {
    const renewal = play('r', [act('0', { verb: 'tell', what: 'renewal' })], {
      ...{ trigger: { on: 'date', of: { type: 'subscription.started' }, property: 'renewsAt', offset: -30 * DAY } },
      again: 'always',
    });
    const customer = new PlayCustomer(compiledWith(part([renewal])));
    const says = (at: number, renewsAt: number) =>
      customer.live({ type: 'subscription.started', properties: { renewsAt: new Date(renewsAt).toISOString() } }, at);
    says(START, START + 40 * DAY);
    says(START + DAY, START + 50 * DAY);
    expect(lines(customer.tick(START + 19 * DAY))).toEqual([]);
    expect(lines(customer.tick(START + 20 * DAY))).toEqual(['entered r', 'requested 0 tell renewal round 0']);
    customer.outcome('delivered', START + 20 * DAY + 1);
    says(START + 21 * DAY, START + 50 * DAY);
    says(START + 22 * DAY, START + 40 * DAY);
    expect(lines(customer.tick(START + 60 * DAY))).toEqual([]);
  });

  it('spread an audience over its time, and ask `who` again when the moment comes', () => {
    const audience = play('a', [act('0', { what: 'gift' })], {
      ...{ trigger: { on: 'audience', at: 540, weekdays: [1], spread: 6 * HOUR } },
      who: { fact: 'openComplaint', is: false },
    });
    const definition = compiledWith(part([audience]));
    const moments = Array.from({ length: 20 }, (_, i) => {
      const customer = new PlayCustomer(definition, `customer-${i}`);
      customer.take({ kind: 'audience', play: 'a', run: START, at: START });
      customer.tick(START + DAY);
      return customer.plays.find((each) => each.type === 'PlayEntered')?.at ?? 0;
    });
    expect(new Set(moments).size).toBe(20);
    for (const moment of moments) expect(moment >= START && moment < START + 6 * HOUR).toBe(true);
    const complains = new PlayCustomer(definition);
    complains.take({ kind: 'audience', play: 'a', run: START, at: START });
    complains.live({ type: 'support.complaint.opened' }, START);
    expect(lines(complains.tick(START + DAY))).toEqual([]);
  });
});
