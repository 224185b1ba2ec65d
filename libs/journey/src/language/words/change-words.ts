/** Changes of stage and engagement, and rungs, in plain English. */
import type { ChainChange, ConditionEvidence, EngagementChanged, Evidence, StageChanged } from '../../decision';
import { conditionSentence, dateWords, isAsWanted } from './condition-words';

export type AnyChange = StageChanged | EngagementChanged | ChainChange;

/**
 * `customer -> loyal on 2026-03-04: purchases on 3 distinct days within 365 days (...), and the last purchase 0 days ago
 * (...; at most 180 days)`. A fall names what stopped holding, and what the customer now stands on.
 * @param customerId put in front where given
 */
export function changeSentence(change: AnyChange, customerId?: string): string {
  const axis = 'axis' in change ? change.axis : change.type === 'StageChanged' ? 'stage' : 'engagement';
  const from = change.from === null ? `became ${change.to}` : `${change.from} -> ${change.to}`;
  const what = axis === 'engagement' ? `engagement ${from}` : from;
  const who = customerId === undefined ? '' : `${customerId}: `;
  return `${who}${what} on ${dateWords(change.at)}: ${reasonSentence(change.from, change.to, change.evidence)}`;
}

/** Why, without who and when. `from`: the stage or engagement that was left; null = none, or only the present is told. */
export function reasonSentence(from: string | null, to: string, evidence: Evidence): string {
  const { rule, conditions } = evidence;
  if (rule === 'joining') return 'where the settled history and the live changes meet';
  if (rule === 'engagement') return engagementReason(to, conditions);
  const decided = conditions.filter(({ path }) => path === rule || path.startsWith(`${rule}.`));
  if (from === null || stageOf(rule) !== from || from === to) return because(decided.length > 0 ? decided : conditions);
  const now = conditions.filter(({ path }) => stageOf(path) === to);
  const stands = now.length === 0 ? '' : `; still ${to}: ${because(now)}`;
  return `no longer ${from}: ${whyNot(decided)}${stands}`;
}

/** The condition that makes each degree of engagement. */
const ENGAGEMENT_PATHS: Readonly<Record<string, string>> = {
  active: 'engagement.active',
  cooling: 'engagement.cooling',
  'at risk': 'engagement.atRisk',
  lapsed: 'engagement.lapsed',
};

function engagementReason(to: string, conditions: readonly ConditionEvidence[]): string {
  const silence = conditions.filter(({ path }) => path === ENGAGEMENT_PATHS[to]);
  const complaint = conditions.filter(({ path, holds }) => path === 'engagement.openComplaint' && holds);
  // An open complaint makes it cooling at least; silence is named beside it only where it would be enough alone.
  const told =
    to === 'cooling' && complaint.length > 0 ? [...complaint, ...silence.filter(({ holds }) => holds)] : silence;
  return sentences(told.length > 0 ? told : conditions);
}

/** `loyal` of `loyal.enter`: a stage's name has no dots. */
function stageOf(path: string): string {
  return path.split('.', 1)[0] ?? path;
}

/** The conditions that are as the rule wants them; all where none is. */
function because(conditions: readonly ConditionEvidence[]): string {
  const wanted = conditions.filter(isAsWanted);
  return sentences(wanted.length > 0 ? wanted : conditions);
}

function whyNot(conditions: readonly ConditionEvidence[]): string {
  const failing = conditions.filter((condition) => !isAsWanted(condition));
  return sentences(failing.length > 0 ? failing : conditions);
}

/** Each sentence once: `enter` and `keep` often ask for the same. */
function sentences(conditions: readonly ConditionEvidence[]): string {
  const all = [...new Set(conditions.map(conditionSentence))];
  const last = all.pop() ?? 'the rule holds';
  return all.length === 0 ? last : `${all.join(', ')}, and ${last}`;
}

/** One rung of a customer, whether they stand on it or not. */
export interface RungWords {
  stage: string;
  /** The rung holds now. */
  holds: boolean;
  /** The customer had entered it and has not lost it since. */
  held: boolean;
  evidence: readonly ConditionEvidence[];
}

/** `loyal holds: ...`, `loyal is kept: ...`, `loyal does not hold: ...`. */
export function rungSentence(rung: RungWords): string {
  const { stage, holds, held, evidence } = rung;
  const keep = evidence.filter(({ path }) => path.split('.')[1] === 'keep');
  const enter = evidence.filter((condition) => !keep.includes(condition));
  if (!holds) return `${stage} does not hold: ${whyNot(enter)}`;
  const kept = held && keep.length > 0 && !enter.every(isAsWanted);
  return `${stage} ${kept ? 'is kept' : 'holds'}: ${because(kept ? keep : enter)}`;
}
