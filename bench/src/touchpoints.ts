/**
 * Touchpoints as a shop, an app and a support desk send them: 60 % usage, 15 % purchases, the rest support, surveys, reviews and
 * referrals. Every one is TOUCHPOINT_BYTES of JSON, with its changing parts at known places, so that a request can be built
 * once and used again with other ids.
 */
export const TOUCHPOINT_BYTES = 313;
export const ID_BYTES = 36;
/** `c-` and eight digits. */
export const CUSTOMER_BYTES = 10;
export const MOMENT_BYTES = 24;

export interface Template {
  text: string;
  idAt: number;
  customerAt: number;
  momentAt: number;
}

/** A small seeded generator (mulberry32): 0 <= x < 1. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

type Draw = (random: () => number) => [type: string, channel: string, properties: Record<string, string | number>];

const whole = (random: () => number, below: number) => Math.floor(random() * below);
const one = <T>(random: () => number, of: readonly T[]): T => of[whole(random, of.length)] as T;

/** Shares add up to 100. */
const MIX: [share: number, draw: Draw][] = [
  [
    35,
    (r) => ['web.page.viewed', 'web', { path: `/products/${whole(r, 900)}`, referrer: one(r, ['search', 'direct']) }],
  ],
  [15, (r) => ['app.feature.used', 'app', { feature: one(r, ['cart', 'search', 'scan', 'wishlist']) }]],
  [10, (r) => ['product.used', 'app', { productId: `p-${whole(r, 900)}`, feature: one(r, ['brew', 'clean']) }]],
  [
    15,
    (r) => ['purchase.completed', one(r, ['web', 'store', 'app']), { value: whole(r, 20_000) / 100, currency: 'EUR' }],
  ],
  [
    6,
    (r) => ['support.ticket.opened', one(r, ['phone', 'chat']), { ticketId: `t-${whole(r, 1e6)}`, priority: 'normal' }],
  ],
  [4, (r) => ['support.ticket.resolved', 'phone', { ticketId: `t-${whole(r, 1e6)}` }]],
  [5, (r) => ['survey.answered', 'email', { surveyId: 'nps-2026', score: whole(r, 11) }]],
  [5, (r) => ['review.posted', 'web', { productId: `p-${whole(r, 900)}`, rating: 1 + whole(r, 5) }]],
  [3, (r) => ['referral.made', 'web', { referralId: `f-${whole(r, 1e6)}` }]],
  [2, (r) => ['referral.accepted', 'web', { referralId: `f-${whole(r, 1e6)}` }]],
];

/** The customer id with this number: the generator overwrites only its digits. */
export function customerId(number: number): string {
  return `c-${String(number).padStart(CUSTOMER_BYTES - 2, '0')}`;
}

export function template(random: () => number, extra: Record<string, unknown> = {}): Template {
  const [type, channel, properties] = draw(random);
  const build = (padding: string) =>
    JSON.stringify({
      touchpointId: '0'.repeat(ID_BYTES),
      customerId: customerId(0),
      type,
      channel,
      direction: type === 'support.ticket.resolved' ? 'outbound' : 'inbound',
      occurredAt: new Date(0).toISOString(),
      source: 'shop',
      properties: { ...properties, context: padding },
      ...extra,
    });
  const text = build('x'.repeat(Math.max(0, TOUCHPOINT_BYTES - build('').length)));
  return {
    text,
    idAt: text.indexOf('0'.repeat(ID_BYTES)),
    customerAt: text.indexOf(customerId(0)),
    momentAt: text.indexOf(new Date(0).toISOString()),
  };
}

function draw(random: () => number): ReturnType<Draw> {
  let left = random() * 100;
  for (const [share, make] of MIX) {
    left -= share;
    if (left < 0) return make(random);
  }
  return MIX[0]![1](random);
}
