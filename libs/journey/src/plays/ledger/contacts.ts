/** What the brand sent, newest first: as many as caps and limits may still look at. */
import type { Cap } from '../guards.types';
import type { Contact, LedgerRules, LedgerState } from '../ledger.types';
import type { ChannelName } from '../play';
import { TASK_CHANNEL } from './ledger-state';

/** A purpose that is not known counts by channel and in total. Tasks charge no cap. */
export function countsFor(cap: Cap, channel: ChannelName, purpose: string): boolean {
  if (channel === TASK_CHANNEL) return false;
  return (
    (cap.channel === undefined || cap.channel === channel) && (cap.purpose === undefined || cap.purpose === purpose)
  );
}

export function addContact(ledger: LedgerState, rules: LedgerRules, contact: Contact): void {
  ledger.contacts.unshift(contact);
  forget(ledger.contacts, rules);
}

/** Keeps the newest `atMost` of each cap, and of the asks. */
function forget(contacts: Contact[], { caps, asks }: LedgerRules): void {
  const left = caps.map((cap) => cap.atMost);
  let asksLeft = Math.max(1, asks.atMost);
  let kept = 0;
  for (const one of contacts) {
    let counts = one.ask && asksLeft > 0;
    if (counts) asksLeft -= 1;
    for (let i = 0; i < caps.length; i++) {
      if (left[i]! === 0 || !countsFor(caps[i]!, one.channel, one.purpose)) continue;
      left[i]! -= 1;
      counts = true;
    }
    if (counts) contacts[kept++] = one;
  }
  contacts.length = kept;
}
