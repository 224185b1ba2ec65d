/** Why a play does not act for a customer now: everything that stands in the way, not only the first. Changes nothing. */
import { clock, FLIP } from '../../core/evaluation-clock';
import type { JourneyState } from '../../core/journey-state';
import type { CompiledPlay } from '../compile/compiled-play';
import { refusalsOf } from '../guards/check-guards';
import { askablesOf } from '../ledger/askable';
import { ledgerViewOf } from '../ledger/ledger-view';
import type { LedgerView } from '../ledger.types';
import type { ActStep } from '../play';
import type { CustomerFacts, WhyNot, WhyNotPlay } from '../play-core.types';
import type { Enrolment } from '../play-state';
import { owesThanks } from '../rules/customer-answers';
import { playRuleEvidence, playRuleHolds } from '../rules/play-rule-holds';
import { explainStep } from '../steps/registry';
import { againFrom, isHeldOut } from './entering';
import { guardFacts } from './guard-facts';
import { ActionId, StepCandidate } from './step-candidate';

/** Null = neither the definition nor the customer knows the play, or there are no plays at all. `at` is not before the last input. */
export const whyNotPlay: WhyNotPlay = (state, name, facts, at) => {
  const compiled = state.compiled.plays;
  if (compiled === null) return null;
  const live = state.plays?.enrolments.find((one) => one.play === name && one.phase !== 'watching');
  const play = live === undefined ? compiled.current(name) : compiled.of(name, live.version);
  if (play === undefined) return null;
  const answer: WhyNot = { play: name, now: false, reasons: [], evidence: [], ahead: [] };
  if (live === undefined) askEntry(state, play, facts, at, answer);
  else askPhase(play, live, answer);
  const steps: ActStep[] = [];
  gatherActs(play, live === undefined ? play.first : live.step, new Set(), steps);
  for (const step of steps) askGuards(state, play, step, { live, facts, at }, answer);
  answer.now = answer.reasons.length === 0;
  return answer;
};

/** The ledger as people see it, with whom to ask next for what. */
export function ledgerQuestion(state: JourneyState, facts: CustomerFacts, at: number): LedgerView | null {
  const compiled = state.compiled.plays;
  if (compiled === null) return null;
  const askables = askablesOf(compiled.plays.map((one) => one.play));
  return ledgerViewOf(compiled.guards, askables, guardFacts(state, compiled, facts, at));
}

function askEntry(state: JourneyState, play: CompiledPlay, facts: CustomerFacts, at: number, answer: WhyNot): void {
  const { name, again, trigger } = play.play;
  const memory = state.plays?.memories.find((one) => one.play === name);
  const from = againFrom(again, memory);
  if (from > at) {
    const until = Number.isFinite(from) ? from : null;
    const often = typeof again === 'object' ? `every ${again.every} ms` : again;
    answer.reasons.push({ reason: 'again', detail: `entered ${memory?.entries ?? 0} times; again: ${often}`, until });
  }
  if (play.who !== null) {
    const holds = playRuleHolds(state, play.who, facts, at);
    const flip = clock[FLIP]!;
    answer.evidence.push(...playRuleEvidence(state, play.who, facts, at));
    const until = Number.isFinite(flip) ? flip : null;
    if (!holds) answer.reasons.push({ reason: 'who', detail: 'the rule `who` does not hold', until });
  }
  if (facts.paused(name, at, false))
    answer.reasons.push({ reason: 'paused', detail: 'the play is paused', until: null });
  if (isHeldOut(facts.customerId, play.play))
    answer.reasons.push({
      reason: 'holdout',
      detail: 'held out: nobody acts, the outcome is the yardstick',
      until: null,
    });
  const detail = `it starts by its trigger (${trigger.on}), or by hand`;
  answer.reasons.push({ reason: 'noTrigger', detail, until: null });
}

/** Under way: what it stands at. */
function askPhase(play: CompiledPlay, live: Enrolment, answer: WhyNot): void {
  const step = play.steps.get(live.step)?.step;
  const where = step === undefined ? 'under way' : `at step ${step.path}: ${explainStep(step)}`;
  if (live.held) answer.reasons.push({ reason: 'holdout', detail: `held out, ${where}`, until: null });
  if (live.phase === 'deferred') return;
  const until = Number.isFinite(live.until) ? live.until : null;
  answer.reasons.push({ reason: 'live', detail: `${live.phase}, ${where}`, until });
}

/** Those that act from there on, in the order of the document. */
function gatherActs(play: CompiledPlay, path: string, seen: Set<string>, acts: ActStep[]): void {
  const compiled = play.steps.get(path);
  if (compiled === undefined || seen.has(path)) return;
  seen.add(path);
  if (compiled.step.step === 'act') acts.push(compiled.step);
  // Each arm goes on with what follows the whole step: it must not be gathered before the other arms.
  const after = compiled.next;
  for (const { first } of compiled.arms) if (first !== after) gatherArm(play, first, after, seen, acts);
  gatherActs(play, after, seen, acts);
}

function gatherArm(play: CompiledPlay, first: string, after: string, seen: Set<string>, acts: ActStep[]): void {
  const held = !seen.has(after);
  if (held) seen.add(after);
  gatherActs(play, first, seen, acts);
  if (held) seen.delete(after);
}

/** The reasons of the next step are those of the answer; what holds a later one back does not hold the play back now. */
function askGuards(
  state: JourneyState,
  play: CompiledPlay,
  step: ActStep,
  { live, facts, at }: { live: Enrolment | undefined; facts: CustomerFacts; at: number },
  answer: WhyNot,
): void {
  const compiled = state.compiled.plays!;
  const here = live?.step === step.path ? live : undefined;
  const enrolment = live?.enrolment ?? 1;
  const id = new ActionId(facts.customerId, play.play.name, enrolment, step.path, here?.round ?? 0);
  const candidate = new StepCandidate(play.play, step, id, play.order, here?.stepAt ?? at, owesThanks(state.plays));
  const refusals = refusalsOf(compiled.guards, candidate, guardFacts(state, compiled, facts, at));
  const reasons = refusals.map(({ reason, until, evidence }) => {
    return { reason, detail: `${evidence.condition}: ${String(evidence.value)}`, until };
  });
  if (answer.ahead.length === 0) {
    answer.step = step.path;
    answer.reasons.push(...reasons);
    answer.evidence.push(...refusals.map(({ evidence }) => evidence));
  }
  const { path, verb, what, by: channel } = step;
  answer.ahead.push({ step: path, verb, what, channel, reasons });
}
