/** The rules of a definition, prepared for evaluation: a tree of nodes whose leaves know where their facts stand. */
import type { Condition, Engagement, Rule } from '../definition';
import { ENGAGEMENTS } from '../definition';
import { canonicalCondition } from '../language/canonical-condition';
import type { FactsLayout, LastFact, SelectorFacts, SumFact } from './facts-layout';
import { scaled } from './scaled-number';

export const enum NodeKind {
  All,
  Any,
  Not,
  Leaf,
}

export const enum Measure {
  Count,
  CountWithin,
  DistinctDays,
  Sum,
  SumWithin,
  Since,
  Tenure,
  Last,
  Share,
  ShareWithin,
  Engagement,
}

export class Leaf {
  measure = Measure.Count;
  facts: SelectorFacts | null = null;
  among: SelectorFacts | null = null;
  sum: SumFact | null = null;
  last: LastFact | null = null;
  /** Infinity = no window. */
  within = Infinity;
  low = -Infinity;
  high = Infinity;
  /** Bit i = ENGAGEMENTS[i] is one of those asked for. */
  engagements = 0;
  readonly text: string;

  constructor(
    readonly path: string,
    readonly condition: Condition,
  ) {
    this.text = canonicalCondition(condition);
  }
}

export class RuleNode {
  constructor(
    readonly kind: NodeKind,
    readonly children: RuleNode[],
    readonly leaf: Leaf | null,
  ) {}
}

export interface Rung {
  stage: string;
  /** Null = holds for everybody with a touchpoint. */
  enter: RuleNode | null;
  keep: RuleNode | null;
  enterLeaves: Leaf[];
  keepLeaves: Leaf[];
}

export function compileRule(rule: Rule, path: string, layout: FactsLayout): RuleNode {
  if ('measure' in rule) return new RuleNode(NodeKind.Leaf, [], compileLeaf(rule, path, layout));
  if ('not' in rule) return new RuleNode(NodeKind.Not, [compileRule(rule.not, `${path}.not`, layout)], null);
  if ('all' in rule) return branch(NodeKind.All, rule.all, `${path}.all`, layout);
  return branch(NodeKind.Any, rule.any, `${path}.any`, layout);
}

/** Every leaf under a node, in document order. */
export function leavesOf(node: RuleNode): Leaf[] {
  return node.leaf === null ? node.children.flatMap(leavesOf) : [node.leaf];
}

function branch(kind: NodeKind, rules: Rule[], path: string, layout: FactsLayout): RuleNode {
  const children = rules.map((rule, i) => compileRule(rule, `${path}.${i}`, layout));
  return new RuleNode(kind, children, null);
}

function compileLeaf(condition: Condition, path: string, layout: FactsLayout): Leaf {
  const leaf = new Leaf(path, condition);
  if ('compare' in condition) {
    leaf.low = condition.compare.atLeast ?? -Infinity;
    leaf.high = condition.compare.atMost ?? Infinity;
  }
  if ('within' in condition) leaf.within = condition.within ?? Infinity;
  if (condition.measure !== 'engagement') leaf.facts = layout.of(condition.of);
  switch (condition.measure) {
    case 'count':
      return compileCount(leaf);
    case 'distinctDays':
      leaf.measure = Measure.DistinctDays;
      leaf.facts?.keepDays(kept(leaf));
      return leaf;
    case 'sum':
      return compileSum(leaf, condition.property);
    case 'since':
      leaf.measure = Measure.Since;
      leaf.facts?.keepNewest(1);
      return leaf;
    case 'tenure':
      leaf.measure = Measure.Tenure;
      if (leaf.facts) leaf.facts.wants.oldest = true;
      return leaf;
    case 'last':
      leaf.measure = Measure.Last;
      leaf.last = leaf.facts?.last(condition.property, condition.test) ?? null;
      return leaf;
    case 'share':
      return compileShare(leaf, condition, layout);
    case 'engagement':
      leaf.measure = Measure.Engagement;
      leaf.engagements = engagementBits(condition.oneOf);
      return leaf;
  }
}

function compileCount(leaf: Leaf): Leaf {
  leaf.measure = leaf.within === Infinity ? Measure.Count : Measure.CountWithin;
  leaf.facts?.keepNewest(kept(leaf));
  if (leaf.facts && leaf.within === Infinity) leaf.facts.wants.count = true;
  return leaf;
}

function compileSum(leaf: Leaf, property: string): Leaf {
  const windowed = leaf.within !== Infinity;
  leaf.measure = windowed ? Measure.SumWithin : Measure.Sum;
  leaf.sum = leaf.facts?.sum(property, windowed ? leaf.within : undefined) ?? null;
  leaf.low = leaf.low === -Infinity ? leaf.low : scaled(leaf.low);
  leaf.high = leaf.high === Infinity ? leaf.high : scaled(leaf.high);
  return leaf;
}

function compileShare(leaf: Leaf, condition: Condition & { measure: 'share' }, layout: FactsLayout): Leaf {
  const span = leaf.within === Infinity ? undefined : leaf.within;
  leaf.measure = span === undefined ? Measure.Share : Measure.ShareWithin;
  leaf.facts = layout.ofBoth(condition.of, condition.among);
  leaf.among = layout.of(condition.among);
  leaf.facts.shareCount(span);
  leaf.among.shareCount(span);
  return leaf;
}

/** How many of the newest moments or days answer the comparison: "at least n" needs n, "at most n" one more. */
function kept(leaf: Leaf): number {
  const low = leaf.low === -Infinity ? 0 : Math.ceil(leaf.low);
  const high = leaf.high === Infinity ? 0 : Math.floor(leaf.high) + 1;
  return Math.max(1, low, high);
}

function engagementBits(wanted: Engagement[]): number {
  let bits = 0;
  for (const one of wanted) bits |= 1 << ENGAGEMENTS.indexOf(one);
  return bits;
}
