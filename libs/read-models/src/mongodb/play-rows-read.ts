/** Rows of plays from their documents, their fields in the order of the port. */
import type { ActionRow, EnrolmentRow } from '../play-rows';
import type { ActionDoc, EnrolmentDoc } from './documents';

export function toEnrolment(doc: EnrolmentDoc): EnrolmentRow {
  return {
    no: doc.no,
    play: doc.play,
    enrolment: doc.enrolment,
    playVersion: doc.playVersion,
    held: doc.held,
    first: doc.first,
    enteredAt: doc.enteredAt,
    phase: doc.phase,
    step: doc.step,
    until: doc.until,
    withheld: doc.withheld,
    goalUntil: doc.goalUntil,
    convertedAt: doc.convertedAt,
    exitedAt: doc.exitedAt,
    exitReason: doc.exitReason,
    position: doc.position,
    customerId: doc.customerId,
  };
}

export function toAction(doc: ActionDoc): ActionRow {
  return {
    action: doc.action,
    no: doc.no,
    customerId: doc.customerId,
    play: doc.play,
    enrolment: doc.enrolment,
    step: doc.step,
    verb: doc.verb,
    what: doc.what,
    channel: doc.channel,
    purpose: doc.purpose,
    state: doc.state,
    requestedAt: doc.requestedAt,
    notBefore: doc.notBefore,
    sendBefore: doc.sendBefore,
    settledAt: doc.settledAt,
    reason: doc.reason,
    attempts: doc.attempts,
    lastResult: doc.lastResult,
    nextAttemptAt: doc.nextAttemptAt,
    team: doc.team,
    assignee: doc.assignee,
    claimedUntil: doc.claimedUntil,
    slaDue: doc.slaDue,
    escalated: doc.escalated,
    position: doc.position,
    events: doc.events,
  };
}
