/**
 * Plays after parsing: defaults filled in, durations in ms, templates and teams resolved to names that exist. The document's
 * own shape is explained in docs/plays.md. Everything here is data; what it means at run time is in saga/.
 */
import type { CustomerKind } from '../language/catalogue/profile';
import type { Condition, Engagement, Fault, Selector, ValueTest } from '../definition';
import type { GuardsDefinition } from './guards.types';

/** What a customer may love a brand for; learned from answers (`properties.driver`) or set by a step. */
export const DRIVERS = ['coolness', 'unique offer', 'shared values', 'community', 'human touch'] as const;
export type Driver = (typeof DRIVERS)[number];

/** What a play may use beside the conditions of stages. */
export type PlayCondition =
  | { fact: 'stage'; oneOf: string[] }
  | { fact: 'openComplaint'; is: boolean }
  | { fact: 'driver'; oneOf: Driver[] }
  | { fact: 'kind'; oneOf: CustomerKind[] }
  /** A trait of the profile that is not personal (locale, timeZone, tags), or one that a step set. A list passes where one member does. */
  | { fact: 'trait'; trait: string; test: ValueTest }
  /** Whether an enrolment of that play is live. */
  | { fact: 'enrolled'; play: string; is: boolean }
  /** Whether a deed of the customer still waits for thanks. */
  | { fact: 'owed'; is: boolean }
  | { fact: 'consent'; purpose: string; channel: string; is: ConsentSaidAs };
export type ConsentSaidAs = 'given' | 'withdrawn' | 'unknown';

export type PlayRule = Condition | PlayCondition | { all: PlayRule[] } | { any: PlayRule[] } | { not: PlayRule };

/** 0 = Sunday ... 6 = Saturday. */
export type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6;
/** A local time of day in minutes after midnight, 0 to 1,439. */
export type MinuteOfDay = number;

export type Trigger =
  /** At least one of the two; live changes only, never joining ones. */
  | { on: 'stage'; entered?: string[]; left?: string[] }
  /** Live, inbound or outbound, never an outcome of an action. */
  | { on: 'touchpoint'; of: Selector }
  | { on: 'engagement'; to: Engagement[]; from?: Engagement[] }
  /** The newest value of a date property (ISO text or ms). `offset` ms after it; negative = before. */
  | { on: 'date'; of: Selector; property: string; offset: number }
  /** Everybody of whom `who` holds, each at a moment of their own within `spread` ms after the run. Runs at `at` on `weekdays` in the definition's zone. */
  | { on: 'audience'; at: MinuteOfDay; weekdays: Weekday[]; spread: number }
  /** By hand only. Every other play may be entered by hand too. */
  | { on: 'manual' };

/** How often one customer may enter, counted from entry. */
export type Again = { every: number } | 'never' | 'always';

export type Verb = 'give' | 'ask' | 'tell' | 'task';
/** Registered names: webhook, email, task, survey, chat, log. A `by` of a document must be one of them. */
export type ChannelName = string;
export type IfWithheld = 'wait' | 'skip' | 'exit';

interface StepPlace {
  /** Indexes from the play's own list down, `2.0.1` = step 1 in arm 0 of step 2. Names the step in decisions and ids. */
  path: string;
}

export interface ActStep extends StepPlace {
  step: 'act';
  verb: Verb;
  /** What is given, asked, told or to be done: `thanks`, `reference`. For asks, the kind that answers are matched by. */
  what: string;
  by: ChannelName;
  /** Absent for a task without a text. */
  template?: string;
  team?: string;
  /** Business time of the team, ms. */
  sla?: number;
  escalateTo?: string;
  /** Absent = by the guard that withheld: guards of time wait, the others skip. */
  ifWithheld?: IfWithheld;
  /** A deferred action is withheld for good this long after its step was reached. */
  staleAfter: number;
  /** A request must be carried out within this; quiet hours may shorten it. */
  sendWithin: number;
}
/** Ends `ms` after it was reached. */
export interface WaitStep extends StepPlace {
  step: 'wait';
  ms: number;
}
/** Goes on when such a touchpoint comes that occurred after the step was reached, at the latest after `atMost` ms. */
export interface WaitForStep extends StepPlace {
  step: 'waitFor';
  of: Selector;
  atMost: number;
}
/** The next such moment in the customer's zone (unknown: the definition's). At least one of the two. */
export interface WaitUntilStep extends StepPlace {
  step: 'waitUntil';
  time?: MinuteOfDay;
  weekdays?: Weekday[];
}
export interface BranchStep extends StepPlace {
  step: 'branch';
  /** The first whose `if` holds. Absent `if` = else, the last one only. None = goes on behind the branch. */
  arms: { if?: PlayRule; then: Step[] }[];
}
export interface SplitStep extends StepPlace {
  step: 'split';
  /** Whole per cent, 100 together. */
  arms: { name: string; share: number; then: Step[] }[];
}
export interface SetStep extends StepPlace {
  step: 'set';
  trait: string;
  value: string | null;
}
export interface EndStep extends StepPlace {
  step: 'end';
}
export type Step = ActStep | WaitStep | WaitForStep | WaitUntilStep | BranchStep | SplitStep | SetStep | EndStep;

export interface Goal {
  of: Selector;
  within: number;
}

export interface Play {
  name: string;
  why: string;
  /** The team that its tasks go to where a step names none. */
  owner: string;
  /** `service` needs no consent and has no holdout. */
  purpose: string;
  trigger: Trigger;
  who?: PlayRule;
  again: Again;
  /** 0 to 1. */
  holdout: number;
  /** Part of the hash that assigns holdout and splits; the name unless the document says otherwise. */
  salt: string;
  /** Greater goes first at one instant; 0 unless the document says otherwise. */
  priority: number;
  steps: Step[];
  goal?: Goal;
  exit?: PlayRule;
  /** Who is under way moves to a new version at the same step; else they stay with the one they entered. */
  migrate: boolean;
}

export interface Team {
  name: string;
  /** IANA; absent = the definition's. */
  timeZone?: string;
  hours: { weekdays: Weekday[]; from: MinuteOfDay; until: MinuteOfDay };
  /** Whom its tasks are announced to: a destination name of the server's configuration, never an address. */
  notify?: string;
  claimFor: number;
}

/** LiquidJS sources. `text` is what every channel can fall back to. */
export interface Template {
  name: string;
  subject?: string;
  text: string;
  html?: string;
}

export const SERVICE_PURPOSE = 'service';

/** What a definition says about plays. */
export interface PlaysPart {
  plays: Play[];
  guards: GuardsDefinition;
  teams: Team[];
  templates: Template[];
}

/** Worth telling, not refused: an ask without a give before it. */
export type PlayWarning = Fault;

/** Which of the two a step is: whether it may act outside. */
export function isAct(step: Step): step is ActStep {
  return step.step === 'act';
}
