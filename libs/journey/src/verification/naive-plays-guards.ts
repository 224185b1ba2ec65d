/** Guards asked again, naively: which of them say no to an action at a moment, with what was known at a decision. */
import type { GuardName } from '../plays/guards.types';
import type { ActStep, Step } from '../plays/play';
import {
  complains,
  isSuppressed,
  lastBadExperience,
  naiveConsent,
  naiveKind,
  naiveZone,
  openAsks,
  owesThanks,
  wasGiven,
} from './naive-plays-asks';
import { isNaivelyQuiet, quietBetween } from './naive-plays-clock';
import { isDelivered, ofType, sendsOf, sentAt, type Case, type Known, type NaiveSend } from './naive-plays-world';

const ROOM_MS = 5 * 60_000;

export interface NaiveAction {
  play: string;
  step: string;
  verb: string;
  channel: string;
  purpose: string;
}

/** All of them, in no order that matters. Time guards alone with `timeOnly`. */
export function naiveRefusals(of: Case, known: Known, action: NaiveAction, at: number, timeOnly = false): GuardName[] {
  if (action.verb === 'task') return [];
  const refusals: GuardName[] = timeOnly ? [] : stateRefusals(of, known, action);
  if (action.channel !== 'task') refusals.push(...reachRefusals(of, known, action, at));
  if (action.verb === 'ask') refusals.push(...askRefusals(of, known, at));
  return refusals;
}

function stateRefusals(of: Case, known: Known, { verb, channel, purpose }: NaiveAction): GuardName[] {
  const refusals: GuardName[] = [];
  const employee = naiveKind(known) === 'employee';
  if (purpose !== 'service' && (purpose === 'employees') !== employee) refusals.push('audience');
  const said = naiveConsent(known, purpose, channel);
  const unknown = Object.entries(of.guards.consentUnknown).some(([name, allowed]) => name === purpose && allowed);
  if (purpose !== 'service' && (said === 'withdrawn' || (said === 'unknown' && !unknown))) refusals.push('consent');
  if (isSuppressed(known, channel)) refusals.push('suppression');
  if (verb === 'ask' && complains(known)) refusals.push('openComplaint');
  return refusals;
}

function reachRefusals(of: Case, known: Known, action: NaiveAction, at: number): GuardName[] {
  const refusals: GuardName[] = [];
  const sends = sendsOf(known);
  const full = of.guards.caps.some((cap) => {
    const concerns = (send: { channel: string; purpose: string }): boolean =>
      send.channel !== 'task' &&
      (cap.channel === undefined || send.channel === cap.channel) &&
      (cap.purpose === undefined || send.purpose === cap.purpose);
    return concerns(action) && countWithin(sends.filter(concerns), cap.within, at) >= cap.atMost;
  });
  if (full) refusals.push('cap');
  if (hasNoRoom(of, known, action, at)) refusals.push('quiet');
  return refusals;
}

function countWithin(sends: readonly NaiveSend[], within: number, at: number): number {
  return sends.filter((send) => at - send.at <= within).length;
}

/** Quiet now, or so soon that it is no opening. */
function hasNoRoom(of: Case, known: Known, action: NaiveAction, at: number): boolean {
  const zone = naiveZone(known, of.timeZone);
  const room = Math.min(ROOM_MS, actOf(of, action)?.sendWithin ?? ROOM_MS);
  const { quiet } = of.guards;
  return isNaivelyQuiet(quiet, at, zone) || quietBetween(quiet, at, at + room - 1, zone) !== null;
}

function askRefusals(of: Case, known: Known, at: number): GuardName[] {
  const { asks } = of.guards;
  const made = sendsOf(known).filter((send) => send.ask);
  const refusals: GuardName[] = [];
  if (!wasGiven(known)) refusals.push('giveFirst');
  if (at - lastBadExperience(known) <= asks.afterBadExperience) refusals.push('badExperience');
  if (owesThanks(known)) refusals.push('thanksOwed');
  if (openAsks(known, asks.answerWithin, at).length + countUntold(known, asks.answerWithin, at) > 0)
    refusals.push('openAsk');
  if (countWithin(made, asks.cooldown, at) > 0) refusals.push('cooldown');
  if (countWithin(made, asks.within, at) >= asks.atMost) refusals.push('asksInWindow');
  return refusals;
}

/**
 * Asks whose delivery is not in the timeline: not settled, as if opened at the decision; done as a person said; or one that
 * nobody spoke of again, which may have been made as late as it could.
 */
function countUntold(known: Known, answerWithin: number, at: number): number {
  const untold = ofType(known.earlier, 'ActionRequested').filter(({ decision }) => {
    const { action, verb } = decision;
    const told = known.touchpoints.some((one) => isDelivered(one) && one.properties.action === action);
    const opened = verb === 'ask' && !told ? sentAt(known, decision) : null;
    return opened !== null && at - opened <= answerWithin;
  });
  return untold.length;
}

export function actOf(of: Case, { play, step }: { play: string; step: string }): ActStep | undefined {
  const steps = of.part.plays.find((one) => one.name === play)?.steps ?? [];
  const found = allSteps(steps).find((one) => one.path === step);
  return found?.step === 'act' ? found : undefined;
}

export function allSteps(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => ('arms' in step ? [step, ...step.arms.flatMap((arm) => allSteps(arm.then))] : [step]));
}
