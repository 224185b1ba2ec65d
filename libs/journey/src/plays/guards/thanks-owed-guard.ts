import type { LedgerFacts } from '../ledger.types';
import { isAsk, type Guard } from './guard';

/** Deeds that still wait: after the last thanks, and after the one that a held-out customer would have been given. */
export function thanksOwed({ ledger, virtualThanksAt }: LedgerFacts): number {
  return ledger.owed.filter((deed) => deed.at > virtualThanksAt).length;
}

export const thanksOwedGuard: Guard = {
  name: 'thanksOwed',
  concerns: isAsk,
  words: () => 'no deed waits for thanks',
  check: ({ facts }) => {
    const value = thanksOwed(facts.ledger);
    return value === 0 ? { holds: true, value } : { holds: false, value, until: null };
  },
};
