/** The touchpoints that count at one moment, as plain arrays, and the plain questions that conditions ask of them. */
import type { Definition, Selector, ValueTest } from '../definition';
import type { FoldedTouchpoint, JsonValue } from '../touchpoint';

export interface World {
  definition: Definition;
  /** By (occurredAt, touchpointId). */
  touchpoints: FoldedTouchpoint[];
  cancelled: Set<FoldedTouchpoint>;
  /** The purchase that a return names, where it is there. */
  purchaseOf: Map<FoldedTouchpoint, FoldedTouchpoint>;
  meanings(type: string): readonly string[];
}

/** Types of what Rapport itself sends: said once more here, since naive code shares nothing with what it checks. */
const OUTCOME = /^action\.(delivered|failed|expired|withdrawn|in-doubt)$/;

/** What Rapport says of its own actions is no fact of the stages. */
function isOutcome(one: FoldedTouchpoint): boolean {
  const action = valueOf(one, 'action');
  if (typeof action !== 'string' || !/^[0-9a-f]{32}$/.test(action)) return false;
  return OUTCOME.test(one.type) && one.source === 'rapport';
}

export function naiveWorld(
  definition: Definition,
  all: FoldedTouchpoint[],
  meanings: (type: string) => readonly string[],
): World {
  const touchpoints = all.filter((one) => !isOutcome(one));
  const sorted = touchpoints.sort((a, b) => a.occurredAt - b.occurredAt || (a.touchpointId < b.touchpointId ? -1 : 1));
  const world: World = { definition, touchpoints: sorted, cancelled: new Set(), purchaseOf: new Map(), meanings };
  const purchases = sorted.filter((one) => meanings(one.type).includes('purchase'));
  const named = new Map<FoldedTouchpoint, FoldedTouchpoint[]>();
  for (const one of sorted.filter((each) => meanings(each.type).includes('return'))) {
    const purchase = namedPurchase(one, purchases);
    if (purchase === undefined) continue;
    world.purchaseOf.set(one, purchase);
    named.set(purchase, [...(named.get(purchase) ?? []), one]);
  }
  for (const [purchase, returns] of named) if (covers(returns, purchase)) world.cancelled.add(purchase);
  return world;
}

/** Matching touchpoints, oldest first. A cancelled purchase has no meaning and no type. */
export function matching(world: World, selector: Selector): FoldedTouchpoint[] {
  const kind = selector.meaning !== undefined || selector.type !== undefined;
  return world.touchpoints.filter((one) => matches(world, selector, one) && !(kind && world.cancelled.has(one)));
}

export function matches(world: World, selector: Selector, one: FoldedTouchpoint): boolean {
  if (selector.meaning !== undefined && !world.meanings(one.type).includes(selector.meaning)) return false;
  if (selector.type !== undefined && one.type !== selector.type) return false;
  if (selector.channel && !selector.channel.includes(one.channel)) return false;
  if (selector.direction && one.direction !== selector.direction) return false;
  if (selector.source && !selector.source.includes(one.source)) return false;
  return Object.entries(selector.where ?? {}).every(([name, test]) => testHolds(test, valueOf(one, name)));
}

/** Undefined where it is missing or null. */
export function valueOf(one: FoldedTouchpoint, property: string): JsonValue | undefined {
  const own = new Map(Object.entries(one.properties));
  return own.get(property) ?? undefined;
}

export function testHolds(test: ValueTest, value: JsonValue | undefined): boolean {
  if (value === undefined) return test.orMissing === true || test.exists === false;
  const checks: boolean[] = [];
  if (test.exists !== undefined) checks.push(test.exists);
  if (test.atLeast !== undefined) checks.push(typeof value === 'number' && value >= test.atLeast);
  if (test.atMost !== undefined) checks.push(typeof value === 'number' && value <= test.atMost);
  if (test.equals !== undefined) checks.push(sorted(test.equals) === sorted(value));
  if (test.oneOf !== undefined) checks.push(test.oneOf.map(sorted).includes(sorted(value)));
  return checks.every(Boolean);
}

/** Amounts in 1/10,000, as integers without a limit. */
export function amount(one: FoldedTouchpoint, property: string): bigint {
  const value = valueOf(one, property);
  return typeof value === 'number' ? BigInt(Math.round(value * 10_000)) : 0n;
}

/** What a return takes off sums of `value`. */
export function lowering(world: World, one: FoldedTouchpoint): bigint {
  if (typeof valueOf(one, 'value') === 'number') {
    const own = amount(one, 'value');
    return own < 0n ? -own : own;
  }
  const purchase = world.purchaseOf.get(one);
  return purchase === undefined ? 0n : amount(purchase, 'value');
}

function sorted(value: JsonValue): string {
  return JSON.stringify(value, (_, inner: JsonValue) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** By touchpointId, else the first purchase of that order. */
function namedPurchase(one: FoldedTouchpoint, purchases: FoldedTouchpoint[]): FoldedTouchpoint | undefined {
  const name = nameOf(one, 'returnOf');
  if (name === undefined) return undefined;
  return (
    purchases.find((purchase) => purchase.touchpointId === name) ??
    purchases.find((purchase) => nameOf(purchase, 'orderId') === name)
  );
}

function nameOf(one: FoldedTouchpoint, property: string): string | undefined {
  const value = valueOf(one, property);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function covers(returns: FoldedTouchpoint[], purchase: FoldedTouchpoint): boolean {
  let sum = 0n;
  for (const one of returns) {
    if (typeof valueOf(one, 'value') !== 'number') return true;
    const own = amount(one, 'value');
    sum += own < 0n ? -own : own;
  }
  return sum >= amount(purchase, 'value');
}
