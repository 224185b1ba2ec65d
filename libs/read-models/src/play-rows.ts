/**
 * Rows of plays: folds of the decisions and of `actions-<pp>`, written in the same flush as customers and changes. Moments are ms.
 */

export type EnrolmentRowPhase = 'waiting' | 'deferred' | 'acting' | 'watching' | 'ended';

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
  phase: EnrolmentRowPhase;
  step: string;
  /** Of the wait or deferral; null = none. */
  until: number | null;
  /** Reason of the last withholding that stands; '' = none. */
  withheld: string;
  /** null = the play has no goal. */
  goalUntil: number | null;
  /** When the touchpoint that met the goal occurred. */
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
  /** Positions of its events in `actions-<pp>`: few, for attempts are bounded. */
  events: number[];
}

/**
 * How often something happened, for each play and arm: `entered`, `converted`, `exited:<reason>`, `withheld:<reason>`. `under way`
 * goes down again. `first` and `first converted` are what the comparison with the holdout looks at.
 */
export interface PlayCounterRow {
  play: string;
  held: boolean;
  what: string;
  count: number;
}

/** Something that was decided about an enrolment that is in the rows already, or in the same flush before. */
export interface EnrolmentChange {
  position: number;
  set?: Partial<Pick<EnrolmentRow, 'phase' | 'step' | 'until' | 'withheld' | 'playVersion'>>;
  /** When the touchpoint that met the goal occurred. */
  convertedAt?: number;
  exit?: { at: number; reason: string };
  /** Counted as `withheld:<reason>`. */
  withheld?: string;
}

export type ActionSet = Partial<
  Pick<
    ActionRow,
    | 'state'
    | 'settledAt'
    | 'reason'
    | 'attempts'
    | 'lastResult'
    | 'nextAttemptAt'
    | 'team'
    | 'assignee'
    | 'claimedUntil'
    | 'slaDue'
    | 'escalated'
  >
>;

/** In the order of the decisions, those of one enrolment or action put together. */
export type PlayOp =
  | { op: 'entered'; row: EnrolmentRow }
  | { op: 'enrolment'; no: number; play: string; enrolment: number; changes: EnrolmentChange[] }
  | { op: 'requested'; row: ActionRow }
  | { op: 'action'; action: string; set: ActionSet }
  /** The last one of a customer and play, which why-not shows first: where the log holds the decision. */
  | { op: 'withheld'; no: number; play: string; position: number };

/** An event of `actions-<pp>`. */
export interface AttemptOp {
  action: string;
  position: number;
  set: ActionSet;
}

/** What a Flush holds of plays. */
export interface PlayFlush {
  ops: PlayOp[];
  /** Of `actions-<pp>`: written after the ops, whose actions they are about. */
  attempts: AttemptOp[];
  /** Added to what is counted. */
  counts: PlayCounterRow[];
}

export interface EnrolmentFilter {
  no?: number;
  play?: string;
  phase?: string;
}

export interface ActionFilter {
  states?: string[];
  channels?: string[];
  plays?: string[];
  no?: number;
  /** Tasks only. */
  team?: string;
  assignee?: string;
}

export interface WithheldRow {
  play: string;
  /** Of the decision in the log. */
  position: number;
}

/** Lists are by position; `after` is the position of the last row seen. */
export interface PlayQueries {
  enrolments(filter: EnrolmentFilter, after: number, limit: number): EnrolmentRow[];
  actions(filter: ActionFilter, after: number, limit: number): ActionRow[];
  action(action: string): ActionRow | null;
  withheld(no: number): WithheldRow[];
  counters(): PlayCounterRow[];
}
