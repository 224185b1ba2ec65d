/** Decisions as events of `journey-<pp>`: their bytes and their ids. */
import { hash } from 'node:crypto';
import type { NewEvent } from '@rapport/event-store';
import type { Decision } from '@rapport/journey';
import { decisionJson } from './decision-json';

export const DECISION_SCHEMA_VERSION = 1;
const ID_BYTES = 16;

/** Where the bytes of the decision at hand are made; grows to the largest. */
let scratch = Buffer.allocUnsafeSlow(16 * 1024);
/** UTF-8 takes at most this many bytes for a UTF-16 unit. */
const BYTES_PER_UNIT_MAX = 3;

/**
 * The event of a decision. Its id is derived from its cause, its customer and its bytes: the same decision gets the same id
 * wherever and whenever it is decided, and other bytes can never land under a known id. `data` is good until the next call.
 */
export function decisionEvent(customerId: string, decision: Decision, cause: Uint8Array): NewEvent {
  const text = decisionJson(decision);
  const name = `${decision.type}|${customerId}|`;
  const room = ID_BYTES + (name.length + text.length) * BYTES_PER_UNIT_MAX;
  if (room > scratch.length) scratch = Buffer.allocUnsafeSlow(room * 2);
  scratch.set(cause, 0);
  const start = ID_BYTES + scratch.write(name, ID_BYTES);
  const end = start + scratch.write(text, start);
  return {
    id: hash('sha256', scratch.subarray(0, end), 'buffer').subarray(0, ID_BYTES),
    type: decision.type,
    schemaVersion: DECISION_SCHEMA_VERSION,
    occurredAt: decision.at,
    subject: customerId,
    causationId: cause,
    data: scratch.subarray(start, end),
  };
}
