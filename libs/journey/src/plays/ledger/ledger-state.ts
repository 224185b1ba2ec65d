import { SERVICE_PURPOSE } from '../play';
import type { GuardsDefinition } from '../guards.types';
import type { EmptyLedger, LedgerRules } from '../ledger.types';

/** Nothing asked, nothing given. Moments that never were are -Infinity. */
export const emptyLedger: EmptyLedger = () => ({
  newestAt: -Infinity,
  newestId: '',
  asked: 0,
  answered: 0,
  declined: 0,
  unanswered: 0,
  kinds: [],
  open: [],
  contacts: [],
  given: 0,
  received: 0,
  firstGiveAt: -Infinity,
  lastGiveAt: -Infinity,
  lastThanksAt: -Infinity,
  owed: [],
  owedToBrand: 0,
  badExperienceAt: -Infinity,
  lastInboundAnswerAt: -Infinity,
  driver: null,
  driverAt: -Infinity,
  suppressions: [],
});

/** `contactsKept` is the most that all limits may look at together. */
export function ledgerRulesOf(guards: GuardsDefinition): LedgerRules {
  const { asks, caps } = guards;
  const contactsKept = caps.reduce((sum, cap) => sum + cap.atMost, Math.max(1, asks.atMost));
  return { asks, caps, contactsKept };
}

/** Tasks are done by people: they reach nobody by themselves and no cap counts them. */
export const TASK_CHANNEL = 'task';
/** Employees are reached by plays of this purpose and by service; nobody else is reached by it. */
export const EMPLOYEE_PURPOSE = 'employees';
export const NEEDS_NO_CONSENT: string = SERVICE_PURPOSE;
