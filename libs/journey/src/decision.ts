/** Decisions: facts that the engine itself produces. Moments are ms since the epoch. */
import type { Engagement } from './definition';
import type { PlayDecision } from './plays/play-decisions';

/** A touchpoint named as evidence. */
export interface EvidenceTouchpoint {
  touchpointId: string;
  occurredAt: number;
}

/** What one condition said at the moment of the decision. */
export interface ConditionEvidence {
  /** Where it stands in the definition: `loyal.enter.all.0`. */
  path: string;
  /** The condition in canonical words: `count purchase at least 1`. */
  condition: string;
  holds: boolean;
  /** The measured value: a count, days, a sum, ms (since, tenure), a share, the last value, or the engagement; null = nothing there. */
  value: number | string | boolean | null;
  /** True where the state keeps only as many moments as the rule needs, so that the true value may be greater. */
  atLeast?: true;
  /** The touchpoints that the value stands on, newest last, at most EVIDENCE_TOUCHPOINTS_MAX. */
  touchpoints: EvidenceTouchpoint[];
}

export interface Evidence {
  definition: string;
  definitionVersion: number;
  /** `loyal.enter`, `loyal.keep`, `engagement`, ... : the rule that decided. */
  rule: string;
  /** The moment at which the rule was evaluated. */
  at: number;
  conditions: ConditionEvidence[];
}

/** What set a decision off. */
export type Cause =
  | { kind: 'touchpoint'; touchpointId: string }
  | { kind: 'timer'; due: number }
  | { kind: 'definition'; version: number }
  | { kind: 'settling' }
  | { kind: 'retry'; touchpointId: string };

export interface StageChanged {
  type: 'StageChanged';
  from: string | null;
  to: string;
  at: number;
  definitionVersion: number;
  evidence: Evidence;
  cause: Cause;
  /** True on the two joining changes of a settling. */
  history: boolean;
  /** `wentLive`: it belongs where the customer went live, before the first live change. `settling`: it stands like a live change. */
  joining?: 'wentLive' | 'settling';
}

export interface EngagementChanged {
  type: 'EngagementChanged';
  from: Engagement | null;
  to: Engagement;
  at: number;
  definitionVersion: number;
  evidence: Evidence;
  cause: Cause;
  history: boolean;
  joining?: 'wentLive' | 'settling';
}

/** One change of a settled chain. */
export interface ChainChange {
  axis: 'stage' | 'engagement';
  from: string | null;
  to: string;
  at: number;
  definitionVersion: number;
  evidence: Evidence;
}

/**
 * The chain of changes that a customer's history amounts to. Supersedes every earlier one of the customer once its last
 * part is in the log. `wentLiveAt` null = the customer has no live input yet.
 */
export interface HistoryRestated {
  type: 'HistoryRestated';
  at: number;
  part: number;
  parts: number;
  wentLiveAt: number | null;
  changes: ChainChange[];
  cause: Cause;
}

/** The input could not be folded; the customer's later inputs go on. Undone only by a retry. */
export interface InputParked {
  type: 'InputParked';
  touchpointId: string;
  at: number;
  reason: 'conflict' | 'unreadable' | 'failed';
  detail: string;
}

export type Decision = StageChanged | EngagementChanged | HistoryRestated | InputParked | PlayDecision;
