/** Random lives under the default plays: what the naive checker says of them, and how much is remembered. */
import {
  advance,
  CATALOGUE,
  checkPlayLaws,
  compileDefinition,
  composeDocument,
  decodeState,
  DEFAULT_DEFINITION_TEXT,
  emptyProfile,
  emptyState,
  encodeState,
  foldProfile,
  isProfileType,
  parseDefinition,
  PLAY_STATE_BYTES_MAX,
  type CustomerFacts,
  type Definition,
  type FoldedTouchpoint,
  type Input,
  type JourneyState,
  type TimelineItem,
} from '@rapport/journey';
import { defaultPlayFiles } from './load';

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

function definitionWithPlays(): Definition {
  const composed = composeDocument({ name: 'definition.yaml', text: DEFAULT_DEFINITION_TEXT }, defaultPlayFiles());
  if (!composed.ok) throw new Error(JSON.stringify(composed.faults));
  const parsed = parseDefinition(composed.document, 'the default plays');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  return parsed.definition;
}

const DEFINITION = definitionWithPlays();
const COMPILED = compileDefinition(DEFINITION, 1, CATALOGUE);

class Life implements CustomerFacts {
  state: JourneyState = emptyState(COMPILED);
  largest = 0;
  readonly timeline: TimelineItem[] = [];
  readonly inputs: Parameters<typeof checkPlayLaws>[2]['inputs'] = [];
  readonly decisions: Parameters<typeof checkPlayLaws>[2]['decisions'] = [];
  private readonly known = emptyProfile();
  private position = 0;
  private told = 0;

  constructor(readonly customerId: string) {}

  profile() {
    return this.known;
  }

  learn(touchpoint: FoldedTouchpoint): void {
    if (isProfileType(touchpoint.type)) foldProfile(this.known, touchpoint, undefined);
  }

  paused(): boolean {
    return false;
  }

  take(input: Input): void {
    let result = advance(COMPILED, this.state, input, undefined, this);
    if (result.needs) result = advance(COMPILED, this.state, input, [...this.timeline], this);
    if (result.needs) throw new Error('It asked for the timeline twice.');
    if (input.kind === 'touchpoint') {
      this.timeline.push({ touchpoint: input.touchpoint, at: input.at });
      this.inputs.push({ position: this.position++, at: input.at, touchpoint: input.touchpoint });
    }
    for (const decision of result.decisions) this.decisions.push({ position: this.position++, decision });
    const bytes = encodeState(result.state);
    this.largest = Math.max(this.largest, bytes.length);
    this.state = decodeState(COMPILED, bytes);
  }

  /** What the dispatcher would say: every request is delivered at once. */
  deliver(at: number): void {
    for (; this.told < this.decisions.length; this.told++) {
      const decision = this.decisions[this.told]?.decision;
      if (decision?.type !== 'ActionRequested' || decision.team !== undefined) continue;
      const { action, verb, what, purpose, play, channel, sendBefore } = decision;
      const occurredAt = Math.min(at, sendBefore);
      const properties = { action, verb, what, purpose, play, attempts: 1 };
      const head = { touchpointId: `${action}-delivered`, type: 'action.delivered', channel, source: 'rapport' };
      this.take({
        kind: 'touchpoint',
        touchpoint: { ...head, direction: 'outbound', occurredAt, properties, history: false },
        at,
      });
    }
  }
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
