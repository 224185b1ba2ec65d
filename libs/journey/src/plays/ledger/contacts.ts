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
  ledger.contacts = stillLookedAt([contact, ...ledger.contacts], rules);
}

/** The newest `atMost` of each cap, and of the asks. */
function stillLookedAt(contacts: readonly Contact[], rules: LedgerRules): Contact[] {
  const kept = new Set<Contact>();
  for (const cap of rules.caps) {
    keepNewest(contacts, cap.atMost, kept, (one) => countsFor(cap, one.channel, one.purpose));
  }
  keepNewest(contacts, Math.max(1, rules.asks.atMost), kept, (one) => one.ask);
  return contacts.filter((one) => kept.has(one));
}

function keepNewest(
  contacts: readonly Contact[],
  atMost: number,
  kept: Set<Contact>,
  counts: (contact: Contact) => boolean,
): void {
  let left = atMost;
  for (const contact of contacts) {
    if (left === 0) return;
    if (!counts(contact)) continue;
    kept.add(contact);
    left -= 1;
  }
}
