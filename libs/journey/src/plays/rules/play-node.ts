/** Rules of plays, prepared: conditions of stages stand in them as nodes of the core, so that both mean the same everywhere. */
import { compileRule, type Leaf, type RuleNode } from '../../core/rule-node';
import type { FactsLayout } from '../../core/facts-layout';
import type { PlayCondition, PlayRule } from '../play';
import { playConditionText } from './play-condition-text';

export type PlayNode =
  | { readonly kind: 'all' | 'any'; readonly children: readonly PlayNode[] }
  | { readonly kind: 'not'; readonly child: PlayNode }
  | { readonly kind: 'measure'; readonly node: RuleNode; readonly leaf: Leaf }
  | PlayLeaf;

export interface PlayLeaf {
  readonly kind: 'fact';
  readonly condition: PlayCondition;
  readonly path: string;
  readonly text: string;
}

/** Gathers what the rule needs to remember in `layout`: before its places are given. */
export function compilePlayRule(rule: PlayRule, path: string, layout: FactsLayout): PlayNode {
  if ('measure' in rule) {
    const node = compileRule(rule, path, layout);
    return { kind: 'measure', node, leaf: node.leaf! };
  }
  if ('fact' in rule) return { kind: 'fact', condition: rule, path, text: playConditionText(rule) };
  if ('not' in rule) return { kind: 'not', child: compilePlayRule(rule.not, `${path}.not`, layout) };
  const kind = 'all' in rule ? 'all' : 'any';
  const rules = 'all' in rule ? rule.all : rule.any;
  return { kind, children: rules.map((one, i) => compilePlayRule(one, `${path}.${kind}.${i}`, layout)) };
}

export type PlayConditionNode = PlayLeaf | (PlayNode & { kind: 'measure' });

const leaves = new WeakMap<PlayNode, readonly PlayConditionNode[]>();

/** Every condition under a node, in document order; gathered once. */
export function playLeavesOf(node: PlayNode): readonly PlayConditionNode[] {
  let found = leaves.get(node);
  if (found === undefined) leaves.set(node, (found = gatherLeaves(node)));
  return found;
}

function gatherLeaves(node: PlayNode): PlayConditionNode[] {
  switch (node.kind) {
    case 'all':
    case 'any':
      return node.children.flatMap(gatherLeaves);
    case 'not':
      return gatherLeaves(node.child);
    case 'measure':
    case 'fact':
      return [node];
  }
}
