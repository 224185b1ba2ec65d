/**
 * What plays remember of one customer: null for most. Bounded: one live enrolment and one memory for each play, OPEN_ACTIONS_MAX
 * actions, lists of the ledger with their own bounds. It is part of the JourneyState and encoded behind it.
 */
import type { ActionResult } from './play-inputs';
import type { LedgerState } from './ledger.types';
import type { ChannelName, Verb } from './play';

export type EnrolmentPhase =
  /** Stands at a wait, a waitFor or a waitUntil; `until` is its timer. */
  | 'waiting'
  /** Its waitFor ended by history: goes on with the next live input or timer. `until` stays as the latest. */
  | 'ready'
  /** An act step is deferred: `until` is the one timer of its deferral. */
  | 'deferred'
  /** Its action is requested and not settled. */
  | 'acting'
  /** Steps are over; only the goal is awaited. `until` = goalUntil. */
  | 'watching';

export interface Enrolment {
  play: string;
  /** Definition version whose steps it follows. */
  version: number;
  /** 1, 2, ... for each customer and play, held out or not. */
  enrolment: number;
  held: boolean;
  /** The first entry of this customer into this play: the one that the comparison with the holdout looks at. */
  first: boolean;
  enteredAt: number;
  /** touchpointId of the trigger, never its own goal; '' = another trigger. */
  triggerId: string;
  phase: EnrolmentPhase;
  /** Path of the step it stands at; '' while watching. */
  step: string;
  /** When that step was reached: staleAfter and waitFor count from here. */
  stepAt: number;
  /** Infinity = no timer of its own. */
  until: number;
  /** Requests made by this step so far. */
  round: number;
  /** Why it is deferred, to say so once for each change; '' = it is not. */
  withheld: string;
  /** Infinity = no goal, or converted. */
  goalUntil: number;
  /** When its exit rule may come to hold by time alone. */
  exitDue: number;
}

export type ActionPhase =
  | 'requested'
  | 'inDoubt'
  /** Gave up; can be retried. */
  | 'dead'
  /** Nobody said what became of it: keeps its place in caps, at `requestedAt`, until somebody does. */
  | 'silent'
  /** A person said it was done, at `requestedAt`: counts as delivered until the outcome itself comes. */
  | 'told';

export interface TaskState {
  team: string;
  claimedBy: string;
  /** Infinity = not claimed. */
  claimedUntil: number;
  /** Infinity = no SLA, or escalated. */
  slaDue: number;
  escalated: boolean;
  /** Whether its outcome has come: the ledger has it. */
  queued: boolean;
}

/**
 * Outlives its enrolment where that exits first: it may be on its way, so it counts until its outcome comes or its time is over.
 */
export interface OpenAction {
  /** ACTION_ID_CHARACTERS hex digits; also the idempotency key outside. */
  action: string;
  play: string;
  enrolment: number;
  version: number;
  step: string;
  verb: Verb;
  what: string;
  channel: ChannelName;
  purpose: string;
  phase: ActionPhase;
  requestedAt: number;
  notBefore: number;
  sendBefore: number;
  /** When the engine stops waiting for an outcome; Infinity for tasks. */
  until: number;
  task: TaskState | null;
}

export interface PlayMemory {
  play: string;
  /** Entries so far, virtual ones too. */
  entries: number;
  lastEnteredAt: number;
}

/** The newest value of a date trigger, and whether its moment has passed (fired, withheld or history). */
export interface PlayDate {
  play: string;
  /** Moment that the property names. */
  date: number;
  saidAt: number;
  saidBy: string;
  done: boolean;
}

export interface PlayTrait {
  trait: string;
  value: string | null;
  at: number;
}

/** An audience run picked this customer: enters then, if `who` still holds. */
export interface ScheduledEntry {
  play: string;
  run: number;
  at: number;
}

export interface PlayState {
  /** Earliest timer of anything below; Infinity = none. Derived, never encoded. */
  due: number;
  enrolments: Enrolment[];
  actions: OpenAction[];
  memories: PlayMemory[];
  dates: PlayDate[];
  traits: PlayTrait[];
  scheduled: ScheduledEntry[];
  virtualThanksAt: number;
  ledger: LedgerState | null;
}

/** What settles an open action: the outcome's result, or what the engine says where none came. */
export type SettledResult = ActionResult | 'silent' | 'answeredElsewhere' | 'stopped';

/** Hex digits: SHA-256 of [customerId, play, enrolment, step, round], cut. */
export const ACTION_ID_CHARACTERS = 32;
