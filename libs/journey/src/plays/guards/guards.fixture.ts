/** A customer and a candidate with nothing against them; each test says what it changes. */
import { DAY_MS, HOUR_MS } from '../../language/duration';
import type { Candidate, GuardFacts, GuardsDefinition } from '../guards.types';
import { emptyLedger } from '../ledger/ledger-state';
import type { LedgerFacts, LedgerState } from '../ledger.types';

/** A Wednesday, 10:00 in UTC. */
export const NOW = Date.parse('2026-07-01T10:00:00Z');

export const GUARDS_OF_TESTS: GuardsDefinition = {
  consentUnknown: { relationship: true, marketing: false },
  caps: [
    { channel: 'email', atMost: 2, within: 7 * DAY_MS },
    { purpose: 'marketing', atMost: 4, within: 30 * DAY_MS },
    { atMost: 3, within: 7 * DAY_MS },
  ],
  quiet: { from: 20 * 60, until: 8 * 60, weekdays: [1, 2, 3, 4, 5, 6] },
  asks: {
    cooldown: 30 * DAY_MS,
    atMost: 3,
    within: 180 * DAY_MS,
    answerWithin: 14 * DAY_MS,
    afterBadExperience: 30 * DAY_MS,
    prior: { rate: 0.15, weight: 4 },
  },
};

export function candidate(change: Partial<Candidate> = {}): Candidate {
  return {
    action: 'a0',
    verb: 'ask',
    what: 'review',
    channel: 'email',
    purpose: 'relationship',
    settlesOwed: false,
    priority: 0,
    order: 0,
    path: '0',
    reachedAt: NOW,
    staleAfter: 400 * DAY_MS,
    sendWithin: 4 * HOUR_MS,
    ifWithheld: undefined,
    ...change,
  };
}

/** Something was given long ago. */
export function ledger(change: Partial<LedgerState> = {}): LedgerState {
  const longAgo = NOW - 900 * DAY_MS;
  return { ...emptyLedger(), given: 1, firstGiveAt: longAgo, lastGiveAt: longAgo, ...change };
}

interface FactsChange extends Partial<Omit<GuardFacts, 'ledger'>>, Partial<Omit<LedgerFacts, 'ledger'>> {
  of?: Partial<LedgerState>;
}

export function facts({ of, pending = [], virtualThanksAt = -Infinity, ...rest }: FactsChange = {}): GuardFacts {
  return {
    ...{ at: NOW, openComplaint: false, kind: 'person', timeZone: 'UTC' },
    consent: () => 'given',
    ...rest,
    ledger: { ledger: ledger(of), pending, virtualThanksAt },
  };
}
