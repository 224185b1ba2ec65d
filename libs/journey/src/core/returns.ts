/**
 * Returns. One that names its purchase (`returnOf`: the purchase's touchpointId or its orderId) cancels it where it, alone or
 * with others, covers it in full; a named return without a value covers in full. One that names none cancels nothing. Every
 * return lowers sums of `value` by its own value on its own date: sums that hold the named purchase, or else every sum of
 * purchases. Names reach back, so a named return is folded from the whole timeline.
 */
import { outcomeOf } from '../plays/outcome';
import type { FoldedTouchpoint } from '../touchpoint';
import type { CompiledDefinition, TypePlan } from './compile-definition';
import { complaintNeedsTimeline, foldComplaint, refoldComplaints } from './complaints';
import { Num, Str } from './facts-layout';
import { addAmount, amountOf, foldTouchpoint } from './fold';
import type { JourneyState } from './journey-state';
import { nameHash, orderName, returnName } from './purchase-name';
import { propertyOf } from './selector';

/** Names in returns that no touchpointId answers to, as hashes: enough to notice a purchase that comes after its return. */
export const RETURNED_KEPT = 8;
/** More than are remembered: every purchase may be one of them. */
const MANY_RETURNED = -1;
const VALUE = 'value';

/** True where the facts alone cannot take this touchpoint in exactly. */
export function needsTimeline(state: JourneyState, touchpoint: FoldedTouchpoint, plan: TypePlan): boolean {
  if (plan.isReturn && returnName(touchpoint) !== undefined) return true;
  if (plan.purchase && state.returned !== null && mayBeReturned(state.returned, touchpoint)) return true;
  return (plan.complaint || plan.resolution) && complaintNeedsTimeline(state, touchpoint, plan);
}

/** Folds one more touchpoint, where needsTimeline said no. Outcomes of actions are no facts of the stages. */
export function foldNext(state: JourneyState, touchpoint: FoldedTouchpoint, plan: TypePlan): void {
  if (plan.outcome && outcomeOf(touchpoint) !== null) return;
  foldTouchpoint(state, touchpoint, plan, false);
  if (plan.isReturn) lowerSums(state, touchpoint, undefined);
  if (plan.complaint || plan.resolution) foldComplaint(state, touchpoint, plan);
}

/** Forgets the facts and folds these touchpoints, in any order. Everything that is no fact stays. */
export function refold(state: JourneyState, all: FoldedTouchpoint[]): void {
  clearFacts(state);
  const compiled = state.compiled;
  const touchpoints = all.filter((one) => !compiled.plan(one.type).outcome || outcomeOf(one) === null);
  const named = resolveReturns(compiled, touchpoints);
  for (const touchpoint of touchpoints) {
    const plan = compiled.plan(touchpoint.type);
    foldTouchpoint(state, touchpoint, plan, named?.cancelled.has(touchpoint) ?? false);
    if (plan.isReturn) lowerSums(state, touchpoint, named?.purchaseOf.get(touchpoint));
  }
  state.returned = named === null || named.names.length === 0 ? null : named.names;
  refoldComplaints(state, touchpoints, compiled);
}

interface NamedReturns {
  /** By return. Absent = the purchase is not there. */
  purchaseOf: Map<FoldedTouchpoint, FoldedTouchpoint>;
  cancelled: Set<FoldedTouchpoint>;
  names: number[];
}

function resolveReturns(compiled: CompiledDefinition, touchpoints: FoldedTouchpoint[]): NamedReturns | null {
  const returns = touchpoints.filter((one) => compiled.plan(one.type).isReturn && returnName(one) !== undefined);
  if (returns.length === 0) return null;
  const found = findPurchases(compiled, touchpoints);
  const named: NamedReturns = { purchaseOf: new Map(), cancelled: new Set(), names: [] };
  const covered = new Map<FoldedTouchpoint, number>();
  for (const one of returns) {
    const name = returnName(one) ?? '';
    // A touchpointId that is there is that purchase for ever; any other name may yet come to mean another one.
    if (!found.byId.has(name)) remember(named.names, nameHash(name));
    const purchase = found.byId.get(name) ?? found.byOrder.get(name);
    if (purchase === undefined) continue;
    named.purchaseOf.set(one, purchase);
    const sum = (covered.get(purchase) ?? 0) + (hasValue(one) ? Math.abs(amountOf(one, VALUE)) : Infinity);
    covered.set(purchase, sum);
    if (sum >= amountOf(purchase, VALUE)) named.cancelled.add(purchase);
  }
  return named;
}

/** Of several purchases with one orderId, the first by (occurredAt, touchpointId) answers to it. */
function findPurchases(compiled: CompiledDefinition, touchpoints: FoldedTouchpoint[]) {
  const byId = new Map<string, FoldedTouchpoint>();
  const byOrder = new Map<string, FoldedTouchpoint>();
  for (const touchpoint of touchpoints) {
    if (!compiled.plan(touchpoint.type).purchase) continue;
    byId.set(touchpoint.touchpointId, touchpoint);
    const order = orderName(touchpoint);
    if (order === undefined) continue;
    const known = byOrder.get(order);
    if (known === undefined || isEarlier(touchpoint, known)) byOrder.set(order, touchpoint);
  }
  return { byId, byOrder };
}

function lowerSums(state: JourneyState, touchpoint: FoldedTouchpoint, purchase: FoldedTouchpoint | undefined): void {
  const amount = hasValue(touchpoint)
    ? Math.abs(amountOf(touchpoint, VALUE))
    : purchase === undefined
      ? 0
      : amountOf(purchase, VALUE);
  const day = state.compiled.calendar.day(touchpoint.occurredAt);
  const matching = purchase === undefined ? state.compiled.layout.all : state.compiled.plan(purchase.type).facts;
  for (const facts of matching) {
    const hit = purchase === undefined ? facts.selector.wantsPurchases : facts.selector.matchesRest(purchase);
    if (!hit) continue;
    for (const sum of facts.sums) if (sum.property === VALUE) addAmount(state, sum, day, -amount);
  }
}

function clearFacts(state: JourneyState): void {
  const { nums, strings } = state.compiled.layout;
  for (let i: number = Num.Folded; i < nums.length; i++) state.nums[i] = nums[i]!;
  for (let i: number = Str.OldestUnanswered; i < strings.length; i++) state.strings[i] = strings[i]!;
  for (const list of state.daily ?? []) list.length = 0;
  state.newestInboundId = '';
  state.complaints = null;
  state.returned = null;
}

function hasValue(touchpoint: FoldedTouchpoint): boolean {
  return typeof propertyOf(touchpoint.properties, VALUE) === 'number';
}

function mayBeReturned(returned: number[], purchase: FoldedTouchpoint): boolean {
  if (returned[0] === MANY_RETURNED || returned.includes(nameHash(purchase.touchpointId))) return true;
  const order = orderName(purchase);
  return order !== undefined && returned.includes(nameHash(order));
}

function remember(names: number[], hash: number): void {
  if (names[0] === MANY_RETURNED || names.includes(hash)) return;
  names.push(hash);
  if (names.length > RETURNED_KEPT) names.splice(0, names.length, MANY_RETURNED);
  else names.sort((a, b) => a - b);
}

function isEarlier(a: FoldedTouchpoint, b: FoldedTouchpoint): boolean {
  return a.occurredAt === b.occurredAt ? a.touchpointId < b.touchpointId : a.occurredAt < b.occurredAt;
}
