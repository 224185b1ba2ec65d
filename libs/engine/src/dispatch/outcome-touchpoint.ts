/** The outcome of an action as a touchpoint (decisions/0014). Equal outcomes give equal touchpoints and equal events. */
import { hash } from 'node:crypto';
import {
  type ActionOutcome,
  OUTCOME_TYPE_PREFIX,
  type Properties,
  RAPPORT_SOURCE,
  type Touchpoint,
} from '@rapport/journey';
import type { ActionEnded } from './action-events';
import type { KeptRequest } from './open-action';

const EVENT_ID_BYTES = 16;

export function outcomeOfEnd(customerId: string, request: KeptRequest, ended: ActionEnded): ActionOutcome {
  const { action, channel, verb, what, purpose, play } = request;
  const { result, at, attempts, reason, sandbox, answer } = ended;
  const outcome: ActionOutcome = { action, customerId, result, at, channel, verb, what, purpose, play, attempts };
  if (reason !== undefined) outcome.reason = reason;
  if (sandbox !== undefined) outcome.sandbox = sandbox;
  if (answer !== undefined) outcome.answer = answer;
  return outcome;
}

/** Its id is `<action>-<result>`: sent again it is a repeat, never a conflict. */
export function outcomeTouchpoint(outcome: ActionOutcome): Touchpoint {
  const { action, verb, what, purpose, play, attempts, reason, sandbox, answer } = outcome;
  const properties: Properties = { action, verb, what, purpose, play, attempts };
  if (reason !== undefined) properties.reason = reason;
  if (sandbox !== undefined) properties.sandbox = sandbox;
  if (answer !== undefined) properties.answer = answer;
  return {
    touchpointId: `${action}-${outcome.result}`,
    customerId: outcome.customerId,
    type: OUTCOME_TYPE_PREFIX + outcome.result,
    channel: outcome.channel,
    direction: 'outbound',
    occurredAt: outcome.at,
    source: RAPPORT_SOURCE,
    properties,
    history: false,
  };
}

/** Derived, so that the same outcome is the same event wherever it is made. */
export function outcomeEventId(outcome: ActionOutcome): Uint8Array {
  return hash('sha256', `outcome|${outcome.customerId}|${outcome.action}|${outcome.result}`, 'buffer').subarray(
    0,
    EVENT_ID_BYTES,
  );
}
