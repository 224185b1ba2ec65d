import { THANKS } from '../ledger/gives';
import type { ActStep } from '../play';
import { actionIdOf } from '../action-id';
import type { Compiled, StepKind } from './step-kind';
import type { Enrolment } from '../play-state';
import type { Instant } from '../saga/instant';

/** Wants to act now: the guards are asked with all others of this instant. Who is held out only leaves a word. */
export const actStep: StepKind<ActStep> = {
  enter(instant, enrolment, _play, compiled) {
    if (enrolment.held) return passBy(instant, enrolment, compiled);
    enrolment.phase = 'deferred';
    enrolment.until = instant.at;
    return null;
  },
  explain({ verb, what, by, team }) {
    return `${verb} ${what} by ${by}${team === undefined ? '' : `, team ${team}`}`;
  },
};

/** What it would have been given settles the thanks owed, so that other plays are not blocked; it is no give. */
function passBy(instant: Instant, enrolment: Enrolment, { step, next }: Compiled<ActStep>): string {
  const { verb, what, by, path } = step;
  if (verb === 'give' && what === THANKS) {
    instant.plays.virtualThanksAt = instant.at;
    instant.news = true;
  }
  instant.say({
    type: 'ActionWithheld',
    play: enrolment.play,
    enrolment: enrolment.enrolment,
    playVersion: enrolment.version,
    at: instant.at,
    step: path,
    action: actionIdOf(instant.facts.customerId, enrolment.play, enrolment.enrolment, path, 0),
    verb,
    what,
    channel: by,
    reason: 'holdout',
    until: null,
    final: true,
    then: 'skip',
    evidence: [],
    cause: instant.cause,
  });
  return next;
}
