/** All guards of one candidate, up to the first that says no. */
import type { ConditionEvidence } from '../../decision';
import {
  type Candidate,
  type CheckGuards,
  type GuardAnswer,
  type GuardFacts,
  type GuardName,
  type GuardsDefinition,
} from '../guards.types';
import { TASK_CHANNEL } from '../ledger/ledger-state';
import type { CountedSend, GuardQuestion, GuardVerdict } from './guard';
import { guardsFor, type PreparedGuard } from './prepared-guards';
import { opening } from './quiet-guard';

/** Turns in which the guards of time must come to agree on a moment; each turn only moves it to where it must at least be. */
const UNTIL_TURNS_MAX = 16;

const NO_SENDS: readonly CountedSend[] = [];
const NO_TOUCHPOINTS: ConditionEvidence['touchpoints'] = [];

/**
 * `takenNow` may be among the pending of `facts` or not: they are told apart by their action. Sends not settled count as if sent
 * at `facts.at`, also where a later moment is looked at.
 */
export const checkGuards: CheckGuards = (guards, candidate, facts, takenNow) => {
  const question = questionOf(guards, candidate, facts, takenNow);
  const evidence: ConditionEvidence[] = [];
  for (const one of guardsFor(guards, candidate)) {
    const verdict = one.guard.check(question, facts.at);
    evidence.push(evidenceOf(one, verdict));
    if (!verdict.holds) return refusal(question, takenNow, one.guard.name, verdict.until, evidence);
  }
  const loss = lostTo(question, takenNow);
  if (takenNow.length > 0) evidence.push(priorityEvidence(loss?.winner.action ?? null));
  if (loss === null) return { pass: true, ...sendTimes(question), evidence };
  const refused = refusal(question, takenNow, 'priority', loss.until, evidence);
  return { ...refused, winner: loss.winner.action };
};

export interface GuardRefusal {
  reason: GuardName;
  /** When this guard alone would say yes; null = another input must tell. */
  until: number | null;
  evidence: ConditionEvidence;
}

/** Every guard that says no, without stopping at the first: for questions, never for decisions. */
export function refusalsOf(guards: GuardsDefinition, candidate: Candidate, facts: GuardFacts): GuardRefusal[] {
  const question = questionOf(guards, candidate, facts, []);
  const refusals: GuardRefusal[] = [];
  for (const one of guardsFor(guards, candidate)) {
    const verdict = one.guard.check(question, facts.at);
    if (verdict.holds) continue;
    refusals.push({ reason: one.guard.name, until: verdict.until, evidence: evidenceOf(one, verdict) });
  }
  return refusals;
}

/** The first moment at which no guard says no if nothing else comes; null = only another input can tell. */
export function eligibleAt(guards: GuardsDefinition, candidate: Candidate, facts: GuardFacts): number | null {
  let latest = facts.at;
  for (const { until } of refusalsOf(guards, candidate, facts)) {
    if (until === null) return null;
    latest = Math.max(latest, until);
  }
  return agreedUntil(questionOf(guards, candidate, facts, []), latest);
}

function questionOf(
  guards: GuardsDefinition,
  candidate: Candidate,
  facts: GuardFacts,
  takenNow: readonly Candidate[],
): GuardQuestion {
  if (facts.ledger.pending.length === 0) return { guards, candidate, facts, pending: NO_SENDS };
  const pending: CountedSend[] = [];
  for (const { action, channel, purpose, verb } of facts.ledger.pending) {
    if (takenNow.some((taken) => taken.action === action)) continue;
    pending.push({ at: facts.at, channel, purpose, ask: verb === 'ask' });
  }
  return { guards, candidate, facts, pending };
}

/** With what this instant took before: as if sent now too. */
function withTaken(question: GuardQuestion, taken: readonly Candidate[]): GuardQuestion {
  if (taken.length === 0) return question;
  const { at } = question.facts;
  const sends = taken.map(({ channel, purpose, verb }) => ({ at, channel, purpose, ask: verb === 'ask' }));
  return { ...question, pending: [...sends, ...question.pending] };
}

/** The request of this instant with which it no longer fits; null = it still does. */
function lostTo(
  question: GuardQuestion,
  takenNow: readonly Candidate[],
): { winner: Candidate; until: number | null } | null {
  for (let i = 0; i < takenNow.length; i++) {
    const winner = takenNow[i] as Candidate;
    const refused = firstRefusal(withTaken(question, takenNow.slice(0, i + 1)), question.facts.at);
    if (refused !== null) return { winner, until: refused.until };
  }
  return null;
}

function firstRefusal(question: GuardQuestion, at: number): (GuardVerdict & { holds: false }) | null {
  for (const { guard, ofTime } of guardsFor(question.guards, question.candidate)) {
    if (!ofTime) continue;
    const verdict = guard.check(question, at);
    if (!verdict.holds) return verdict;
  }
  return null;
}

function refusal(
  question: GuardQuestion,
  takenNow: readonly Candidate[],
  reason: GuardName,
  until: number | null,
  evidence: ConditionEvidence[],
): GuardAnswer & { pass: false } {
  const agreed = until === null ? null : agreedUntil(withTaken(question, takenNow), until);
  return { pass: false, reason, until: agreed, evidence };
}

/** The first moment from `until` on at which no guard of time says no; null = not before it is stale. */
function agreedUntil(question: GuardQuestion, until: number): number | null {
  const { reachedAt, staleAfter } = question.candidate;
  let moment = until;
  for (let turn = 0; turn < UNTIL_TURNS_MAX && moment <= reachedAt + staleAfter; turn++) {
    const refused = firstRefusal(question, moment);
    if (refused === null) return moment;
    if (refused.until === null) return null;
    moment = refused.until;
  }
  return moment <= reachedAt + staleAfter ? moment : null;
}

/** Both included; the first quiet moment is none in which to send. */
function sendTimes(question: GuardQuestion): { notBefore: number; sendBefore: number } {
  const { candidate, facts } = question;
  const quietFrom = candidate.channel === TASK_CHANNEL ? Infinity : opening(question, facts.at).closes;
  const sendBefore = Math.min(
    facts.at + candidate.sendWithin,
    quietFrom - 1,
    candidate.reachedAt + candidate.staleAfter,
  );
  return { notBefore: facts.at, sendBefore };
}

function evidenceOf({ path, words }: PreparedGuard, { holds, value }: GuardVerdict): ConditionEvidence {
  return { path, condition: words, holds, value, touchpoints: NO_TOUCHPOINTS };
}

function priorityEvidence(winner: string | null): ConditionEvidence {
  const condition = 'nothing of this instant went first';
  return { path: 'guards.priority', condition, holds: winner === null, value: winner, touchpoints: [] };
}
