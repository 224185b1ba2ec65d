/** What happens in the demo once the history is played: a few touchpoints, now, to which plays have something to do. */
import { CATALOGUE, type Properties, type Touchpoint } from '@rapport/journey';
import type { LedgerAnswer } from '../commands/play-answers.types';
import type { Target } from '../target/target';

interface Customer {
  customerId: string;
  openComplaints: number;
  traits: { timeZone?: string };
}

/** What the demo's own play asks for. */
const ASKED = 'review';
const GONE_WITH_THANKS = ['giveFirst', 'thanksOwed'];
const QUIET_ZONE = 'Asia/Tokyo';
const LOOKED_AT_MAX = 40;
const NEWCOMERS = [
  ['nora', 'Nora Lind', 'Europe/Berlin'],
  ['emre', 'Emre Kaya', 'Europe/London'],
] as const;

/** Nobody plays two parts. Where the simulation has nobody for a part, it is left out. */
export async function demoMoments(target: Target, now: number): Promise<Touchpoint[]> {
  const cast = new Cast(target);
  const prefix = `demo-${now.toString(36)}`;
  const moments: Touchpoint[] = [];
  const add = (customerId: string | undefined, type: string, properties: Properties = {}, text?: string): void => {
    if (customerId !== undefined)
      moments.push(touchpoint(`${prefix}-${moments.length}`, customerId, type, now, properties, text));
  };
  for (const [id, name, timeZone] of NEWCOMERS) {
    const profile = { name, email: `${id}@example.com`, locale: 'en-GB', timeZone };
    // They come by themselves, and say who they are then.
    add(`${prefix}-${id}`, 'web.visited');
    add(`${prefix}-${id}`, 'profile.updated', profile);
  }
  add(`${prefix}-emre`, 'web.demo.requested');
  add(await cast.one('customer'), 'quote.requested');
  add(await cast.one('customer'), 'order.delayed', { orderId: 'demo-1' });
  add(await cast.one('customer'), 'survey.answered', { kind: 'nps', score: 3 });
  const angry = await cast.one('loyal');
  add(angry, 'support.complaint.opened', {}, 'It broke after a week.');
  add(angry, 'social.praise.posted', {}, 'The lamp was lovely while it lasted.');
  for (let fan = 0; fan < 3; fan++)
    add(await cast.one('advocate'), 'social.praise.posted', {}, 'They repaired it for free!');
  for (const fan of [await cast.askable('advocate'), await cast.askable('loyal'), await cast.one('loyal')])
    add(fan, 'community.answer.given', {}, 'Hold the button for five seconds.');
  add(await cast.one('advocate', QUIET_ZONE), 'social.praise.posted', {}, 'Best kettle in Tokyo.');
  return moments;
}

/** Picks customers by stage, each once. */
class Cast {
  private readonly taken = new Set<string>();
  private readonly known = new Map<string, Customer[]>();

  constructor(private readonly target: Target) {}

  async one(stage: string, zone?: string): Promise<string | undefined> {
    const found = (await this.of(stage)).find(({ customerId, openComplaints, traits }) => {
      const right = zone === undefined ? traits.timeZone !== QUIET_ZONE : traits.timeZone === zone;
      return right && openComplaints === 0 && !this.taken.has(customerId);
    });
    if (found) this.taken.add(found.customerId);
    return found?.customerId;
  }

  /** Nothing stands in the way of asking them that thanks would not take away. */
  async askable(stage: string): Promise<string | undefined> {
    for (const { customerId, traits } of await this.of(stage)) {
      if (this.taken.has(customerId) || traits.timeZone === QUIET_ZONE) continue;
      const { json } = await this.target.query({ name: 'ledger', params: { customerId } });
      const next = (JSON.parse(json) as LedgerAnswer).ledger?.next.find(({ kind }) => kind === ASKED);
      if (!next?.whyNot.every(({ reason }) => GONE_WITH_THANKS.includes(reason))) continue;
      this.taken.add(customerId);
      return customerId;
    }
    return undefined;
  }

  private async of(stage: string): Promise<Customer[]> {
    const known = this.known.get(stage);
    if (known) return known;
    const params = {
      ...{ stage: [stage], engagement: ['active'], kind: ['person'], limit: LOOKED_AT_MAX },
      ...{ sort: 'lastTouchpoint' as const, descending: true, count: false },
    };
    const { json } = await this.target.query({ name: 'customers', params });
    const { items } = JSON.parse(json) as { items: { customerId: string }[] };
    const customers: Customer[] = [];
    for (const { customerId } of items) {
      const answer = await this.target.query({ name: 'customer', params: { customerId } });
      customers.push(JSON.parse(answer.json) as Customer);
    }
    this.known.set(stage, customers);
    return customers;
  }
}

function touchpoint(
  touchpointId: string,
  customerId: string,
  type: string,
  occurredAt: number,
  properties: Properties,
  text: string | undefined,
): Touchpoint {
  const entry = CATALOGUE.entry(type);
  if (entry === undefined) throw new Error(`${type} is not in the catalogue`);
  const { channel, direction } = entry;
  return {
    ...{ touchpointId, customerId, type, channel, direction, occurredAt, source: 'demo', properties, history: false },
    text,
  };
}
