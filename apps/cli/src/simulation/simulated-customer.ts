/** One simulated customer: an agenda of what comes next, and what each thing leads to. */
import { CATALOGUE, DAY_MS, HOUR_MS, type JsonValue, type Properties, type Touchpoint } from '@rapport/journey';
import { type Deed, deedOf, type Said, SAID } from './behaviour';
import type { Persona } from './personas';
import type { Prng } from './prng';

export interface Window {
  /** Touchpoints lie from `from` included to `until` excluded, ms. */
  from: number;
  until: number;
}

type Step =
  | { do: 'visit' | 'buy' | 'deed' | 'survey' | 'offer' }
  | { do: 'say'; said: Said; properties?: Properties; then?: { after: number; said: Said; properties: Properties } };

interface Planned {
  at: number;
  step: Step;
}

export class SimulatedCustomer {
  private readonly agenda: Planned[] = [];
  private readonly leaves: number;
  private count = 0;
  private purchases = 0;

  constructor(
    readonly customerId: string,
    /** Begins every touchpointId; the customer's id keeps those of different customers apart. */
    private readonly idPrefix: string,
    readonly persona: Persona,
    private readonly prng: Prng,
    private readonly window: Window,
    profile: Properties,
  ) {
    const length = window.until - window.from;
    const arrives = window.from + prng.next() * length * (persona.leavesAfter === undefined ? 0.9 : 0.25);
    const [least, most] = persona.leavesAfter ?? [Infinity, Infinity];
    this.leaves = window.from + (least === Infinity ? Infinity : least + prng.next() * (most - least)) * length;
    this.plan(arrives, { do: 'visit' });
    this.plan(arrives + HOUR_MS, { do: 'say', said: SAID.profile, properties: profile });
    if (prng.chance(0.4))
      this.plan(arrives + DAY_MS, {
        do: 'say',
        said: SAID.consent,
        properties: { purpose: 'marketing', channel: 'email' },
      });
    if (persona.buyEvery > 0) this.plan(arrives + prng.around(persona.buyEvery / 2) * DAY_MS, { do: 'buy' });
    if (persona.deedEvery > 0) this.plan(arrives + prng.around(persona.deedEvery / 2) * DAY_MS, { do: 'deed' });
    this.plan(arrives + prng.around(40) * DAY_MS, { do: 'offer' });
    this.plan(arrives + prng.around(90) * DAY_MS, { do: 'survey' });
  }

  /** When the next touchpoint comes; Infinity = nothing more does. */
  get nextAt(): number {
    return this.agenda[0]?.at ?? Infinity;
  }

  /** The touchpoint at `nextAt`, with whatever follows from it put on the agenda. */
  next(): Touchpoint {
    const planned = this.agenda.shift();
    if (planned === undefined) throw new Error(`nothing is planned for ${this.customerId}`);
    const { at, step } = planned;
    switch (step.do) {
      case 'visit':
        return this.visit(at);
      case 'buy':
        return this.buy(at);
      case 'deed':
        return this.deed(at);
      case 'survey':
        return this.survey(at);
      case 'offer':
        return this.offer(at);
      case 'say':
        if (step.then !== undefined) {
          this.plan(at + step.then.after, { do: 'say', said: step.then.said, properties: step.then.properties });
        }
        return this.touchpoint(at, step.said, step.properties);
    }
  }

  private visit(at: number): Touchpoint {
    this.again(at, this.persona.visitEvery, { do: 'visit' });
    const channel = this.prng.weighted(this.persona.channels);
    if (channel === 'store')
      return this.touchpoint(at, SAID.storeVisit, { storeId: `store-${this.prng.between(1, 6)}` });
    return this.touchpoint(at, channel === 'app' ? SAID.appOpen : this.prng.pick([SAID.webVisit, SAID.productView]));
  }

  private buy(at: number): Touchpoint {
    const { persona, prng } = this;
    this.purchases++;
    if (this.purchases < persona.purchasesMax) this.again(at, persona.buyEvery, { do: 'buy' });
    const value = prng.between(900, 18_000) / 100;
    const orderId = `o${this.purchases}`;
    const purchase = this.touchpoint(at, SAID.purchase, { value, currency: 'EUR', units: prng.between(1, 4), orderId });
    purchase.channel = prng.weighted(persona.channels);
    if (purchase.channel !== 'store') this.later(at, 2, SAID.delivery, { orderId });
    if (prng.chance(persona.returnChance)) {
      this.later(at, 9, SAID.returned, { value, currency: 'EUR', orderId, returnOf: purchase.touchpointId });
    } else if (prng.chance(persona.reviewChance)) {
      this.later(at, 14, SAID.review, { rating: prng.weighted(persona.ratings) });
    }
    if (prng.chance(persona.complaintChance)) this.complain(at);
    return purchase;
  }

  private complain(bought: number): void {
    const ticketId = `t${this.purchases}`;
    const said = this.prng.pick([SAID.ticketComplaint, SAID.phoneComplaint, SAID.chatComplaint]);
    const properties = { ticketId };
    const resolved = this.prng.chance(this.persona.resolvedChance);
    const then = { after: this.prng.around(5) * DAY_MS, said: SAID.resolution, properties };
    this.plan(bought + this.prng.around(6) * DAY_MS, { do: 'say', said, properties, ...(resolved ? { then } : {}) });
  }

  private deed(at: number): Touchpoint {
    this.again(at, this.persona.deedEvery, { do: 'deed' });
    const deed: Deed = deedOf(this.persona, this.prng);
    return this.touchpoint(at, deed.said, deed.properties);
  }

  private survey(at: number): Touchpoint {
    const { persona, prng } = this;
    this.again(at, 120, { do: 'survey' });
    const surveyId = `s${new Date(at).getUTCFullYear()}`;
    const unhappy = persona.ratings[0]?.[0] === 1;
    const score = unhappy ? prng.between(0, 6) : prng.between(6, 10);
    if (prng.chance(persona.surveyChance)) this.later(at, 2, SAID.surveyAnswer, { surveyId, kind: 'nps', score });
    return this.touchpoint(at, SAID.surveySent, { surveyId, kind: 'nps' });
  }

  private offer(at: number): Touchpoint {
    this.again(at, 60, { do: 'offer' });
    const campaignId = `c${new Date(at).toISOString().slice(0, 7)}`;
    if (this.prng.chance(this.persona.buyEvery > 0 ? 0.2 : 0.03)) this.later(at, 6, SAID.redeemed, { campaignId });
    return this.touchpoint(at, SAID.offer, { campaignId });
  }

  /** Once more in about `days`; customers who left do nothing, but go on being written to. */
  private again(at: number, days: number, step: Step): void {
    if (days > 0) this.plan(at + this.prng.around(days) * DAY_MS, step);
  }

  private later(at: number, days: number, said: Said, properties: Properties): void {
    this.plan(at + this.prng.around(days) * DAY_MS, { do: 'say', said, properties });
  }

  private plan(wanted: number, step: Step): void {
    const at = Math.floor(inDaytime(wanted, this.prng.next() * DAYTIME_MS));
    const outbound = step.do === 'survey' || step.do === 'offer' || (step.do === 'say' && step.said.outbound === true);
    if (at >= this.window.until || at < this.window.from || (at > this.leaves && !outbound)) return;
    let place = this.agenda.length;
    while (place > 0 && (this.agenda[place - 1] as Planned).at > at) place--;
    this.agenda.splice(place, 0, { at, step });
  }

  private touchpoint(at: number, said: Said, properties: Properties = {}): Touchpoint {
    const entry = CATALOGUE.entry(said.type);
    if (entry === undefined) throw new Error(`${said.type} is not in the catalogue`);
    return {
      touchpointId: `${this.idPrefix}-${++this.count}`,
      customerId: this.customerId,
      type: said.type,
      channel: said.channel ?? entry.channel,
      direction: entry.direction,
      occurredAt: at,
      source: 'simulation',
      properties: { ...properties, ...this.randomProperties(said) },
      history: true,
      actor: said.actor,
      text: said.texts === undefined ? undefined : this.prng.pick(said.texts),
    };
  }

  private randomProperties(said: Said): { [name: string]: JsonValue } {
    return said.properties?.(this.prng) ?? {};
  }
}

const FIRST_HOUR = 7;
const LAST_HOUR = 23;
const DAYTIME_MS = (LAST_HOUR - FIRST_HOUR) * HOUR_MS;

/** Nothing happens at night: such moments move into the day that follows. */
function inDaytime(at: number, afterFirstHourMs: number): number {
  const hour = Math.floor((at % DAY_MS) / HOUR_MS);
  const midnight = at - (at % DAY_MS);
  if (hour < FIRST_HOUR) return midnight + FIRST_HOUR * HOUR_MS + afterFirstHourMs;
  return hour >= LAST_HOUR ? midnight + DAY_MS + FIRST_HOUR * HOUR_MS + afterFirstHourMs : at;
}
