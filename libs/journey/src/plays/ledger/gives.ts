import type { LedgerRole, LedgerState } from '../ledger.types';

/** What a give that says thanks is called, in plays and outcomes. */
export const THANKS = 'thanks';

export function takeGive(ledger: LedgerState, give: NonNullable<LedgerRole['give']>, at: number): void {
  ledger.given += 1;
  ledger.owedToBrand += 1;
  if (ledger.given === 1) ledger.firstGiveAt = at;
  ledger.lastGiveAt = at;
  if (give !== THANKS) return;
  ledger.lastThanksAt = at;
  ledger.owed = [];
}
