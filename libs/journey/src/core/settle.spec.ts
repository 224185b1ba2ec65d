import { Customer, compiled, DAY, DEFAULT_DEFINITION, parsed, stages, START, touchpoint } from './customer.fixture';
import { advance, AdvanceMisuse } from './advance';
import { UnfoldableTouchpoint } from './scaled-number';
import type { Decision, StageChanged } from '../decision';

const buys = (at: number, customer: Customer, properties = {}) =>
  customer.live({ type: 'purchase.completed', properties: { value: 10, ...properties } }, at);
const day = (n: number) => START + n * DAY;

function stageChange(decisions: Decision[]): StageChanged {
  const found = decisions.find((one) => one.type === 'StageChanged');
  if (found?.type !== 'StageChanged') throw new Error('no stage change');
  return found;
}

describe('history', () => {
  it('is shown at once, moves nothing until it settles, and then tells the whole chain at its own dates', () => {
    const customer = new Customer();
    for (const n of [20, 0, 10]) expect(customer.history({ type: 'purchase.completed' }, day(n), day(400))).toEqual([]);
    expect(customer.state).toMatchObject({ stage: null, unsettled: true, due: null });
    expect(customer.state.totals.touchpoints).toBe(3);
    expect(stages(customer.settle(day(401)))).toEqual([
      'chain 2024-01-01 none -> customer',
      'chain 2024-01-21 customer -> loyal',
      'chain 2024-07-19 loyal -> customer',
    ]);
    expect(customer.state).toMatchObject({ stage: 'customer', unsettled: false, wentLiveAt: null });
    expect(customer.state.stageSince).toBe(day(200) + 1);
  });

  it('settles before a live touchpoint, which goes on from where the chain ended', () => {
    const customer = new Customer();
    customer.history({ type: 'purchase.completed' }, day(0), day(50));
    expect(stages(customer.live({ type: 'reference.given' }, day(51)))).toEqual([
      'chain 2024-01-01 none -> customer',
      '2024-02-21 customer -> advocate',
    ]);
    expect(customer.state.firstLive.stage).toMatchObject({ from: 'customer', to: 'advocate' });
  });

  it('that comes after live changes is joined to them where the customer went live, and corrects the present', () => {
    const customer = new Customer();
    buys(day(100), customer);
    for (const n of [80, 90]) customer.history({ type: 'purchase.completed' }, day(n), day(101));
    expect(stages(customer.settle(day(102)))).toEqual([
      'chain 2024-03-21 none -> customer',
      'settling 2024-04-12 customer -> loyal',
    ]);
    // A second import changes the chain: it no longer ends where the first live change starts from.
    customer.history({ type: 'reference.given' }, day(10), day(103));
    expect(stages(customer.settle(day(104)))).toEqual([
      'chain 2024-01-11 none -> advocate',
      'settling 2024-04-14 loyal -> advocate',
    ]);
  });

  it('puts a joining change where a settled customer went live, when a later chain ends elsewhere', () => {
    const customer = new Customer();
    customer.history({ type: 'purchase.completed' }, day(0), day(10));
    customer.settle(day(10));
    customer.live({ type: 'reference.given' }, day(20));
    customer.history(
      { type: 'purchase.returned', properties: { returnOf: customer.timeline[0]!.touchpoint.touchpointId } },
      day(5),
      day(30),
    );
    expect(stages(customer.settle(day(31)))).toEqual([
      'chain 2024-01-01 none -> customer',
      'chain 2024-01-06 customer -> lead',
      'wentLive 2024-01-21 lead -> customer',
    ]);
  });

  it('that is dated ahead of its settling is folded at the settling', () => {
    const customer = new Customer();
    customer.history({ type: 'web.page.viewed' }, day(1), day(2));
    customer.history({ type: 'purchase.completed' }, day(2) + 200_000, day(2));
    const [restated] = customer.settle(day(2) + 1_000);
    expect(restated?.type === 'HistoryRestated' && restated.changes.map((one) => [one.to, one.at])).toEqual([
      ['lead', day(1)],
      ['customer', day(2) + 1_000],
    ]);
  });

  it('comes before a live input of the same moment', () => {
    const customer = new Customer(
      compiled(
        parsed(`
name: sticky
stages:
  - name: lead
  - name: customer
    enter: { count: purchase, atLeast: 1 }
    keep: { count: any, atLeast: 1 }
`),
      ),
    );
    customer.live({ type: 'purchase.returned', properties: { returnOf: 'p' } }, day(5));
    customer.history({ type: 'purchase.completed', touchpointId: 'p' }, day(5), day(6));
    // Bought, so held; then returned, and kept. The other way round it would never have been a purchase.
    expect(stages(customer.settle(day(7)))).toEqual(['settling 2024-01-08 lead -> customer']);
  });

  it('comes in parts where the chain is long', () => {
    const customer = new Customer();
    for (let n = 0; n < 100; n++) {
      customer.history({ type: 'support.complaint.opened' }, day(n), day(200));
      customer.history({ type: 'support.ticket.resolved' }, day(n) + 1, day(200));
    }
    const restated = customer.settle(day(100)).filter((one) => one.type === 'HistoryRestated');
    expect(restated.map((one) => [one.part, one.parts, one.changes.length])).toEqual([
      [0, 4, 64],
      [1, 4, 64],
      [2, 4, 64],
      [3, 4, 9],
    ]);
  });
});

describe('a newer definition', () => {
  const strict = parsed(`
name: journey
stages:
  - name: lead
  - name: regular
    enter: { count: purchase, atLeast: 2 }
`);

  it('is evaluated over all that counts, and stands in the cause', () => {
    const customer = new Customer();
    buys(day(0), customer);
    buys(day(1), customer);
    const [change] = customer.adopt(compiled(strict, 2), day(2)).filter((one) => one.type === 'StageChanged');
    expect(change).toMatchObject({
      from: 'customer',
      to: 'regular',
      definitionVersion: 2,
      cause: { kind: 'definition', version: 2 },
    });
    expect(customer.state.definitionVersion).toBe(2);
  });

  it('leaves unsettled history unsettled', () => {
    const customer = new Customer();
    buys(day(5), customer);
    customer.history({ type: 'purchase.completed' }, day(1), day(6));
    expect(stages(customer.adopt(compiled(strict, 2), day(7)))).toEqual(['2024-01-08 customer -> lead']);
    expect(customer.state.unsettled).toBe(true);
    expect(stages(customer.settle(day(8)))).toEqual([
      'chain 2024-01-02 none -> lead',
      'settling 2024-01-09 lead -> regular',
    ]);
  });
});

describe('advance', () => {
  it('refuses an amount that it cannot add up exactly, and leaves the state as it was', () => {
    const customer = new Customer();
    buys(day(0), customer);
    const before = structuredClone(customer.state.nums);
    for (const value of [Infinity, 1e12])
      expect(() => buys(day(40), customer, { value })).toThrow(UnfoldableTouchpoint);
    expect(customer.state.nums).toEqual(before);
  });

  it('refuses a timeline that is not whole, and a state of another definition version', () => {
    const customer = new Customer();
    buys(day(0), customer);
    const input = {
      kind: 'touchpoint',
      touchpoint: touchpoint({ type: 'web.page.viewed' }, day(1)),
      at: day(1),
    } as const;
    expect(() => advance(customer.definition, customer.state, input, [])).toThrow(AdvanceMisuse);
    expect(() => advance(compiled(DEFAULT_DEFINITION, 2), customer.state, input)).toThrow(AdvanceMisuse);
  });

  it('says that a retry is one', () => {
    const customer = new Customer();
    const sent = touchpoint({ type: 'purchase.completed' }, day(0));
    const decisions = customer.take({ kind: 'touchpoint', touchpoint: sent, at: day(0), retry: true });
    expect(stageChange(decisions).cause).toEqual({ kind: 'retry', touchpointId: sent.touchpointId });
  });

  it('dates live changes by the engine, never by when the touchpoint occurred', () => {
    const customer = new Customer();
    customer.live({ type: 'purchase.completed', occurredAt: day(0) }, day(30));
    expect(customer.decisions.map((one) => 'at' in one && one.at)).toEqual([day(30)]);
  });
});
