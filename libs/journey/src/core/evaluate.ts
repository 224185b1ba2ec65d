/**
 * The answer at one moment: engagement first, then every rung. A rung is held while its `enter` holds, or, once held, its
 * `keep`; the customer stands on the highest rung that is held. With the answer comes the earliest moment at which any part
 * of it may change by time alone, so that one timer for each customer is enough.
 */
import { engagementNow } from './engagement-limits';
import { NONE, Num } from './facts-layout';
import { AT, clock, ENGAGEMENT_FLIP, FLIP } from './evaluation-clock';
import type { JourneyState } from './journey-state';
import { leafHolds } from './measure-at';
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
  clock[AT] = at;
  const engagement = engagementNow(state, state.compiled.limits);
  let due = clock[FLIP]!;
  clock[ENGAGEMENT_FLIP] = due;
  if (engagement !== n[Num.Engagement]) {
    // Everybody starts active: that is no change, and every first touchpoint would pay for saying so.
    if (n[Num.Engagement] !== NONE || engagement !== ACTIVE) changed = ENGAGEMENT_CHANGED;
    n[Num.Engagement] = engagement;
    n[Num.EngagementSince] = at;
  }
  const rungs = state.compiled.rungs;
  const before = n[Num.Held]!;
  let held = 0;
  let stage = 0;
  for (let i = 0; i < rungs.length; i++) {
    if (isHeld(state, rungs[i]!, ((before >> i) & 1) === 1)) {
      held |= 1 << i;
      stage = i;
    }
    if (clock[FLIP]! < due) due = clock[FLIP]!;
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

/** A rule at `clock[AT]`. Leaves in `clock[FLIP]` a moment before which it cannot change by time alone. */
export function ruleHolds(state: JourneyState, node: RuleNode): boolean {
  switch (node.kind) {
    case NodeKind.Leaf: {
      const holds = leafHolds(state, node.leaf!);
      if (node.leaf!.engagements !== 0) clock[FLIP] = clock[ENGAGEMENT_FLIP]!;
      return holds;
    }
    case NodeKind.Not:
      return !ruleHolds(state, node.children[0]!);
    case NodeKind.All:
      return joined(state, node, false);
    case NodeKind.Any:
      return joined(state, node, true);
  }
}

/**
 * `all` and `any` in one: a child that says `deciding` (true for any, false for all) decides. While one decides, the
 * answer stays at least until the last of those has changed; while none does, until the first child changes.
 */
function joined(state: JourneyState, node: RuleNode, deciding: boolean): boolean {
  const children = node.children;
  let decided = false;
  let lastDecider = -Infinity;
  let firstOther = Infinity;
  for (let i = 0; i < children.length; i++) {
    const answer = ruleHolds(state, children[i]!);
    const flip = clock[FLIP]!;
    if (answer === deciding) {
      decided = true;
      if (flip > lastDecider) lastDecider = flip;
    } else if (flip < firstOther) firstOther = flip;
  }
  clock[FLIP] = decided ? lastDecider : firstOther;
  return decided ? deciding : !deciding;
}

/** A rung at `clock[AT]`. Leaves in `clock[FLIP]` a moment before which its answer cannot change by time alone. */
export function isHeld(state: JourneyState, rung: Rung, before: boolean): boolean {
  if (rung.enter === null) {
    clock[FLIP] = Infinity;
    return true;
  }
  const enter = ruleHolds(state, rung.enter);
  if (rung.keep === null || !(enter || before)) return enter;
  const enterFlip = clock[FLIP]!;
  const keep = ruleHolds(state, rung.keep);
  if (enter && keep) clock[FLIP] = Math.max(enterFlip, clock[FLIP]!);
  else if (!keep) clock[FLIP] = enterFlip;
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
