import { Customer, compiled, DAY, DEFAULT_DEFINITION, parsed, stages, START, told } from './customer.fixture';
import { describe as describeState, missingForNext } from './describe';
import type { Decision, StageChanged } from '../decision';

const buys = (at: number, customer: Customer, properties = {}) =>
  customer.live({ type: 'purchase.completed', properties: { value: 10, ...properties } }, at);
const day = (n: number) => START + n * DAY;

function stageChange(decisions: Decision[]): StageChanged {
  const found = decisions.find((one) => one.type === 'StageChanged');
  if (found?.type !== 'StageChanged') throw new Error('no stage change');
  return found;
}

describe('stages of the default definition', () => {
  it('climb with the deeds of the customer', () => {
    const customer = new Customer();
    expect(told(customer.live({ type: 'web.page.viewed' }, day(0)))).toEqual(['2024-01-01 none -> lead']);
    expect(stages(buys(day(1), customer))).toEqual(['2024-01-02 lead -> customer']);
    expect(stages(buys(day(1) + 1, customer))).toEqual([]);
    expect(stages(buys(day(10), customer))).toEqual([]);
    expect(stages(buys(day(20), customer))).toEqual(['2024-01-21 customer -> loyal']);
    expect(stages(customer.live({ type: 'referral.accepted' }, day(21)))).toEqual(['2024-01-22 loyal -> advocate']);
  });

  it('can be skipped: an advocate may never have bought', () => {
    const customer = new Customer();
    expect(stages(customer.live({ type: 'story.published' }, day(0)))).toEqual(['2024-01-01 none -> advocate']);
    const { rungs } = describeState(customer.definition, customer.state, day(0));
    expect(rungs.map((rung) => [rung.stage, rung.holds, rung.held])).toEqual([
      ['lead', true, true],
      ['customer', false, false],
      ['loyal', false, false],
      ['advocate', true, true],
    ]);
  });

  it('ask for a review of at least 4, and take a deed without a rating', () => {
    const customer = new Customer();
    customer.live({ type: 'review.posted', properties: { rating: 3 } }, day(0));
    expect(customer.state.stage).toBe('lead');
    customer.live({ type: 'review.posted', properties: { rating: 4 } }, day(1));
    expect(customer.state.stage).toBe('advocate');
    const other = new Customer();
    other.live({ type: 'social.praise.posted' }, day(0));
    expect(other.state.stage).toBe('advocate');
  });

  it('fall by the clock: a window holds with both its ends and ends one millisecond later', () => {
    const customer = new Customer();
    customer.live({ type: 'reference.given' }, day(0));
    customer.tick(day(365));
    expect(customer.state.stage).toBe('advocate');
    const [fall] = stages(customer.tick(day(400)));
    expect(fall).toBe('2024-12-31 advocate -> lead');
    expect(stageChange(customer.decisions.slice(-1)).at).toBe(day(365) + 1);
    expect(stageChange(customer.decisions.slice(-1)).cause).toEqual({ kind: 'timer', due: day(365) + 1 });
  });

  it('keep a loyal customer with two days where three were needed to enter', () => {
    const customer = new Customer();
    for (const n of [0, 100, 250]) buys(day(n), customer);
    expect(customer.state.stage).toBe('loyal');
    // The first of three leaves the year: two are left, and the last is near enough.
    customer.tick(day(366));
    expect(customer.state.stage).toBe('loyal');
    expect(describeState(customer.definition, customer.state, day(366)).stage?.rule).toBe('loyal.keep');
    // 180 days after the last purchase the habit is over.
    expect(stages(customer.tick(day(600)))).toEqual(['2025-03-06 loyal -> customer']);
    const fall = stageChange(customer.decisions.filter((one) => one.type === 'StageChanged').slice(-1));
    expect(fall.at).toBe(day(430) + 1);
    expect(fall.evidence.rule).toBe('loyal.keep');
    expect(fall.evidence.conditions.map((one) => [one.path, one.holds])).toEqual([
      ['loyal.enter.all.0', false],
      ['loyal.enter.all.1', false],
      ['loyal.keep.all.0', true],
      ['loyal.keep.all.1', false],
      ['customer.enter', true],
    ]);
  });

  it('say what is missing for the next', () => {
    const customer = new Customer();
    buys(day(0), customer);
    expect(missingForNext(customer.definition, customer.state, day(1))).toEqual({
      stage: 'loyal',
      missing: [
        { path: 'loyal.enter.all.0', condition: 'distinctDays purchase at least 3 within 365d', value: 1, needed: 3 },
      ],
    });
    customer.live({ type: 'reference.given' }, day(2));
    expect(missingForNext(customer.definition, customer.state, day(2))).toBeNull();
    expect(missingForNext(customer.definition, new Customer().state, day(2))).toBeNull();
  });
});

describe('evidence', () => {
  it('names the definition, the rule, the values and the touchpoints, newest last', () => {
    const customer = new Customer();
    const ids = [0, 5, 9].map((n) => {
      buys(day(n), customer);
      return customer.timeline.at(-1)?.touchpoint.touchpointId;
    });
    const { evidence } = stageChange(customer.decisions.slice(-1));
    expect(evidence).toEqual({
      definition: DEFAULT_DEFINITION.name,
      definitionVersion: 1,
      rule: 'loyal.enter',
      at: day(9),
      conditions: [
        {
          path: 'loyal.enter.all.0',
          condition: 'distinctDays purchase at least 3 within 365d',
          holds: true,
          value: 3,
          atLeast: true,
          touchpoints: [0, 5, 9].map((n, i) => ({ touchpointId: ids[i], occurredAt: day(n) })),
        },
        {
          path: 'loyal.enter.all.1',
          condition: 'since purchase at most 180d',
          holds: true,
          value: 0,
          touchpoints: [{ touchpointId: ids[2], occurredAt: day(9) }],
        },
      ],
    });
  });
});

describe('equal moments', () => {
  it('are told apart by touchpointId, whichever came first', () => {
    for (const ids of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      const customer = new Customer();
      for (const touchpointId of ids) customer.live({ type: 'purchase.completed', touchpointId }, day(0));
      const { rungs } = describeState(customer.definition, customer.state, day(0));
      const named = rungs.flatMap((rung) => rung.evidence).filter((one) => one.condition.includes('purchase'));
      expect(named.map((one) => one.touchpoints.map(({ touchpointId }) => touchpointId))).toEqual(
        named.map(() => ['b']),
      );
    }
  });
});

describe('returns', () => {
  const returned = (at: number, customer: Customer, properties: Record<string, string | number>) =>
    customer.live({ type: 'purchase.returned', properties }, at);

  it('that cover their purchase in full cancel it, alone or together, by its id or its order', () => {
    const customer = new Customer();
    buys(day(0), customer, { value: 30, orderId: 'o-7' });
    const { touchpointId } = customer.timeline[0]!.touchpoint;
    returned(day(1), customer, { returnOf: touchpointId, value: 20 });
    expect(customer.state.stage).toBe('customer');
    expect(stages(returned(day(2), customer, { returnOf: 'o-7', value: -10 }))).toEqual([
      '2024-01-03 customer -> lead',
    ]);
    // Still an interaction: three touchpoints were inbound.
    expect(customer.state.totals).toMatchObject({ inbound: 3, purchases: 1, returns: 2, unnamedReturns: 0 });
  });

  it('without a value cancel what they name; without a name they cancel nothing and are counted', () => {
    const customer = new Customer();
    buys(day(0), customer);
    returned(day(1), customer, { value: 10 });
    expect(customer.state.stage).toBe('customer');
    expect(customer.state.totals.unnamedReturns).toBe(1);
    returned(day(2), customer, { returnOf: customer.timeline[0]!.touchpoint.touchpointId });
    expect(customer.state.stage).toBe('lead');
  });

  it('may come before their purchase', () => {
    const customer = new Customer();
    returned(day(1), customer, { returnOf: 'late' });
    customer.live({ type: 'purchase.completed', touchpointId: 'late', occurredAt: day(0) }, day(2));
    expect(customer.steps.at(-1)?.askedForTimeline).toBe(true);
    expect(customer.state.stage).toBe('lead');
  });

  it('of an order in several purchases cancel the first of them, also where that one comes last', () => {
    const customer = new Customer();
    buys(day(5), customer, { orderId: 'o-1', value: 50 });
    buys(day(9), customer);
    returned(day(10), customer, { returnOf: 'o-1' });
    const days = () => describeState(customer.definition, customer.state, day(20)).rungs[2]?.evidence[0]?.touchpoints;
    expect(days()?.map((one) => one.occurredAt)).toEqual([day(9)]);
    customer.live(
      { type: 'purchase.completed', occurredAt: day(3), properties: { orderId: 'o-1', value: 1 } },
      day(11),
    );
    expect(days()?.map((one) => one.occurredAt)).toEqual([day(5), day(9)]);
  });

  it('lower sums by their value on their own date', () => {
    const definition = parsed(`
name: spend
stages:
  - name: lead
  - name: big
    enter: { sum: purchase, property: value, atLeast: 100, within: 30d }
`);
    const customer = new Customer(compiled(definition));
    buys(day(0), customer, { value: 99.99 });
    buys(day(1), customer, { value: 0.01 });
    expect(customer.state.stage).toBe('big');
    returned(day(3), customer, { value: 0.01 });
    expect(customer.state.stage).toBe('lead');
    buys(day(20), customer, { value: 100 });
    expect(customer.state.stage).toBe('big');
    // Whole days: what happened on day 1 counts until the day 30 days later is over; then 99.99 are left.
    const [fall] = customer.tick(day(70)).filter((one) => one.type === 'StageChanged');
    expect((fall as StageChanged).at).toBe(day(32));
  });
});

describe('engagement', () => {
  it('goes by fixed limits while there is no rhythm, and comes back with the next inbound touchpoint', () => {
    const customer = new Customer();
    buys(day(0), customer);
    expect(told(customer.tick(day(300)))).toEqual([
      'e:2024-01-31 active -> cooling',
      'e:2024-03-01 cooling -> at risk',
      'e:2024-06-29 at risk -> lapsed',
    ]);
    // What the brand sends is no sign of life.
    expect(told(customer.live({ type: 'email.sent', direction: 'outbound' }, day(301)))).toEqual([]);
    expect(told(customer.live({ type: 'web.page.viewed' }, day(302)))).toEqual(['e:2024-10-29 lapsed -> active']);
  });

  it('goes by the median of the gaps once there are three', () => {
    const customer = new Customer();
    for (const n of [0, 100, 120, 220]) customer.live({ type: 'web.page.viewed' }, day(n));
    customer.tick(day(900));
    const changes = customer.decisions.filter((one) => one.type === 'EngagementChanged').slice(-3);
    expect(changes.map((one) => 'at' in one && one.at)).toEqual([day(420) + 1, day(520) + 1, day(820) + 1]);
  });

  it('is at least cooling while a complaint is open', () => {
    const customer = new Customer();
    const ticket = (type: string, n: number, ticketId?: string) =>
      told(customer.live({ type, properties: ticketId === undefined ? {} : { ticketId } }, day(n))).filter((one) =>
        one.startsWith('e:'),
      );
    expect(ticket('support.complaint.opened', 0, 'a')).toEqual(['e:2024-01-01 active -> cooling']);
    expect(ticket('support.ticket.resolved', 1, 'b')).toEqual([]);
    expect(ticket('support.ticket.resolved', 2, 'a')).toEqual(['e:2024-01-03 cooling -> active']);
    expect(ticket('support.complaint.opened', 3)).toEqual(['e:2024-01-04 active -> cooling']);
    expect(ticket('support.ticket.resolved', 4, 'b')).toEqual(['e:2024-01-05 cooling -> active']);
  });

  it('counts open complaints beyond those that are listed', () => {
    const customer = new Customer();
    for (let i = 0; i < 6; i++)
      customer.live({ type: 'support.complaint.opened', properties: { ticketId: `t${i}` } }, day(i));
    expect(describeState(customer.definition, customer.state, day(6)).openComplaints).toBe(6);
    for (let i = 0; i < 5; i++)
      customer.live({ type: 'support.ticket.resolved', properties: { ticketId: `t${i}` } }, day(7));
    expect(describeState(customer.definition, customer.state, day(7)).openComplaints).toBe(1);
    expect(customer.state.engagement).toBe('cooling');
    customer.live({ type: 'support.ticket.resolved', properties: { ticketId: 't5' } }, day(8));
    expect(customer.state.engagement).toBe('active');
  });
});
