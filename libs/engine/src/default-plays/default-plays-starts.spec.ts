/** Every default play starts for the customer it is meant for, from the feeds that brands have. */
import { DEFINITION, Life } from './life.fixture';

type Happening = [type: string, afterDays: number, properties?: { [name: string]: string | number }];

const DAY = 86_400_000;
const START = Date.UTC(2024, 0, 8, 10);
/** Longer than the longest of the plays waits. */
const END_DAYS = 400;

const CRM: Happening[] = [['profile.updated', 0, { email: 'ann@example.org' }]];
const LOYAL: Happening[] = [0, 30, 60].map((day) => ['purchase.completed', day, { value: 20 }]);
const DEED: Happening = ['referral.accepted', 2];
const COLLEAGUE: Happening = ['profile.updated', 1, { kind: 'employee' }];

const MEANT_FOR: [play: string, feed: Happening[]][] = [
  ['welcome', [['page.viewed', 0]]],
  ['welcome', [...CRM, ['page.viewed', 20]]],
  [
    'welcome',
    [
      ['email.sent', 0],
      ['support.ticket.opened', 40],
    ],
  ],
  ['demo-asked', [['web.demo.requested', 0]]],
  ['price-asked', [...CRM, ['quote.requested', 3]]],
  ['onboarding-check', [['purchase.completed', 0, { value: 20 }]]],
  ['onboarding-check', [DEED, ['purchase.completed', 9, { value: 20 }]]],
  ['first-purchase-survey', [...CRM, ['subscription.started', 3]]],
  ['first-purchase-survey', [DEED, ['purchase.completed', 9, { value: 20 }]]],
  ['late-order', [LOYAL[0]!, ['order.delayed', 1]]],
  ['late-parcel', [LOYAL[0]!, ['shipment.delayed', 1]]],
  ['complaint', [['support.complaint.opened', 0]]],
  ['complaint', [['delivery.complaint.made', 0]]],
  ['detractor', [LOYAL[0]!, ['survey.answered', 9, { kind: 'nps', score: 3 }]]],
  ['silence', LOYAL],
  ['fall-from-loyal', LOYAL],
  ['thanks-for-loyalty', [...CRM, ...LOYAL]],
  ['preference-question', LOYAL],
  ['community-invitation', LOYAL],
  ['thanks-for-the-deed', [DEED]],
  ['advocate-ask', [DEED]],
  ['story-invitation', [DEED]],
  ['product-discontinued', [DEED, ['product.discontinuing', 5]]],
  ['share-kit', [['employee.joined', 0]]],
  ['thanks-to-a-colleague', [COLLEAGUE, DEED]],
];

/** Comes on the days it says; the clock looks once a day. */
function lifeOf(feed: Happening[]): Life {
  const life = new Life('customer-1');
  for (let today = 0; today <= END_DAYS; today++) {
    const at = START + today * DAY;
    for (const [type, day, properties] of feed) if (day === today) life.touch(type, at, properties);
    life.take({ kind: 'timer', at: at + 1 });
    life.deliver(at + 1);
  }
  return life;
}

const decisionsOf = (life: Life, play: string) =>
  life.decisions.flatMap(({ decision }) => ('play' in decision && decision.play === play ? [decision] : []));

describe('the default plays', () => {
  it.each(MEANT_FOR)('start and end: %s', (play, feed) => {
    const life = lifeOf(feed);
    const said = decisionsOf(life, play);
    expect(said.map(({ type }) => type)).toContain('PlayEntered');
    // Tasks wait for people, and nobody works here.
    const atTask = said.findLast((one) => one.type === 'ActionRequested');
    if (atTask?.type === 'ActionRequested' && atTask.verb === 'task') return;
    expect(said.map(({ type }) => type)).toContain('PlayExited');
    expect(life.state.plays?.enrolments.filter((one) => one.play === play) ?? []).toEqual([]);
  });

  it('are all met by that', () => {
    const met = new Set(MEANT_FOR.map(([play]) => play));
    expect((DEFINITION.plays?.plays ?? []).map(({ name }) => name).filter((name) => !met.has(name))).toEqual([]);
  });

  it('greet nobody who has been in touch before, who has bought, or who is merely in a list', () => {
    const feeds: Happening[][] = [CRM, [['email.sent', 0]], [['purchase.completed', 0, { value: 20 }]]];
    const met = feeds.map((feed) => decisionsOf(lifeOf(feed), 'welcome').length);
    expect(met).toEqual([0, 0, 0]);
  });

  it('look for no order that was fetched', () => {
    const late: Happening[] = [LOYAL[0]!, ['order.delayed', 1]];
    const tasks = [late, [...late, ['order.picked-up', 4] as Happening]].map((feed) =>
      decisionsOf(lifeOf(feed), 'late-order').filter((one) => one.type === 'ActionRequested' && one.verb === 'task'),
    );
    expect(tasks.map((found) => found.length)).toEqual([1, 0]);
  });
});
