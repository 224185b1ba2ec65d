/**
 * Rows of plays: folds of the decisions and of `actions-<pp>`, written in the same flush as customers and changes. Moments are ms.
 */

/** Key (no, play, enrolment). */
export interface EnrolmentRow {
  no: number;
  customerId: string;
  play: string;
  enrolment: number;
  playVersion: number;
  held: boolean;
  first: boolean;
  enteredAt: number;
  phase: 'waiting' | 'deferred' | 'acting' | 'watching' | 'ended';
  step: string;
  /** Of the wait or deferral; null = none. */
  until: number | null;
  /** Reason of the last withholding that stands; '' = none. */
  withheld: string;
  convertedAt: number | null;
  exitedAt: number | null;
  exitReason: string;
  /** Log position of the last decision about it. */
  position: number;
}

export type ActionRowState =
  'requested' | 'inDoubt' | 'delivered' | 'failed' | 'expired' | 'withdrawn' | 'silent' | 'stopped';

/** Key action. */
export interface ActionRow {
  action: string;
  no: number;
  customerId: string;
  play: string;
  enrolment: number;
  step: string;
  verb: string;
  what: string;
  channel: string;
  purpose: string;
  state: ActionRowState;
  requestedAt: number;
  notBefore: number;
  sendBefore: number;
  settledAt: number | null;
  reason: string;
  /** Of actions-<pp>: attempts started, the last one's result, when the next may start. */
  attempts: number;
  lastResult: string;
  nextAttemptAt: number | null;
  team: string;
  assignee: string;
  claimedUntil: number | null;
  slaDue: number | null;
  escalated: boolean;
  /** Position of its ActionRequested: its place in lists. */
  position: number;
}

/** Absolute count of one cell: play x held x what happened (`entered`, `converted`, `exited:<reason>`, `withheld:<reason>`, `waiting`). */
export interface PlayCounterRow {
  partition: number;
  play: string;
  held: boolean;
  what: string;
  customers: number;
}

/** First entries and how many of them converted, for the comparison with the holdout. */
export interface PlayOutcomeRow {
  partition: number;
  play: string;
  held: boolean;
  first: number;
  converted: number;
}

export type PlayOp =
  | { op: 'enrolment'; row: EnrolmentRow }
  | { op: 'action'; row: ActionRow }
  /** The last one that stands of a customer and play: what why-not shows first. JSON of the decision. */
  | { op: 'withheld'; no: number; play: string; position: number; decision: string };

/** What a Flush holds of plays; absent = none. */
export interface PlayFlush {
  ops: PlayOp[];
  counters: PlayCounterRow[];
  outcomes: PlayOutcomeRow[];
}

export interface ActionFilter {
  states?: ActionRowState[];
  channels?: string[];
  plays?: string[];
  customerId?: string;
  /** Tasks only. */
  team?: string;
  assignee?: string;
}

/** Beside ReadModelQueries. Lists are by position; `after` is the position of the last row seen. */
export interface PlayQueries {
  enrolments(
    filter: { no?: number; play?: string; phase?: string },
    after: number | undefined,
    limit: number,
  ): EnrolmentRow[];
  actions(filter: ActionFilter, after: number | undefined, limit: number): ActionRow[];
  action(action: string): ActionRow | null;
  withheld(no: number): { play: string; position: number; decision: string }[];
  playCounters(): PlayCounterRow[];
  playOutcomes(): PlayOutcomeRow[];
}

/** Beside EngineReader: customers of a partition by id, for an audience run. Lazy. */
export interface AudienceReader {
  customersAfter(partition: number, after: string): Iterable<string>;
}
