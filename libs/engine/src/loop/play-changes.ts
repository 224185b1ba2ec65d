/** What each decision about an enrolment or an action changes in its row. */
import type { ActionInDoubt, ActionSettled, PlayDecision, SettledResult, TaskChanged } from '@rapport/journey';
import type { ActionRowState, ActionSet, EnrolmentChange } from '@rapport/read-models';

type OfEnrolment = Exclude<PlayDecision, { type: 'PlayEntered' | 'EntryWithheld' | 'CommandRefused' }>;

export function enrolmentChange(decision: OfEnrolment, position: number): EnrolmentChange {
  switch (decision.type) {
    case 'PlayStepped':
      return { position, set: { phase: 'waiting', step: decision.step, until: null, withheld: '' } };
    case 'PlayWaiting':
      return { position, set: { phase: 'waiting', step: decision.step, until: finite(decision.until), withheld: '' } };
    case 'ActionRequested':
      return { position, set: { phase: 'acting', step: decision.step, until: null, withheld: '' } };
    case 'ActionWithheld': {
      const { step, reason, until } = decision;
      // Withheld for good, it is over with this step; what comes next says where it stands.
      const set = decision.final ? { until: null } : { phase: 'deferred' as const, until: finite(until) };
      return { position, set: { step, withheld: reason, ...set }, withheld: reason };
    }
    case 'PlayConverted':
      return { position, convertedAt: decision.occurredAt };
    case 'PlayExited':
      return { position, exit: { at: decision.at, reason: decision.reason } };
    case 'PlayMigrated':
      return { position, set: { playVersion: decision.playVersion, step: decision.step } };
    case 'ActionSettled':
    case 'ActionInDoubt':
    case 'TaskChanged':
      return { position };
  }
}

const STATE_OF: Readonly<Record<SettledResult, ActionRowState>> = {
  delivered: 'delivered',
  failed: 'failed',
  expired: 'expired',
  withdrawn: 'withdrawn',
  'in-doubt': 'inDoubt',
  silent: 'silent',
  answeredElsewhere: 'stopped',
  stopped: 'stopped',
};

export function actionSet(decision: ActionSettled | ActionInDoubt | TaskChanged): ActionSet {
  switch (decision.type) {
    case 'ActionInDoubt':
      return { state: 'inDoubt' };
    case 'ActionSettled': {
      const { result, at, sentAt, reason } = decision;
      const why = reason ?? (result === 'answeredElsewhere' ? result : '');
      return { state: STATE_OF[result], settledAt: sentAt ?? at, reason: why, nextAttemptAt: null };
    }
    case 'TaskChanged': {
      const { team, assignee = '', claimedUntil = null, change } = decision;
      return { team, assignee, claimedUntil, ...(change === 'escalated' && { escalated: true }) };
    }
  }
}

function finite(moment: number | null): number | null {
  return moment !== null && Number.isFinite(moment) ? moment : null;
}
