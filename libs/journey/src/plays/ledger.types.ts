/**
 * The ask / give ledger of one customer. It is a fold of the customer's touchpoints in the order (occurredAt, touchpointId),
 * outcomes of actions among them, and nothing else: so it can be folded again from the timeline, and comes out the same however
 * late something came. What is requested and not settled stands beside it, in the open actions.
 */
import type { FoldedTouchpoint } from '../touchpoint';
import type { AskLimits, Cap, GuardFacts, GuardsDefinition } from './guards.types';
import type { Askable } from './ledger/askable';
import type { ChannelName, Driver, Verb } from './play';

export interface OpenAsk {
  /** Absent for an ask that no play made. */
  action?: string;
  kind: string;
  openedAt: number;
  /** campaignId, offerId, surveyId, referralId ... of the ask: an answer that names one answers that ask. '' = none. */
  reference: string;
}

/** Something the brand sent: for caps, cooldown and asks in a window. */
export interface Contact {
  at: number;
  channel: ChannelName;
  /** '' = not known (other tools sent it): counts by channel and in total. */
  purpose: string;
  ask: boolean;
}

export interface KindCount {
  kind: string;
  asked: number;
  answered: number;
  declined: number;
}

export interface Suppression {
  /** '*' = every channel. */
  channel: ChannelName;
  reason: 'bounced' | 'spam' | 'unsubscribed' | 'address' | 'erased';
  at: number;
}

export interface LedgerState {
  /** Of the newest touchpoint folded in: an earlier one means folding again. */
  newestAt: number;
  newestId: string;
  asked: number;
  answered: number;
  declined: number;
  /** Asks that were let go unanswered. Those still open are in `open`, whether or not their time is over. */
  unanswered: number;
  kinds: KindCount[];
  open: OpenAsk[];
  /** Newest first; as many as the caps and limits of the definition may look at. */
  contacts: Contact[];
  /** Gifts, help and thanks that the brand gave, and deeds, praise and answers that the customer gave. */
  given: number;
  received: number;
  firstGiveAt: number;
  lastGiveAt: number;
  lastThanksAt: number;
  /** Deeds after the last thanks, newest first, at most OWED_DEEDS_KEPT: those after `virtualThanksAt` too are owed thanks. */
  owed: { at: number; touchpointId: string }[];
  /** Gives after the customer's last praise or deed: what the customer may feel to owe. */
  owedToBrand: number;
  badExperienceAt: number;
  lastInboundAnswerAt: number;
  driver: Driver | null;
  driverAt: number;
  suppressions: Suppression[];
}

/** Unsettled requests: each counts as if it were sent now. */
export interface PendingContact {
  action: string;
  channel: ChannelName;
  purpose: string;
  verb: Verb;
}

/** What guards and queries read: the ledger, what is pending, and virtual thanks of the holdout. */
export interface LedgerFacts {
  ledger: LedgerState;
  pending: readonly PendingContact[];
  /** Moment of the newest thanks that a held-out customer would have been given; -Infinity = none. */
  virtualThanksAt: number;
}

/** What a type means for the ledger, found once for each type. */
export interface LedgerRole {
  /** What the touchpoint does to the ledger; an outcome says it by its own properties. */
  ask: string | null;
  answers: string | null;
  declines: string | null;
  give: 'gift' | 'thanks' | 'help' | null;
  deed: boolean;
  praise: boolean;
  contact: boolean;
  /** Complaint, detractor, late or failed delivery. The score is looked at. */
  bad: boolean;
  suppresses: Suppression['reason'] | null;
  lifts: boolean;
  outcome: boolean;
}

export interface LedgerRules {
  asks: AskLimits;
  caps: readonly Cap[];
  /** Contacts to keep: the newest n of each cap. */
  contactsKept: number;
}

/** Null = the type is none of the ledger's business; asked once for each type. */
export type LedgerRoleOf = (type: string, meanings: readonly string[]) => LedgerRole | null;
export type EmptyLedger = () => LedgerState;
/** False = older than what is folded: nothing changed, fold again from the timeline. Works in place. */
export type FoldLedger = (
  rules: LedgerRules,
  ledger: LedgerState,
  touchpoint: FoldedTouchpoint,
  role: LedgerRole,
) => boolean;
/** From all touchpoints, in any order. */
export type RefoldLedger = (
  rules: LedgerRules,
  touchpoints: readonly FoldedTouchpoint[],
  roleOf: (type: string) => LedgerRole | null,
) => LedgerState;

export interface NextAsk {
  kind: string;
  /** Shrunk answer rate of this kind and, with less weight, of all asks. */
  rate: number;
  /** Null = only another touchpoint can tell. */
  eligibleAt: number | null;
  /** Reasons why not at once, in the order of the guards. Empty = now. */
  whyNot: { reason: string; until: number | null }[];
}

export interface LedgerView {
  asked: number;
  answered: number;
  declined: number;
  unanswered: number;
  open: OpenAsk[];
  given: number;
  received: number;
  thanksOwedByBrand: number;
  thanksOwedByCustomer: number;
  /** (answered + weight x rate) / (answered + declined + unanswered + weight), by the prior of the definition. */
  answerRate: number;
  prior: AskLimits['prior'];
  driver: Driver | null;
  /** Best first. */
  next: NextAsk[];
}

/** At `facts.at`. Needs no PlayState: `facts.ledger` may come from refoldLedger over the timeline. */
export type LedgerViewOf = (guards: GuardsDefinition, askables: readonly Askable[], facts: GuardFacts) => LedgerView;
