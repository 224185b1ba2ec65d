/** What the events of `actions-<pp>` say of an action's row. They decide nothing. */
import type { ActionSet, AttemptOp } from '@rapport/read-models';
import {
  ACTION_EVENT,
  type ActionEnded,
  type ActionRendered,
  type AttemptEnded,
  type AttemptStarted,
} from '../dispatch/action-events';

/** Null for events that no row shows. */
export function attemptOp(type: string, data: string, position: number): AttemptOp | null {
  const said = attemptSet(type, data);
  return said && { ...said, position };
}

function attemptSet(type: string, data: string): { action: string; set: ActionSet } | null {
  switch (type) {
    case ACTION_EVENT.attemptStarted: {
      const { action, attempt } = JSON.parse(data) as AttemptStarted;
      return { action, set: { attempts: attempt, nextAttemptAt: null } };
    }
    case ACTION_EVENT.attemptEnded: {
      const { action, result, nextAt } = JSON.parse(data) as AttemptEnded;
      return { action, set: { lastResult: result, nextAttemptAt: nextAt ?? null } };
    }
    case ACTION_EVENT.actionEnded: {
      const { action, attempts } = JSON.parse(data) as ActionEnded;
      return { action, set: { attempts, nextAttemptAt: null } };
    }
    case ACTION_EVENT.actionRendered: {
      const { action } = JSON.parse(data) as ActionRendered;
      return { action, set: {} };
    }
    default:
      return null;
  }
}
