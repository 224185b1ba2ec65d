/** Rolling windows include both their ends: what was sent exactly `within` ago still counts. */
import type { CountedSend, GuardQuestion, GuardVerdict } from './guard';

/** Whether `last` is still within `within` of `at`. -Infinity = never was. */
export function within(last: number, span: number, at: number, value: number | null): GuardVerdict {
  return last + span >= at ? { holds: false, value, until: last + span + 1 } : { holds: true, value };
}

/**
 * Whether one more fits at `at`, of at most `atMost` in any window of `span`. `sends` newest first; it fits as soon as the
 * `atMost`-th newest has left the window.
 */
export function room(sends: readonly number[], atMost: number, span: number, at: number): GuardVerdict {
  let value = 0;
  for (const sent of sends) if (sent + span >= at) value += 1;
  if (value < atMost) return { holds: true, value };
  const leaves = sends[atMost - 1];
  return { holds: false, value, until: leaves === undefined ? null : leaves + span + 1 };
}

const NONE: readonly number[] = [];

/** Moments of all sends that count, pending ones too; newest first. */
export function sendsOf({ facts, pending }: GuardQuestion, counts: (send: CountedSend) => boolean): readonly number[] {
  const { contacts } = facts.ledger.ledger;
  if (contacts.length + pending.length === 0) return NONE;
  const moments: number[] = [];
  for (const send of pending) if (counts(send)) moments.push(send.at);
  for (const contact of contacts) if (counts(contact)) moments.push(contact.at);
  return pending.length === 0 ? moments : moments.sort((a, b) => b - a);
}

export function momentOrNull(moment: number): number | null {
  return moment === -Infinity ? null : moment;
}
