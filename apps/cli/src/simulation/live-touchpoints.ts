/** What simulated customers do right now: a few touchpoints a second for as long as somebody watches. */
import { CATALOGUE, type Properties, type Touchpoint } from '@rapport/journey';
import { SAID, type Said } from './behaviour';
import { Prng } from './prng';
import { simulatedCustomerId } from './simulation';

const LIVE: readonly (readonly [Said, number])[] = [
  [SAID.webVisit, 22],
  [SAID.productView, 16],
  [SAID.appOpen, 12],
  [SAID.storeVisit, 6],
  [SAID.purchase, 18],
  [SAID.communityAnswer, 4],
  [SAID.review, 6],
  [SAID.referral, 3],
  [SAID.praise, 2],
  [SAID.ticketComplaint, 4],
  [SAID.resolution, 4],
  [SAID.offer, 3],
];

export class LiveTouchpoints {
  private readonly prng: Prng;
  private count = 0;

  /** @param startedAt part of every id, so that the next start makes new touchpoints */
  constructor(
    private readonly seed: number,
    private readonly customers: number,
    private readonly startedAt: number,
  ) {
    this.prng = new Prng(seed, startedAt % 0x7fff_ffff);
  }

  /** One customer in twenty is new. */
  next(now: number): Touchpoint {
    const { prng } = this;
    const said = prng.weighted(LIVE);
    const entry = CATALOGUE.entry(said.type);
    if (entry === undefined) throw new Error(`${said.type} is not in the catalogue`);
    const id = `l${this.startedAt.toString(36)}-${++this.count}`;
    const known = this.customers > 0 && !prng.chance(0.05);
    return {
      touchpointId: id,
      customerId: known ? simulatedCustomerId(this.seed, prng.between(0, this.customers - 1)) : `new-${id}`,
      type: said.type,
      channel: said.channel ?? (said === SAID.purchase ? prng.pick(['web', 'app', 'store']) : entry.channel),
      direction: entry.direction,
      occurredAt: now,
      source: 'simulation',
      properties: this.properties(said),
      history: false,
      actor: said.actor,
      text: said.texts === undefined ? undefined : prng.pick(said.texts),
    };
  }

  private properties(said: Said): Properties {
    const { prng } = this;
    const own = said.properties?.(prng) ?? {};
    if (said === SAID.purchase) return { ...own, value: prng.between(900, 18_000) / 100, currency: 'EUR' };
    if (said === SAID.review) return { ...own, rating: prng.between(2, 5) };
    return own;
  }
}
