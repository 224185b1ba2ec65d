/** Shares of asks that were answered, shrunk by a Beta prior: one answer of one ask is no certainty. */
import type { AskLimits } from '../guards.types';
import type { LedgerRules, LedgerState } from '../ledger.types';
import { countedKind, isAskOpen } from './asks';

type Prior = AskLimits['prior'];

export interface AnswerCounts {
  answered: number;
  /** Answered, declined, or let go. */
  closed: number;
}

export function shrunkRate({ answered, closed }: AnswerCounts, { rate, weight }: Prior): number {
  return closed + weight === 0 ? rate : (answered + weight * rate) / (closed + weight);
}

/** All asks; those whose time is over at `at` were let go. */
export function countsAt(ledger: LedgerState, rules: Pick<LedgerRules, 'asks'>, at: number): AnswerCounts {
  const open = ledger.open.filter((ask) => isAskOpen(ask, rules, at)).length;
  return { answered: ledger.answered, closed: ledger.asked - open };
}

/** A kind is shrunk towards the customer's own rate: what is known of all asks says most of a kind that was never asked. */
export function kindRate(ledger: LedgerState, asks: AskLimits, kind: string, at: number): number {
  const own = shrunkRate(countsAt(ledger, { asks }, at), asks.prior);
  const count = countedKind(ledger, kind);
  if (count === undefined) return own;
  const open = ledger.open.filter(
    (ask) => isAskOpen(ask, { asks }, at) && countedKind(ledger, ask.kind) === count,
  ).length;
  return shrunkRate({ answered: count.answered, closed: count.asked - open }, { rate: own, weight: asks.prior.weight });
}
