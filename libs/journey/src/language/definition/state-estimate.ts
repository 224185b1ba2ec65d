/** How much a definition's conditions keep for each customer, at most. Equal measures are kept once. */
import type { Condition, Definition, Rule } from '../../definition';
import { canonicalCondition, selectorText } from '../canonical-condition';
import { playMeasures } from '../../plays/language/rules-of-plays';
import { DAY_MS } from '../duration';

/** A moment and the touchpoint that it belongs to. */
const MOMENT_BYTES = 16;
/** A day and its sum or count. */
const DAY_BYTES = 16;
const VALUE_BYTES = 32;

/** Those of stages. */
export function conditionsOf(definition: Definition): Condition[] {
  const found: Condition[] = [];
  const walk = (rule: Rule): void => {
    if ('measure' in rule) found.push(rule);
    else if ('not' in rule) walk(rule.not);
    else for (const inner of 'all' in rule ? rule.all : rule.any) walk(inner);
  };
  for (const stage of definition.stages) {
    if (stage.enter) walk(stage.enter);
    if (stage.keep) walk(stage.keep);
  }
  return found;
}

export interface StateShare {
  condition: string;
  bytes: number;
}

/** Greatest first. */
export function stateEstimate(definition: Definition): StateShare[] {
  const shares = new Map<string, StateShare>();
  for (const condition of [...conditionsOf(definition), ...playMeasures(definition.plays?.plays ?? [])]) {
    const key = measureKey(condition);
    const bytes = conditionBytes(condition);
    const known = shares.get(key);
    if (known === undefined || known.bytes < bytes)
      shares.set(key, { condition: canonicalCondition(condition), bytes });
  }
  return [...shares.values()].sort((a, b) => b.bytes - a.bytes);
}

/** What is measured, without what it is compared with. */
function measureKey(condition: Condition): string {
  if (condition.measure === 'engagement') return 'engagement';
  const parts: (string | number)[] = [condition.measure, selectorText(condition.of)];
  if ('property' in condition) parts.push(condition.property);
  if (condition.measure === 'share') parts.push(selectorText(condition.among));
  if ('within' in condition && condition.within !== undefined) parts.push(condition.within);
  return parts.join('\n');
}

function conditionBytes(condition: Condition): number {
  switch (condition.measure) {
    case 'count':
      return condition.within === undefined ? VALUE_BYTES : kept(condition.compare) * MOMENT_BYTES;
    case 'distinctDays':
      return kept(condition.compare) * MOMENT_BYTES;
    case 'sum':
      return dayBytes(condition.within);
    case 'share':
      return 2 * dayBytes(condition.within);
    case 'since':
    case 'tenure':
    case 'last':
      return VALUE_BYTES;
    case 'engagement':
      return 0;
  }
}

function dayBytes(within: number | undefined): number {
  return within === undefined ? VALUE_BYTES : (Math.ceil(within / DAY_MS) + 1) * DAY_BYTES;
}

function kept(compare: { atLeast?: number; atMost?: number }): number {
  return Math.max(compare.atLeast ?? 0, (compare.atMost ?? -1) + 1);
}
