/** A dead letter, or one in doubt, once more: a new request with an id of its own, through all guards of the present. */
import { actionIdOf } from '../action-id';
import { checkGuards } from '../guards/check-guards';
import { GUARD_KIND } from '../guards.types';
import type { ActStep } from '../play';
import type { PlayCommand, RefusedBecause } from '../play-inputs';
import type { Enrolment, OpenAction } from '../play-state';
import { owesThanks } from '../rules/customer-answers';
import { guardFacts } from './guard-facts';
import type { Instant } from './instant';
import { request, type Request } from './request';
import { removeAction, settleAction } from './settle-action';
import { ActionId, StepCandidate } from './step-candidate';

/** Requests of one step, those by hand counted: enough for any patience. */
const RETRIES_MAX = 64;

export function retryAction(
  instant: Instant,
  command: PlayCommand & { command: 'retry' },
  action: OpenAction,
  refuse: (because: RefusedBecause) => void,
): void {
  if (action.phase !== 'dead' && action.phase !== 'inDoubt')
    return refuse(action.phase === 'requested' ? 'notDead' : 'settled');
  if (command.override === true && (command.reason ?? '') === '') return refuse('reasonMissing');
  const compiled = instant.compiled.of(action.play, action.version);
  const step = compiled?.steps.get(action.step)?.step;
  const round = nextRound(instant, action);
  if (compiled === undefined || step?.step !== 'act' || round === null) return refuse('settled');
  const id = new ActionId(instant.facts.customerId, action.play, action.enrolment, action.step, round);
  const owed = owesThanks(instant.plays);
  const candidate = new StepCandidate(compiled.play, step, id, compiled.order, instant.at, owed);
  const { play, enrolment, version } = action;
  const again = { play, enrolment, version, step, candidate, round };
  const waiting = instant.enrolmentOf(action);
  const unsettled = action.phase === 'inDoubt';
  const made = askGuards(instant, command, action, again);
  if (made === null) return;
  if (unsettled) settleAction(instant, action, 'stopped');
  else removeAction(instant, action);
  request(instant, made);
  instant.taken.push(candidate);
  if (waiting !== undefined) keepWaiting(waiting, round);
}

/** Null = a guard said no, which is said. What is in doubt does not stand in its own way. */
function askGuards(
  instant: Instant,
  { override, reason, by }: PlayCommand & { command: 'retry' },
  action: OpenAction,
  again: Omit<Request, 'notBefore' | 'sendBefore' | 'evidence'>,
): Request | null {
  const { state, compiled, facts, at, taken } = instant;
  const told = guardFacts(state, compiled, facts, at);
  const pending = told.ledger.pending.filter((one) => one.action !== action.action);
  const asked = Object.defineProperty(told, 'ledger', { value: { ...told.ledger, pending } });
  const answer = checkGuards(compiled.guards, again.candidate, asked, taken);
  if (answer.pass) return { ...again, ...times(answer), evidence: answer.evidence };
  const passed = override === true && reason !== undefined && GUARD_KIND[answer.reason] === 'time';
  if (passed) {
    const sendBefore = at + again.step.sendWithin;
    return { ...again, notBefore: at, sendBefore, evidence: answer.evidence, override: { by, reason } };
  }
  sayRefused(instant, again.step, again.candidate.action, action, answer);
  return null;
}

function times({ notBefore, sendBefore }: { notBefore: number; sendBefore: number }) {
  return { notBefore, sendBefore };
}

function sayRefused(
  instant: Instant,
  step: ActStep,
  id: string,
  action: OpenAction,
  { reason, winner, evidence, until }: Exclude<ReturnType<typeof checkGuards>, { pass: true }>,
): void {
  const { verb, what, by } = step;
  instant.say({
    ...{ type: 'ActionWithheld', ...instant.head(action), step: step.path, action: id, verb, what, channel: by },
    ...{ reason, until, final: true, then: 'skip', ...(winner && { winner }), evidence },
    cause: instant.cause,
  });
}

function keepWaiting(enrolment: Enrolment, round: number): void {
  enrolment.round = round + 1;
}

/** Ids follow from the round: the one that this action has names the next. Null = too many. */
function nextRound(instant: Instant, { play, enrolment, step, action }: OpenAction): number | null {
  for (let round = 0; round < RETRIES_MAX; round++) {
    if (actionIdOf(instant.facts.customerId, play, enrolment, step, round) === action) return round + 1;
  }
  return null;
}
