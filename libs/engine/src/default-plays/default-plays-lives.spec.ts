/** Random lives under the default plays: what the naive checker says of them, and how much is remembered. */
import { CATALOGUE, checkPlayLaws, PLAY_STATE_BYTES_MAX, type FoldedTouchpoint } from '@rapport/journey';
import { DEFINITION, Life } from './life.fixture';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2024, 0, 1);
const LIVES = 60;
const TOUCHPOINTS = 60;
const TYPES = [
  ...['page.viewed', 'purchase.completed', 'review.posted', 'event.spoken', 'feedback.praise.given', 'demo.requested'],
  ...['support.complaint.opened', 'support.ticket.resolved', 'survey.answered', 'email.sent', 'shipment.delayed'],
  ...['consent.given', 'consent.withdrawn', 'gift.sent', 'order.delayed', 'email.replied', 'referral.accepted'],
];
const PROPERTIES: { [type: string]: FoldedTouchpoint['properties'] } = {
  'survey.answered': { kind: 'nps', score: 4, driver: 'community' },
  'review.posted': { rating: 5 },
  'purchase.completed': { value: 25 },
  'consent.given': { purpose: 'relationship', channel: 'any' },
  'consent.withdrawn': { purpose: 'relationship', channel: 'email' },
};

/** A small generator: the same numbers every time. */
function seeded(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function lifeOf(seed: number): Life {
  const random = seeded(seed);
  const life = new Life(`customer-${seed}`);
  let at = START;
  for (let i = 0; i < TOUCHPOINTS; i++) {
    at += Math.floor(random() * random() * 20 * DAY);
    life.take({ kind: 'timer', at });
    life.deliver(at);
    const type = TYPES[Math.floor(random() * TYPES.length)] as string;
    const entry = CATALOGUE.entry(type);
    const direction = entry?.direction ?? 'inbound';
    const head = { touchpointId: `t${i}`, type, channel: entry?.channel ?? 'web', direction, source: 'shop' };
    const properties = PROPERTIES[type] ?? {};
    life.take({ kind: 'touchpoint', touchpoint: { ...head, occurredAt: at, properties, history: false }, at });
    life.deliver(at);
  }
  return life;
}

describe('lives under the default plays', () => {
  const lives = Array.from({ length: LIVES }, (_, seed) => lifeOf(seed));

  it('break no law', () => {
    const part = DEFINITION.plays;
    if (part === undefined) throw new Error('The default plays are gone.');
    const violations = lives.flatMap(({ customerId, inputs, decisions }) =>
      checkPlayLaws(part, DEFINITION.timeZone, { customerId, inputs, decisions }).map((one) => ({
        customerId,
        ...one,
      })),
    );
    expect(violations.slice(0, 3)).toEqual([]);
  });

  it('meet most plays, act, withhold and convert', () => {
    const met = new Set(lives.flatMap((life) => life.decisions.map(({ decision }) => decision.type)));
    for (const type of [
      'PlayEntered',
      'ActionRequested',
      'ActionWithheld',
      'ActionSettled',
      'PlayExited',
      'PlayConverted',
    ])
      expect(met).toContain(type);
    const plays = new Set(
      lives.flatMap((life) =>
        life.decisions.flatMap(({ decision }) => (decision.type === 'PlayEntered' ? [decision.play] : [])),
      ),
    );
    expect(plays.size).toBeGreaterThan(8);
  });

  it('are remembered within the bound', () => {
    const largest = Math.max(...lives.map((life) => life.largest));
    expect(largest).toBeLessThan(PLAY_STATE_BYTES_MAX);
  });
});
