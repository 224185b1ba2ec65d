/** What a reader wants to know of a customer now: every rung, why, and what is missing for the next. */
import type { ConditionEvidence, Evidence } from '../decision';
import type { Condition } from '../definition';
import { testText } from '../language/canonical-condition';
import type { CompiledDefinition } from './compile-definition';
import { openComplaintCount } from './complaints';
import { conditionEvidence, rungConditions } from './condition-evidence';
import { engagementEvidence, stageEvidence } from './evidence';
import { isHeld, ruleHolds } from './evaluate';
import { setClock } from './evaluation-clock';
import { Num } from './facts-layout';
import type { JourneyState } from './journey-state';
import { NodeKind, type RuleNode } from './rule-node';

export interface RungAnswer {
  stage: string;
  /** Whether its enter holds at this moment, or its keep where the rung is held. */
  holds: boolean;
  /** As the last evaluation left it. */
  held: boolean;
  evidence: ConditionEvidence[];
}

export interface Description {
  /** Lowest first; empty while nothing is folded yet. */
  rungs: RungAnswer[];
  /** Null while nothing is folded yet. */
  stage: Evidence | null;
  engagement: Evidence | null;
  openComplaints: number;
}

/** A condition that must change for the next stage. `needed` is the bound that it misses, or the test in words. */
export interface MissingCondition {
  path: string;
  condition: string;
  value: number | string | boolean | null;
  needed: number | string;
}

export interface MissingForNext {
  stage: string;
  missing: MissingCondition[];
}

/** `at` is the customer's engine time or a later moment before `due`. Changes nothing. */
export function describe(compiled: CompiledDefinition, state: JourneyState, at: number): Description {
  if (state.stage === null) return { rungs: [], stage: null, engagement: null, openComplaints: 0 };
  const rungs = compiled.rungs.map((rung, i) => {
    setClock(at);
    const held = ((state.nums[Num.Held]! >> i) & 1) === 1;
    const holds = isHeld(state, rung, held);
    return { stage: rung.stage, holds, held, evidence: rungConditions(state, rung, at) };
  });
  return {
    rungs,
    stage: stageEvidence(state, null, at),
    engagement: engagementEvidence(state, at),
    openComplaints: openComplaintCount(state),
  };
}

/** Null on the highest stage, and while nothing is folded yet. */
export function missingForNext(compiled: CompiledDefinition, state: JourneyState, at: number): MissingForNext | null {
  const rung = compiled.rungs[state.nums[Num.Stage]! + 1];
  if (state.stage === null || rung === undefined) return null;
  const missing: MissingCondition[] = [];
  if (rung.enter !== null) collect(state, rung.enter, true, at, missing);
  return { stage: rung.stage, missing };
}

/** The leaves that keep `node` from being `wanted`. */
function collect(state: JourneyState, node: RuleNode, wanted: boolean, at: number, missing: MissingCondition[]): void {
  setClock(at);
  if (ruleHolds(state, node) === wanted) return;
  if (node.leaf === null) {
    const inner = node.kind === NodeKind.Not ? !wanted : wanted;
    for (const child of node.children) collect(state, child, inner, at, missing);
    return;
  }
  const { path, condition, value } = conditionEvidence(state, node.leaf, at);
  const needed = wanted ? neededFor(node.leaf.condition, value) : 'the opposite';
  missing.push({ path, condition, value, needed });
}

function neededFor(condition: Condition, value: ConditionEvidence['value']): number | string {
  switch (condition.measure) {
    case 'last':
      return testText(condition.test);
    case 'engagement':
      return condition.oneOf.join(' or ');
    case 'count':
    case 'distinctDays':
    case 'sum':
    case 'since':
    case 'tenure':
    case 'share': {
      const { atLeast, atMost } = condition.compare;
      const tooLow = atLeast !== undefined && (typeof value !== 'number' || value < atLeast);
      return (tooLow ? atLeast : atMost) ?? atLeast ?? 0;
    }
  }
}
