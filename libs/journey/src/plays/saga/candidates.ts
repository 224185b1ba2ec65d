/**
 * Everybody who wants to act now, new and deferred, best first; each is asked of the guards with what the ones before it took. A
 * skipped step goes on, and may add a candidate; repeated until none is left.
 */
import { compareCandidates } from '../guards/compare-candidates';
import { checkGuards } from '../guards/check-guards';
import { GUARD_KIND, type GuardAnswer, type GuardName } from '../guards.types';
import type { ActStep } from '../play';
import { OPEN_ACTIONS_MAX } from '../play-limits';
import type { ActionWithheld } from '../play-decisions';
import type { Enrolment } from '../play-state';
import { owesThanks } from '../rules/customer-answers';
import { guardFacts } from './guard-facts';
import type { Instant } from './instant';
import { leave } from './leaving';
import { needsItsPlace, request } from './request';
import { ActionId, StepCandidate } from './step-candidate';
import { walkOn } from './walk';

/** One enrolment at the step that wants to act. */
export interface Standing {
  enrolment: Enrolment;
  step: ActStep;
  candidate: StepCandidate;
}

interface Said extends Pick<ActionWithheld, 'reason' | 'until' | 'final' | 'then' | 'evidence'> {
  winner?: string | undefined;
}

type Refusal = Omit<GuardAnswer & { pass: false }, 'reason'> & { reason: GuardName | 'full' };

export function actNow(instant: Instant): void {
  const asked: Standing[] = [];
  for (let best = nextBest(instant, asked); best !== null; best = nextBest(instant, asked)) {
    asked.push(best);
    decide(instant, best);
  }
}

function nextBest(instant: Instant, asked: readonly Standing[]): Standing | null {
  let best: Standing | null = null;
  for (const enrolment of instant.plays.enrolments) {
    if (enrolment.phase !== 'deferred' || !mayAct(instant, enrolment) || wasAsked(asked, enrolment)) continue;
    const standing = standingOf(instant, enrolment);
    if (standing === null) continue;
    if (best === null || compareCandidates(standing.candidate, best.candidate) < 0) best = standing;
  }
  return best;
}

/** Time alone changes no answer before its date: without news for the guards nobody is asked before. */
function mayAct(instant: Instant, enrolment: Enrolment): boolean {
  return enrolment.until <= instant.at || instant.news;
}

function wasAsked(asked: readonly Standing[], enrolment: Enrolment): boolean {
  for (const one of asked) if (one.enrolment === enrolment && one.step.path === enrolment.step) return true;
  return false;
}

function standingOf(instant: Instant, enrolment: Enrolment): Standing | null {
  const compiled = instant.playOf(enrolment);
  const step = compiled.steps.get(enrolment.step)?.step;
  if (step?.step !== 'act') return null;
  const order = instant.compiled.current(enrolment.play)?.order ?? compiled.order;
  const id = new ActionId(instant.facts.customerId, enrolment.play, enrolment.enrolment, step.path, enrolment.round);
  const owed = owesThanks(instant.plays);
  return { enrolment, step, candidate: new StepCandidate(compiled.play, step, id, order, enrolment.stepAt, owed) };
}

function decide(instant: Instant, standing: Standing): void {
  const { enrolment, step, candidate } = standing;
  const waited = instant.at - enrolment.stepAt;
  if (waited > 0 && waited >= step.staleAfter) return giveUp(instant, standing);
  const { state, compiled, facts, at, taken } = instant;
  if (instant.plays.actions.length >= OPEN_ACTIONS_MAX && isFull(instant))
    return withhold(instant, standing, { pass: false, reason: 'full', until: null, evidence: [] });
  const answer = checkGuards(compiled.guards, candidate, guardFacts(state, compiled, facts, at), taken);
  if (!answer.pass) return withhold(instant, standing, answer);
  const { notBefore, sendBefore, evidence } = answer;
  const { version, enrolment: number, play, round } = enrolment;
  request(instant, { play, enrolment: number, version, step, candidate, round, notBefore, sendBefore, evidence });
  enrolment.phase = 'acting';
  enrolment.until = Infinity;
  enrolment.withheld = '';
  enrolment.round += 1;
  taken.push(candidate);
}

function isFull({ plays }: Instant): boolean {
  return plays.actions.filter(needsItsPlace).length >= OPEN_ACTIONS_MAX;
}

/** Deferred for too long, or asked again too often. */
export function giveUp(instant: Instant, standing: Standing): void {
  const then = standing.step.ifWithheld === 'exit' ? 'exit' : 'skip';
  sayWithheld(instant, standing, { reason: 'stale', until: null, final: true, then, evidence: [] });
  goOn(instant, standing.enrolment, then);
}

function withhold(instant: Instant, standing: Standing, refusal: Refusal): void {
  const { enrolment, step } = standing;
  const { reason, winner, evidence } = refusal;
  const waits = reason === 'full' || GUARD_KIND[reason] === 'time';
  const then = step.ifWithheld ?? (waits ? 'wait' : 'skip');
  if (then !== 'wait') {
    sayWithheld(instant, standing, { reason, until: null, final: true, then, winner, evidence });
    return goOn(instant, enrolment, then);
  }
  // A guard that names a moment that is not ahead is asked again at the next one: time never stands still.
  const until = refusal.until === null ? null : Math.max(refusal.until, instant.at + 1);
  if (enrolment.withheld !== reason)
    sayWithheld(instant, standing, { reason, until, final: false, then, winner, evidence });
  enrolment.withheld = reason;
  enrolment.until = Math.min(until ?? Infinity, Math.max(enrolment.stepAt + step.staleAfter, instant.at + 1));
}

function goOn(instant: Instant, enrolment: Enrolment, then: 'skip' | 'exit'): void {
  if (then === 'exit') leave(instant, enrolment, 'withheld');
  else walkOn(instant, enrolment);
}

function sayWithheld(instant: Instant, { enrolment, candidate }: Standing, said: Said): void {
  const withheld: ActionWithheld = {
    type: 'ActionWithheld',
    play: enrolment.play,
    enrolment: enrolment.enrolment,
    playVersion: enrolment.version,
    at: instant.at,
    step: candidate.path,
    action: candidate.action,
    verb: candidate.verb,
    what: candidate.what,
    channel: candidate.channel,
    reason: said.reason,
    until: said.until,
    final: said.final,
    then: said.then,
    evidence: said.evidence,
    cause: instant.cause,
  };
  if (said.winner !== undefined) withheld.winner = said.winner;
  instant.say(withheld);
}

/** Its request was not carried out: the step is decided again, through all guards. */
export function standingAt(instant: Instant, enrolment: Enrolment): Standing | null {
  return standingOf(instant, enrolment);
}
