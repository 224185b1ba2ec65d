/**
 * The answer at one moment: engagement first, then every rung. A rung is held while its `enter` holds, or, once held, its
 * `keep`; the customer stands on the highest rung that is held. With the answer comes the earliest moment at which any part
 * of it may change by time alone, so that one timer for each customer is enough.
 */
import { engagementAt } from './engagement-limits';
import { NONE, Num } from './facts-layout';
import { flips } from './flip-time';
import type { JourneyState } from './journey-state';
import { holdsAt } from './measure-at';
import { NodeKind, type RuleNode, type Rung } from './rule-node';

/** What evaluate changed, as bits. */
export const ENGAGEMENT_CHANGED = 1;
export const STAGE_CHANGED = 2;
/** Place of `active` in ENGAGEMENTS. */
const ACTIVE = 0;

/** Moves the state to `at` and says what changed. Where nothing is folded yet there is no answer, and nothing changes. */
export function evaluate(state: JourneyState, at: number): number {
  const n = state.nums;
  if (n[Num.Folded] === 0) return 0;
  let changed = 0;
  if (state.daily !== null) forgetDays(state, at);
  const engagement = engagementAt(state, state.compiled.limits, at);
  let due = flips[0]!;
  if (engagement !== n[Num.Engagement]) {
    // Everybody starts active: that is no change, and every first touchpoint would pay for saying so.
    if (n[Num.Engagement] !== NONE || engagement !== ACTIVE) changed = ENGAGEMENT_CHANGED;
    n[Num.Engagement] = engagement;
    n[Num.EngagementSince] = at;
  }
  const engagementDue = due;
  const rungs = state.compiled.rungs;
  const before = n[Num.Held]!;
  let held = 0;
  let stage = 0;
  for (let i = 0; i < rungs.length; i++) {
    if (isHeld(state, rungs[i]!, ((before >> i) & 1) === 1, at, engagementDue)) {
      held |= 1 << i;
      stage = i;
    }
    if (flips[0]! < due) due = flips[0]!;
  }
  n[Num.Held] = held;
  n[Num.Due] = due;
  if (stage !== n[Num.Stage]) {
    n[Num.Stage] = stage;
    n[Num.StageSince] = at;
    changed |= STAGE_CHANGED;
  }
  return changed;
}

/** A rule at one moment. Leaves in `flips[0]` a moment before which it cannot change by time alone. */
export function ruleHolds(state: JourneyState, node: RuleNode, at: number, engagementDue: number): boolean {
  switch (node.kind) {
    case NodeKind.Leaf: {
      const holds = holdsAt(state, node.leaf!, at);
      if (node.leaf!.engagements !== 0) flips[0] = engagementDue;
      return holds;
    }
    case NodeKind.Not:
      return !ruleHolds(state, node.children[0]!, at, engagementDue);
    case NodeKind.All:
      return joined(state, node, at, engagementDue, false);
    case NodeKind.Any:
      return joined(state, node, at, engagementDue, true);
  }
}

/**
 * `all` and `any` in one: a child that says `deciding` (true for any, false for all) decides. While one decides, the
 * answer stays at least until the last of those has changed; while none does, until the first child changes.
 */
function joined(state: JourneyState, node: RuleNode, at: number, engagementDue: number, deciding: boolean): boolean {
  const children = node.children;
  let decided = false;
  let lastDecider = -Infinity;
  let firstOther = Infinity;
  for (let i = 0; i < children.length; i++) {
    const answer = ruleHolds(state, children[i]!, at, engagementDue);
    const flip = flips[0]!;
    if (answer === deciding) {
      decided = true;
      if (flip > lastDecider) lastDecider = flip;
    } else if (flip < firstOther) firstOther = flip;
  }
  flips[0] = decided ? lastDecider : firstOther;
  return decided ? deciding : !deciding;
}

/** Leaves in `flips[0]` a moment before which the rung's answer cannot change by time alone. */
export function isHeld(state: JourneyState, rung: Rung, before: boolean, at: number, engagementDue: number): boolean {
  if (rung.enter === null) {
    flips[0] = Infinity;
    return true;
  }
  const enter = ruleHolds(state, rung.enter, at, engagementDue);
  if (rung.keep === null || !(enter || before)) return enter;
  const enterFlip = flips[0]!;
  const keep = ruleHolds(state, rung.keep, at, engagementDue);
  if (enter && keep) flips[0] = Math.max(enterFlip, flips[0]!);
  else if (!keep) flips[0] = enterFlip;
  return enter || keep;
}

/** Days that no window reaches any more, now or later. */
function forgetDays(state: JourneyState, at: number): void {
  const { calendar, layout } = state.compiled;
  for (let i = 0; i < layout.dailySpans.length; i++) {
    const list = state.daily![i]!;
    const from = calendar.day(at - layout.dailySpans[i]!);
    let gone = 0;
    while (gone < list.length && list[gone]! < from) gone += 2;
    if (gone > 0) list.splice(0, gone);
  }
}
