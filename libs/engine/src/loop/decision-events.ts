/** Decisions as events of `journey-<pp>`: their bytes and their ids. */
import { hash } from 'node:crypto';
import type { NewEvent } from '@rapport/event-store';
import type { Decision } from '@rapport/journey';

export const DECISION_SCHEMA_VERSION = 1;
const ID_BYTES = 16;

/** JSON of a decision without its type, keys in a fixed order. */
export function decisionData(decision: Decision): string {
  switch (decision.type) {
    case 'StageChanged':
    case 'EngagementChanged':
      return JSON.stringify({
        from: decision.from,
        to: decision.to,
        at: decision.at,
        definitionVersion: decision.definitionVersion,
        evidence: decision.evidence,
        cause: decision.cause,
        history: decision.history,
        joining: decision.joining,
      });
    case 'HistoryRestated':
      return JSON.stringify({
        at: decision.at,
        part: decision.part,
        parts: decision.parts,
        wentLiveAt: decision.wentLiveAt,
        changes: decision.changes,
        cause: decision.cause,
      });
    case 'InputParked':
      return JSON.stringify({
        touchpointId: decision.touchpointId,
        at: decision.at,
        reason: decision.reason,
        detail: decision.detail,
      });
  }
}

/** Where the bytes of the decision at hand are made; grows to the largest. */
let scratch = Buffer.allocUnsafeSlow(16 * 1024);
/** UTF-8 takes at most this many bytes for a UTF-16 unit. */
const BYTES_PER_UNIT_MAX = 3;

/**
 * The event of a decision. Its id is derived from its cause, its customer and its bytes: the same decision gets the same id
 * wherever and whenever it is decided, and other bytes can never land under a known id. `data` is good until the next call.
 */
export function decisionEvent(customerId: string, decision: Decision, cause: Uint8Array): NewEvent {
  const text = decisionData(decision);
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
