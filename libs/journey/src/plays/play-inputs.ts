/**
 * What reaches plays from outside, all in `touchpoints-<pp>`: outcomes of actions (touchpoints of reserved types), commands for
 * one customer, and control events for the partition. A replay reads them and decides the same again.
 */
import type { Touchpoint } from '../touchpoint';
import type { ChannelName } from './play';

// ---- outcomes: TouchpointRecorded, direction outbound, source RAPPORT_SOURCE ----------------------------------------

/** Types that only Rapport itself writes: ingest refuses them from anybody else. */
export const OUTCOME_TYPE_PREFIX = 'action.';
export const RAPPORT_SOURCE = 'rapport';

/** `action.<result>` is the touchpoint's type. */
export const ACTION_RESULTS = ['delivered', 'failed', 'expired', 'withdrawn', 'in-doubt'] as const;
export type ActionResult = (typeof ACTION_RESULTS)[number];

/** Why a request was not carried out, or gave up. */
export type OutcomeReason =
  | 'sendBefore'
  | 'consentWithdrawn'
  | 'suppressedAddress'
  | 'noAddress'
  | 'erased'
  | 'refused'
  | 'attemptsUsedUp'
  | 'templateFailed'
  | 'resolvedByHand';

export interface ActionOutcome {
  action: string;
  customerId: string;
  result: ActionResult;
  /** When the effect happened (delivered) or this was found out. */
  at: number;
  channel: ChannelName;
  /** Copied from the request, so that the ledger folds from touchpoints alone. */
  verb: string;
  what: string;
  purpose: string;
  play: string;
  attempts: number;
  reason?: OutcomeReason;
  /** Delivered to the sandbox, not to the customer. Counts all the same. */
  sandbox?: true;
  /** Of a task that asks: its outcome closes the ask at once. */
  answer?: TaskAnswer;
}

export type TaskAnswer = 'answered' | 'declined';

/**
 * The outcome as a touchpoint: touchpointId `<action>-<result>`, so that it counts once however often it is sent. Equal
 * outcomes give equal touchpoints: what is sent again after a crash is a repeat, never a conflict.
 */
export type OutcomeTouchpoint = (outcome: ActionOutcome) => Touchpoint;

// ---- commands: one event type, subject = customer --------------------------------------------------------------------

export const PLAY_COMMANDED = 'PlayCommanded';

interface Commanded {
  /** Of the caller, or random: names the command in CommandRefused. At most 64 characters. */
  commandId: string;
  /** Who asked; shown in the timeline and in decisions. */
  by: string;
}

/** `data` of a PlayCommanded event. */
export type PlayCommand = Commanded &
  (
    | {
        command: 'enrol';
        play: string;
        /** Overrides `again`, `who` and the holdout; never a guard. */ override?: boolean;
      }
    | { command: 'stop'; play: string; reason: string }
    | { command: 'claim'; action: string; /** ms; the team's claimFor if absent. */ for?: number }
    | { command: 'giveBack'; action: string }
    | { command: 'reassign'; action: string; team?: string; to?: string }
    /** `outcome`: answered and declined settle the ask at once; done opens it; impossible counts as not delivered. */
    | { command: 'finish'; action: string; outcome: 'done' | 'answered' | 'declined' | 'impossible'; note?: string }
    /** A dead letter or one in doubt, through the guards again; `override` needs a `reason` and passes the guards of time. */
    | { command: 'retry'; action: string; override?: boolean; reason?: string }
    /** A human says what became of an action in doubt. */
    | { command: 'resolve'; action: string; delivered: boolean; at: number; reason: string }
  );

export type CommandName = PlayCommand['command'];

/** Why the fold refused a command: the loser of a race gets this, and its caller a 409. */
export type RefusedBecause =
  | 'unknownPlay'
  | 'unknownAction'
  | 'alreadyEnrolled'
  | 'notEnrolled'
  | 'notAgain'
  | 'notWho'
  | 'paused'
  | 'full'
  | 'claimedByOther'
  | 'notClaimed'
  | 'settled'
  | 'notInDoubt'
  | 'notDead'
  | 'reasonMissing'
  | 'unknownTeam';

// ---- control events: no subject ---------------------------------------------------------------------------------------

export const PLAY_CONTROL = {
  /** {play, by}: from its stamp on, triggers are recorded as withheld. */
  playPaused: 'PlayPaused',
  playResumed: 'PlayResumed',
  /** {channel, by}: read by the dispatcher; decides nothing. */
  channelPaused: 'ChannelPaused',
  channelResumed: 'ChannelResumed',
  /** AudienceDue */
  audienceDue: 'AudienceDue',
} as const;

export interface PlayPaused {
  play: string;
  by: string;
}

export interface ChannelPaused {
  channel: ChannelName;
  by: string;
}

/** Treats `cap` customers after `after` in the order of customerId; others follow (decisions/0004). */
export interface AudienceDue {
  play: string;
  /** The scheduled moment; names the run. */
  run: number;
  cap: number;
  continues?: number;
  after?: string;
}

/** A stretch in which a play was paused: `from` <= moment < `until`, and for timers, which fire first at a moment, `from` < moment <= `until`. */
export interface PlayPause {
  play: string;
  from: number;
  /** Infinity = still. */
  until: number;
}
