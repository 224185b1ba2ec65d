/** Changes of stage and engagement, and rungs, in plain English. */
import type { ChainChange, ConditionEvidence, EngagementChanged, Evidence, StageChanged } from '../../decision';
import { conditionSentence, dateWords } from './condition-words';

export type AnyChange = StageChanged | EngagementChanged | ChainChange;

/**
 * `customer -> loyal on 2026-03-04: purchases on 3 distinct days within 365 days (...), and the last purchase 0 days ago
 * (at most 180 days)`. A fall names what stopped holding.
 * @param customerId put in front where given
 */
export function changeSentence(change: AnyChange, customerId?: string): string {
  const axis = 'axis' in change ? change.axis : change.type === 'StageChanged' ? 'stage' : 'engagement';
  const from = change.from === null ? `became ${change.to}` : `${change.from} -> ${change.to}`;
  const what = axis === 'engagement' ? `engagement ${from}` : from;
  const who = customerId === undefined ? '' : `${customerId}: `;
  return `${who}${what} on ${dateWords(change.at)}: ${reasonSentence(change.from, change.evidence)}`;
}

/** Why, without who and when. `from`: what the change left, null = nothing. */
export function reasonSentence(from: string | null, evidence: Evidence): string {
  const { conditions } = evidence;
  const holding = conditions.filter((condition) => condition.holds);
  const failing = conditions.filter((condition) => !condition.holds);
  if (conditions.length === 0) return 'every customer with a touchpoint stands here';
  const lost = from !== null && ruleStage(evidence.rule) === from;
  if (failing.length > 0 && (lost || holding.length === 0)) return `no longer ${from ?? 'so'}: ${sentences(failing)}`;
  return sentences(holding.length > 0 ? holding : failing);
}

/** `loyal` of `loyal.enter`: a stage's name has no dots. */
function ruleStage(rule: string): string {
  return rule.split('.', 1)[0] ?? rule;
}

function sentences(conditions: readonly ConditionEvidence[]): string {
  const all = conditions.map(conditionSentence);
  const last = all.pop() ?? '';
  return all.length === 0 ? last : `${all.join(', ')}, and ${last}`;
}

/** One rung of a customer, whether they stand on it or not. */
export interface RungWords {
  stage: string;
  /** The rung holds now. */
  holds: boolean;
  /** The customer had entered it and has not lost it since. */
  held: boolean;
  conditions: readonly ConditionEvidence[];
}

/** `loyal holds: ...`, `loyal does not hold: ...`. */
export function rungSentence(rung: RungWords): string {
  const { stage, holds, held, conditions } = rung;
  if (conditions.length === 0) return `${stage} ${holds ? 'holds' : 'does not hold'}`;
  if (!holds) return `${stage} does not hold: ${sentences(failingOf(conditions))}`;
  const because = sentences(conditions.filter((condition) => condition.holds));
  const kept = held && conditions.some((condition) => condition.path.split('.')[1] === 'keep');
  return because === '' ? `${stage} holds` : `${stage} ${kept ? 'is kept' : 'holds'}: ${because}`;
}

function failingOf(conditions: readonly ConditionEvidence[]): readonly ConditionEvidence[] {
  const failing = conditions.filter((condition) => !condition.holds);
  return failing.length === 0 ? conditions : failing;
}
