/**
 * Decisions of plays. Like all decisions they stand in `journey-<pp>` with the customer as subject; `data` is the JSON of the
 * decision without `type`, its keys in the order in which they are declared here. Absent keys are left out. Moments are ms.
 * The event's id is derived from its cause, the customer and these bytes (decisions/0013).
 */
import type { ConditionEvidence } from '../decision';
import type { WithheldReason } from './guards.types';
import type { ChannelName, Verb } from './play';
import type { CommandName, OutcomeReason, RefusedBecause } from './play-inputs';
import type { SettledResult } from './play-state';

/**
 * What set it off. An audience is a timer of its play: `due` is the moment of the run, or the customer's own within its spread, and the
 * trigger of the entry names the run.
 */
export type PlayCause =
  | { kind: 'touchpoint'; touchpointId: string }
  | { kind: 'retry'; touchpointId: string }
  | { kind: 'timer'; due: number }
  | { kind: 'command'; commandId: string; by: string }
  | { kind: 'settling' }
  | { kind: 'definition'; version: number };

/** Why a play was entered. */
export type EntryTrigger =
  | { on: 'stage'; from: string | null; to: string }
  | { on: 'engagement'; from: string | null; to: string }
  | { on: 'touchpoint'; touchpointId: string; type: string; occurredAt: number }
  | { on: 'date'; property: string; date: number; touchpointId: string }
  | { on: 'audience'; run: number }
  | { on: 'command'; commandId: string; by: string };

interface OfPlay {
  play: string;
  enrolment: number;
  /** Of the steps that the enrolment follows. */
  playVersion: number;
  at: number;
}

export interface PlayEntered extends OfPlay {
  type: 'PlayEntered';
  trigger: EntryTrigger;
  /** Held out: nobody acts, everything else goes on. */
  held: boolean;
  /** First entry of this customer into this play. */
  first: boolean;
  goalUntil?: number;
  /** The conditions of `who`. */
  evidence: ConditionEvidence[];
  cause: PlayCause;
}

/** A trigger that held and was not followed, because the play was paused or there was no room. */
export interface EntryWithheld {
  type: 'EntryWithheld';
  play: string;
  at: number;
  reason: 'paused' | 'full';
  trigger: EntryTrigger;
  cause: PlayCause;
}

/** A step that does not act was done: which way it went. Waits say so when they end. */
export interface PlayStepped extends OfPlay {
  type: 'PlayStepped';
  step: string;
  kind: 'wait' | 'waitFor' | 'waitUntil' | 'branch' | 'split' | 'set' | 'end';
  /** waitFor: the touchpoint, or `timeout`. branch: place of the arm, or `none`. split: name of the arm. set: the value. */
  took: string;
  /** branch: the conditions that were asked, up to the one that held. */
  evidence?: ConditionEvidence[];
  cause: PlayCause;
}

export interface PlayWaiting extends OfPlay {
  type: 'PlayWaiting';
  step: string;
  kind: 'wait' | 'waitFor' | 'waitUntil';
  until: number;
  /** The selector of a waitFor in canonical words. */
  for?: string;
  cause: PlayCause;
}

export interface ActionRequested extends OfPlay {
  type: 'ActionRequested';
  step: string;
  /** 0, and one more each time that the step asks again. */
  round: number;
  action: string;
  verb: Verb;
  what: string;
  channel: ChannelName;
  purpose: string;
  template?: string;
  team?: string;
  slaDue?: number;
  escalateTo?: string;
  /** No attempt starts outside these, both included. */
  notBefore: number;
  sendBefore: number;
  /** One for each guard that was asked, each with its value. */
  evidence: ConditionEvidence[];
  /** Guards of time that a command passed over, and why. */
  override?: { by: string; reason: string };
  cause: PlayCause;
}

/** Once for each change of reason. */
export interface ActionWithheld extends OfPlay {
  type: 'ActionWithheld';
  step: string;
  /** The id that the request would have had. */
  action: string;
  verb: Verb;
  what: string;
  channel: ChannelName;
  reason: WithheldReason;
  /** The earliest moment at which it could act; null = only another input can tell, or never. */
  until: number | null;
  /** True = the step is over: skipped, or the play left by `exit`. */
  final: boolean;
  then: 'wait' | 'skip' | 'exit';
  /** The action that went first. */
  winner?: string;
  evidence: ConditionEvidence[];
  cause: PlayCause;
}

export interface ActionSettled extends OfPlay {
  type: 'ActionSettled';
  step: string;
  action: string;
  result: SettledResult;
  /** True time of the effect, where there was one. */
  sentAt?: number;
  /** Caps and ledger got it back. */
  refunded: boolean;
  reason?: OutcomeReason;
  cause: PlayCause;
}

/** Sent, no answer: it waits for its channel's policy or a human. */
export interface ActionInDoubt extends OfPlay {
  type: 'ActionInDoubt';
  step: string;
  action: string;
  cause: PlayCause;
}

export interface TaskChanged extends OfPlay {
  type: 'TaskChanged';
  action: string;
  change: 'claimed' | 'claimExpired' | 'givenBack' | 'reassigned' | 'escalated' | 'finished';
  team: string;
  /** Who has it now; absent = nobody. */
  assignee?: string;
  claimedUntil?: number;
  outcome?: string;
  cause: PlayCause;
}

export interface PlayConverted extends OfPlay {
  type: 'PlayConverted';
  held: boolean;
  first: boolean;
  touchpointId: string;
  occurredAt: number;
  /** ms from entry to the touchpoint. */
  after: number;
  cause: PlayCause;
}

export type ExitReason =
  | 'completed'
  | 'converted'
  | 'exitRule'
  | 'stopped'
  | 'withheld'
  /** Its version is more than PLAY_VERSIONS_KEPT behind, or a migration found no such step. */
  | 'retired'
  /** The goal's time is over: follows a `completed`, and only where there is a goal. */
  | 'goalMissed';

export interface PlayExited extends OfPlay {
  type: 'PlayExited';
  reason: ExitReason;
  step: string;
  /** exitRule: its conditions. */
  evidence?: ConditionEvidence[];
  detail?: string;
  cause: PlayCause;
}

/** `migrate` of a new version: goes on at the same step. */
export interface PlayMigrated extends OfPlay {
  type: 'PlayMigrated';
  fromVersion: number;
  step: string;
  cause: PlayCause;
}

export interface CommandRefused {
  type: 'CommandRefused';
  commandId: string;
  command: CommandName;
  at: number;
  because: RefusedBecause;
  /** In words, with a mend. */
  detail: string;
}

export type PlayDecision =
  | PlayEntered
  | EntryWithheld
  | PlayStepped
  | PlayWaiting
  | ActionRequested
  | ActionWithheld
  | ActionSettled
  | ActionInDoubt
  | TaskChanged
  | PlayConverted
  | PlayExited
  | PlayMigrated
  | CommandRefused;
