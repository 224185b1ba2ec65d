/** The ledger as people see it: what was asked and given, and whom to ask next for what, from when, and why not today. */
import { eligibleAt, refusalsOf } from '../guards/check-guards';
import { thanksOwed } from '../guards/thanks-owed-guard';
import type { Candidate } from '../guards.types';
import type { LedgerViewOf, NextAsk } from '../ledger.types';
import { SEND_WITHIN_DEFAULT_MS } from '../play-limits';
import { askableOfKind, type Askable } from './askable';
import { countsAt, kindRate, shrunkRate } from './answer-rate';
import { isAskOpen } from './asks';

/**
 * From the ledger alone, so that it can be shown without plays (refoldLedger over the timeline). `askables`: what the plays
 * ask for; kinds that were asked by others come behind them. Best first: by rate, then by the date.
 */
export const ledgerViewOf: LedgerViewOf = (guards, askables, facts) => {
  const { ledger } = facts.ledger;
  const { asks } = guards;
  const { asked, answered, declined } = ledger;
  const counts = countsAt(ledger, guards, facts.at);
  const known = new Set(askables.map((one) => one.kind));
  const others = ledger.kinds.filter((one) => !known.has(one.kind)).map((one) => askableOfKind(one.kind));
  const next = [...askables, ...others].map((askable): NextAsk => {
    const asks = candidateOf(askable, facts.at);
    return {
      kind: askable.kind,
      rate: kindRate(ledger, guards.asks, askable.kind, facts.at),
      eligibleAt: eligibleAt(guards, asks, facts),
      whyNot: refusalsOf(guards, asks, facts).map(({ reason, until }) => ({ reason, until })),
    };
  });
  return {
    ...{ asked, answered, declined, unanswered: counts.closed - answered - declined },
    open: ledger.open.filter((ask) => isAskOpen(ask, guards, facts.at)),
    ...{ given: ledger.given, received: ledger.received },
    thanksOwedByBrand: thanksOwed(facts.ledger),
    thanksOwedByCustomer: ledger.owedToBrand,
    answerRate: shrunkRate(counts, asks.prior),
    prior: asks.prior,
    driver: ledger.driver,
    next: bestFirst(next),
  };
};

/** Of several ways to ask for one kind, that which comes first. */
function bestFirst(all: readonly NextAsk[]): NextAsk[] {
  const soonest = new Map<string, NextAsk>();
  for (const one of all) {
    const known = soonest.get(one.kind);
    if (known === undefined || dateOf(one) < dateOf(known)) soonest.set(one.kind, one);
  }
  return [...soonest.values()].sort(compareAsks);
}

function compareAsks(a: NextAsk, b: NextAsk): number {
  if (a.rate !== b.rate) return b.rate - a.rate;
  if (dateOf(a) !== dateOf(b)) return dateOf(a) < dateOf(b) ? -1 : 1;
  return a.kind < b.kind ? -1 : Number(a.kind > b.kind);
}

function dateOf({ eligibleAt }: NextAsk): number {
  return eligibleAt ?? Infinity;
}

function candidateOf({ kind, channel, purpose }: Askable, at: number): Candidate {
  return {
    ...{ action: '', verb: 'ask', what: kind, channel, purpose, settlesOwed: false, priority: 0, order: 0, path: '0' },
    ...{ reachedAt: at, staleAfter: Infinity, sendWithin: SEND_WITHIN_DEFAULT_MS, ifWithheld: undefined },
  };
}
