/**
 * Guards: what must hold before an action is requested. They are asked in the order of GUARDS; the first that withholds names
 * the reason. Guards are always those of the newest definition, whatever version the play runs under.
 */
import type { ConditionEvidence } from '../decision';
import type { ChannelName, IfWithheld, MinuteOfDay, Verb, Weekday } from './play';
import type { LedgerFacts } from './ledger.types';

/** In this order. `holdout`, `paused`, `full` and `stale` are reasons that no guard gives. */
export const GUARDS = [
  'audience',
  'consent',
  'suppression',
  'openComplaint',
  'giveFirst',
  'badExperience',
  'thanksOwed',
  'openAsk',
  'cooldown',
  'asksInWindow',
  'cap',
  'quiet',
  'priority',
] as const;
export type GuardName = (typeof GUARDS)[number];
export type WithheldReason = GuardName | 'holdout' | 'paused' | 'full' | 'stale';

/** `time`: defers under one timer until staleAfter, then withholds for good. `state`: skips the step. */
export const GUARD_KIND: Readonly<Record<GuardName, 'time' | 'state'>> = {
  audience: 'state',
  consent: 'state',
  suppression: 'state',
  openComplaint: 'state',
  giveFirst: 'time',
  badExperience: 'time',
  thanksOwed: 'time',
  openAsk: 'time',
  cooldown: 'time',
  asksInWindow: 'time',
  cap: 'time',
  quiet: 'time',
  priority: 'time',
};

/** Both ends of `within` belong to the window: at most `atMost` sends in any of them. */
export interface Cap {
  channel?: ChannelName;
  purpose?: string;
  atMost: number;
  within: number;
}

export interface QuietHours {
  /** Nothing from `from` on, until just before `until`; may pass midnight. Equal = no quiet hours. */
  from: MinuteOfDay;
  until: MinuteOfDay;
  /** Days on which something may be sent at all; the day is that of the moment. */
  weekdays: Weekday[];
}

export interface AskLimits {
  cooldown: number;
  atMost: number;
  within: number;
  answerWithin: number;
  /** After a complaint, a detractor (survey score of 6 or less of 10), a failed or late delivery. */
  afterBadExperience: number;
  /** Beta prior of the answer rate: as if `weight` asks had been answered at `rate`. */
  prior: { rate: number; weight: number };
}

export interface GuardsDefinition {
  /** By purpose: whether who never said anything counts as having consented. A purpose that is not listed: no. */
  consentUnknown: { [purpose: string]: boolean };
  caps: Cap[];
  quiet: QuietHours;
  asks: AskLimits;
}

/** One act step that wants to act now. */
export interface Candidate {
  action: string;
  verb: Verb;
  what: string;
  channel: ChannelName;
  purpose: string;
  /** A thanks that is owed goes before everything else. */
  settlesOwed: boolean;
  priority: number;
  /** Place of the play in the document: the last word between equals, then the step's path. */
  order: number;
  path: string;
  reachedAt: number;
  staleAfter: number;
  sendWithin: number;
  ifWithheld: IfWithheld | undefined;
}

/** What the guards are told of the customer. Asked lazily: most guards need little. */
export interface GuardFacts {
  at: number;
  ledger: LedgerFacts;
  openComplaint: boolean;
  kind: string;
  /** The customer's own, or the definition's. */
  timeZone: string;
  consent(purpose: string, channel: ChannelName): 'given' | 'withdrawn' | 'unknown';
}

export type GuardAnswer =
  | { pass: true; notBefore: number; sendBefore: number; evidence: ConditionEvidence[] }
  | {
      pass: false;
      reason: GuardName;
      /** The earliest moment at which it could act; null = only another input can tell. */
      until: number | null;
      /** The action that took the place: of the same instant. */
      winner?: string;
      evidence: ConditionEvidence[];
    };

/**
 * Answers one candidate. `takenNow` are the requests made at this same instant, in order: where the refusal is due to one of
 * them, the reason is `priority` and the winner is named. Pure; allocates only where it answers.
 */
export type CheckGuards = (
  guards: GuardsDefinition,
  candidate: Candidate,
  facts: GuardFacts,
  takenNow: readonly Candidate[],
) => GuardAnswer;

/** Negative = a first: thanks owed, then gives, tells and tasks, then asks; then priority, order, path. */
export type CompareCandidates = (a: Candidate, b: Candidate) => number;

/**
 * The first moment from `at` on (itself included) that is local `time` (or any time) on one of `weekdays` in `zone`. A local
 * time that DST leaves out is the moment after the gap; one that comes twice is the first.
 */
export type NextLocal = (
  at: number,
  zone: string,
  time: MinuteOfDay | undefined,
  weekdays: readonly Weekday[],
) => number;
/** `at` itself where it is not quiet, else the end of the quiet stretch; and the start of the next one. Right through DST. */
export type OpenBetween = (quiet: QuietHours, at: number, zone: string) => { opens: number; closes: number };
/** Moment at which `ms` of business time have passed since `at`. */
export type AddBusinessTime = (
  hours: { weekdays: readonly Weekday[]; from: MinuteOfDay; until: MinuteOfDay },
  at: number,
  ms: number,
  zone: string,
) => number;
