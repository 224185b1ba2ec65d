/** Small random definitions, touchpoints and scripts: coarse in time, so that moments meet and windows end exactly. */
import fc from 'fast-check';
import type { Condition, Definition, Rule, Selector, Stage, ValueTest } from '../definition';
import type { Direction, FoldedTouchpoint, Properties } from '../touchpoint';
import { conditionsOf } from '../language/definition/state-estimate';
import { compiled, DAY } from './customer.fixture';

const HALF_DAY = DAY / 2;
/** Two weeks before clocks go forward in London. */
export const BEGIN = Date.UTC(2024, 2, 18);

/** Ids of all three kinds in turn: a text, a UUID, a derived one. Those that meet at one moment are told apart by them. */
export function lawId(n: number): string {
  const two = String(n).padStart(2, '0');
  return [`id${two}`, `${two}000000-0000-4000-8000-0000000000${two}`, `c-${two.repeat(16)}`][n % 3] as string;
}

const selector: fc.Arbitrary<Selector> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Selector>({ meaning: 'purchase' }, { meaning: 'advocacy' }, {}) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Selector>(
      { meaning: 'complaint' },
      { meaning: 'return' },
      { type: 'purchase.completed' },
      { type: 'something.unknown' },
      { direction: 'inbound' },
      { meaning: 'purchase', channel: ['store'] },
      { meaning: 'purchase', where: { value: { atLeast: 20 } } },
      { meaning: 'advocacy', where: { rating: { atLeast: 4, orMissing: true } } },
      { source: ['shop'], where: { rating: { exists: true } } },
    ),
  },
);
const days = fc.integer({ min: 1, max: 12 }).map((n) => n * HALF_DAY);
const within = fc.option(days, { nil: undefined });
const small = fc.constantFrom({ atLeast: 1 }, { atLeast: 2 }, { atLeast: 3 }, { atMost: 1 }, { atLeast: 1, atMost: 2 });
const span = fc.oneof(
  days.map((atMost) => ({ atMost })),
  days.map((atLeast) => ({ atLeast })),
  fc.tuple(days, days).map(([a, b]) => ({ atLeast: Math.min(a, b), atMost: Math.max(a, b) })),
);
const amounts = fc.constantFrom({ atLeast: 20 }, { atMost: 15.5 }, { atLeast: 10.01, atMost: 60 }, { atLeast: 0.3 });
const shares = fc.constantFrom({ atLeast: 0.5 }, { atMost: 0.34 }, { atLeast: 0.2, atMost: 0.7 });

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ measure: fc.constant('count' as const), of: selector, compare: small, within }),
  fc.record({ measure: fc.constant('distinctDays' as const), of: selector, compare: small, within }),
  fc.record({
    ...{ measure: fc.constant('sum' as const), of: selector, property: fc.constantFrom('value', 'rating') },
    ...{ compare: amounts, within },
  }),
  fc.record({ measure: fc.constant('since' as const), of: selector, compare: span }),
  fc.record({ measure: fc.constant('tenure' as const), of: selector, compare: span }),
  fc.record({
    ...{ measure: fc.constant('last' as const), of: selector, property: fc.constantFrom('rating', 'value', 'note') },
    test: fc.constantFrom<ValueTest>(
      { atLeast: 4 },
      { equals: 3, orMissing: true },
      { exists: true },
      { oneOf: ['a', 20] },
    ),
  }),
  fc.record({ measure: fc.constant('share' as const), of: selector, among: selector, compare: shares, within }),
  fc.record({
    measure: fc.constant('engagement' as const),
    oneOf: fc.subarray(['active', 'cooling', 'at risk', 'lapsed'] as const, { minLength: 1 }).map((all) => [...all]),
  }),
);

const rule: fc.Arbitrary<Rule> = fc.letrec<{ rule: Rule }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    { weight: 4, arbitrary: condition },
    { weight: 1, arbitrary: fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })) },
    { weight: 1, arbitrary: fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })) },
    { weight: 1, arbitrary: tie('rule').map((not) => ({ not })) },
  ),
})).rule;

function stage(name: string, keeps: boolean): fc.Arbitrary<Stage> {
  return fc.record({
    name: fc.constant(name),
    enter: rule,
    keep: keeps ? fc.option(rule, { nil: undefined }) : fc.constant(undefined),
  });
}

/** Three rungs; the lowest has no rule, or sometimes one. */
export function definitions(keeps: boolean): fc.Arbitrary<Definition> {
  const lowest = fc.oneof({ weight: 4, arbitrary: fc.constant<Stage>({ name: 'lead' }) }, stage('lead', keeps));
  const step = (min: number) => ({ factor: min, floor: min * DAY, fixed: 2 * min * DAY });
  return fc.record({
    name: fc.constant('small'),
    timeZone: fc.constantFrom('UTC', 'UTC', 'Europe/London', 'America/St_Johns', 'Asia/Kathmandu'),
    stages: fc.tuple(lowest, stage('customer', keeps), stage('loyal', keeps)),
    engagement: fc.constantFrom(
      { gaps: 8, gapsAtLeast: 3, cooling: step(2), atRisk: step(3), lapsed: step(6) },
      { gaps: 2, gapsAtLeast: 1, cooling: step(1), atRisk: step(1.5), lapsed: step(2.5) },
    ),
  });
}

const kinds: fc.Arbitrary<{ type: string; properties: Properties }> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constantFrom('purchase.completed', 'subscription.started'),
      properties: fc.constantFrom<Properties>(
        { value: 10.1 },
        { value: 20, orderId: 'o1' },
        { value: 0.2, rating: 5 },
        { value: 3, orderId: 'o1' },
        {},
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constantFrom('purchase.returned'),
      properties: fc.constantFrom<Properties>(
        { value: 5 },
        {},
        { returnOf: lawId(2), value: 10.1 },
        { returnOf: lawId(3) },
        { returnOf: lawId(5), value: 12 },
        { returnOf: 'o1', value: -11 },
        { returnOf: 'o1' },
        { returnOf: 'nothing', value: 3 },
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constantFrom('support.complaint.opened', 'support.ticket.resolved', 'store.complaint.made'),
      properties: fc.constantFrom<Properties>({}, { ticketId: 'a' }, { ticketId: 'b' }, { ticketId: 'x'.repeat(60) }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constantFrom('review.posted', 'referral.accepted', 'web.page.viewed', 'something.unknown'),
      properties: fc.constantFrom<Properties>({}, { rating: 3 }, { rating: 5, note: 'a' }, { value: 7, note: null }),
    }),
  },
);

const direction = fc.constantFrom<Direction>('inbound', 'inbound', 'outbound');
const channel = fc.constantFrom('web', 'store');
const nudge = fc.constantFrom(0, 0, 0, 1, -1);

export function rawTouchpoint(spanDays: number): fc.Arbitrary<Omit<FoldedTouchpoint, 'touchpointId'>> {
  return fc
    .record({ kind: kinds, channel, direction, halfDay: fc.integer({ min: 0, max: 2 * spanDays }), nudge })
    .map(({ kind, halfDay, nudge: off, ...rest }) => ({
      ...{ ...kind, ...rest, source: 'shop', history: false },
      occurredAt: BEGIN + halfDay * HALF_DAY + off,
    }));
}

/** Distinct ids in a random order, so that ids and moments disagree. */
export function touchpointSets(spanDays: number, max: number): fc.Arbitrary<FoldedTouchpoint[]> {
  return fc
    .array(rawTouchpoint(spanDays), { minLength: 1, maxLength: max })
    .chain((all) => fc.shuffledSubarray(idsFor(all.length), { minLength: all.length }).map((ids) => withIds(all, ids)));
}

function idsFor(count: number): string[] {
  return Array.from({ length: count }, (_, i) => lawId(i));
}

function withIds(all: Omit<FoldedTouchpoint, 'touchpointId'>[], ids: string[]): FoldedTouchpoint[] {
  return all.map((one, i) => ({ touchpointId: ids[i] as string, ...one }));
}

/** What happens to a customer, one after the other. `after` ms since the step before; `late` ms before now it occurred. */
export type ScriptStep =
  | { do: 'live' | 'history'; after: number; late: number; what: Omit<FoldedTouchpoint, 'touchpointId'> }
  | { do: 'tick' | 'settle' | 'adopt'; after: number };

const after = fc.oneof(
  fc.integer({ min: 0, max: 9 }).map((n) => n * HALF_DAY),
  fc.constantFrom(0, 1, HALF_DAY + 1, 25 * DAY),
);
const late = fc.constantFrom(0, 0, 0, HALF_DAY, 4 * DAY, 20 * DAY, -60_000);

export function scripts(allowed: ScriptStep['do'][], max: number): fc.Arbitrary<ScriptStep[]> {
  const simple = allowed.filter((one) => one === 'tick' || one === 'settle' || one === 'adopt');
  const folding = allowed.filter((one) => one === 'live' || one === 'history');
  const step = fc.record({ do: fc.constantFrom(...folding), after, late, what: rawTouchpoint(0) });
  const other =
    simple.length === 0 ? [] : [{ weight: 1, arbitrary: fc.record({ do: fc.constantFrom(...simple), after }) }];
  return fc.array(
    fc.oneof({ weight: 4, arbitrary: step }, ...(other as { weight: number; arbitrary: fc.Arbitrary<ScriptStep> }[])),
    {
      minLength: 1,
      maxLength: max,
    },
  );
}

describe('random definitions', () => {
  it('use every measure and compile', () => {
    const seen = new Set<string>();
    for (const definition of fc.sample(definitions(true), { numRuns: 200, seed: 1 })) {
      compiled(definition);
      for (const one of conditionsOf(definition)) seen.add(one.measure);
    }
    expect([...seen].sort()).toEqual(
      ['count', 'distinctDays', 'engagement', 'last', 'share', 'since', 'sum', 'tenure'].sort(),
    );
  });
});
