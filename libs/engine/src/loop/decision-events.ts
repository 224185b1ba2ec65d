/** Decisions as events of `journey-<pp>`: their bytes and their ids. */
import { hash } from 'node:crypto';
import type { NewEvent } from '@rapport/event-store';
import type { Decision } from '@rapport/journey';
import { decisionJson } from './decision-json';

export const DECISION_SCHEMA_VERSION = 1;
const ID_BYTES = 16;

/** Node's native string writer, which skips the argument juggling of Buffer.write. */
interface TextBuffer extends Buffer {
  utf8Write(text: string, offset: number): number;
}

/** Where the bytes of the decision at hand are made; grows to the largest. */
let scratch = allocate(16 * 1024);
/** And its id. */
const id = new Uint8Array(ID_BYTES);
/** UTF-8 takes at most this many bytes for a UTF-16 unit. */
const BYTES_PER_UNIT_MAX = 3;

/**
 * The event of a decision. Its id is derived from its cause, its customer and its bytes: the same decision gets the same id
 * wherever and whenever it is decided, and other bytes can never land under a known id. `id` and `data` are good until the next call.
 */
export function decisionEvent(customerId: string, decision: Decision, cause: Uint8Array): NewEvent {
  const text = decisionJson(decision);
  const name = `${decision.type}|${customerId}|`;
  const room = ID_BYTES + (name.length + text.length) * BYTES_PER_UNIT_MAX;
  if (room > scratch.length) scratch = allocate(room * 2);
  scratch.set(cause, 0);
  const start = ID_BYTES + scratch.utf8Write(name, ID_BYTES);
  const end = start + scratch.utf8Write(text, start);
  digestInto(id, scratch.subarray(0, end));
  return {
    id,
    type: decision.type,
    schemaVersion: DECISION_SCHEMA_VERSION,
    occurredAt: decision.at,
    subject: customerId,
    causationId: cause,
    data: scratch.subarray(start, end),
  };
}

/** As text and back: a buffer of its own for each digest costs more than the digest. */
function digestInto(target: Uint8Array, bytes: Uint8Array): void {
  const digest = hash('sha256', bytes, 'binary');
  for (let i = 0; i < target.length; i++) target[i] = digest.charCodeAt(i);
}

function allocate(bytes: number): TextBuffer {
  return Buffer.allocUnsafeSlow(bytes) as TextBuffer;
}
