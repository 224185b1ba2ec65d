/** What would have been asked of a household if each mailing had been a proposal to the guards. */
import {
  CATALOGUE,
  checkGuards,
  compareCandidates,
  ledgerRoleOf,
  ledgerRulesOf,
  refoldLedger,
  type Candidate,
  type FoldedTouchpoint,
  type GuardFacts,
  type GuardsDefinition,
  type LedgerState,
} from '@rapport/journey';
import { offerRedeemed, offerSent, thanksSent, type Household } from './complete-journey';

const HOUR_MS = 3_600_000;
/** Proposals are made on the morning of the first day. */
const PROPOSED_AT_MS = 9 * HOUR_MS;
/** 84.51 is in Cincinnati. */
const ZONE = 'America/New_York';

export interface Answered {
  campaign: string;
  at: number;
  answeredAt: number | null;
}

export interface Withheld {
  campaign: string;
  at: number;
  reason: string;
  until: number | null;
}

export interface Proposals {
  asked: Answered[];
  /** Each refusal, deferred or for good. */
  withheld: Withheld[];
  /** Proposals that were let go: nothing could be asked before the campaign's end. */
  letGo: string[];
}

interface Waiting {
  candidate: Candidate;
  due: number;
}

/** A household's proposals in the order of time. Its first basket is thanked for: that is the give before any ask. */
export function propose(guards: GuardsDefinition, household: Household): Proposals {
  const found: Proposals = { asked: [], withheld: [], letGo: [] };
  let waiting = household.mailings.map(({ campaign, start, end }, order): Waiting => {
    const reachedAt = start + PROPOSED_AT_MS;
    return { candidate: candidateOf(campaign, reachedAt, end - start, order), due: reachedAt };
  });
  while (waiting.length > 0) {
    const now = Math.min(...waiting.map((one) => one.due));
    const due = waiting.filter((one) => one.due === now);
    waiting = waiting.filter((one) => one.due > now);
    for (const deferred of atOnce(guards, household, found, due, now)) waiting.push(deferred);
  }
  return found;
}

function atOnce(
  guards: GuardsDefinition,
  household: Household,
  found: Proposals,
  due: Waiting[],
  at: number,
): Waiting[] {
  const facts: GuardFacts = {
    ...{ at, openComplaint: false, kind: 'person', timeZone: ZONE },
    ...{ ledger: { ledger: ledgerAt(guards, household, found, at), pending: [], virtualThanksAt: -Infinity } },
    consent: () => 'unknown',
  };
  const taken: Candidate[] = [];
  const deferred: Waiting[] = [];
  for (const { candidate } of due.sort((a, b) => compareCandidates(a.candidate, b.candidate))) {
    const answer = checkGuards(guards, candidate, facts, taken);
    if (answer.pass) {
      taken.push(candidate);
      found.asked.push(asked(household, candidate.action, at));
      continue;
    }
    found.withheld.push({ campaign: candidate.action, at, reason: answer.reason, until: answer.until });
    if (answer.until === null) found.letGo.push(candidate.action);
    else deferred.push({ candidate, due: answer.until });
  }
  return deferred;
}

/** What was really redeemed of the campaign from then on is the answer. */
function asked({ redemptions }: Household, campaign: string, at: number): Answered {
  const answer = redemptions.find((one) => one.campaign === campaign && one.at >= at);
  return { campaign, at, answeredAt: answer?.at ?? null };
}

function ledgerAt(guards: GuardsDefinition, household: Household, { asked }: Proposals, at: number): LedgerState {
  const touchpoints: FoldedTouchpoint[] = asked.map((ask) => offerSent(ask.campaign, ask.at));
  asked.forEach(({ campaign, answeredAt }, i) => {
    if (answeredAt !== null) touchpoints.push(offerRedeemed(campaign, answeredAt, i));
  });
  const first = household.baskets[0];
  if (first !== undefined) touchpoints.push(thanksSent(first.at));
  const known = touchpoints.filter((one) => one.occurredAt <= at);
  return refoldLedger(ledgerRulesOf(guards), known, (type) => ledgerRoleOf(type, CATALOGUE.meanings(type)));
}

function candidateOf(campaign: string, reachedAt: number, staleAfter: number, order: number): Candidate {
  return {
    ...{ action: campaign, verb: 'ask', what: 'offer', channel: 'mail', purpose: 'marketing', settlesOwed: false },
    ...{ priority: 0, order, path: '0', reachedAt, staleAfter, sendWithin: 4 * HOUR_MS, ifWithheld: undefined },
  };
}
