/** Control events: what the engine itself writes into `touchpoints-<pp>` so that the log alone says what was decided when. */
import { PLAY_CONTROL } from '@rapport/journey';

export const EVENT = {
  touchpointRecorded: 'TouchpointRecorded',
  clockTicked: 'ClockTicked',
  definitionAdopted: 'DefinitionAdopted',
  historySettled: 'HistorySettled',
  parkedRetried: 'ParkedRetried',
  clockJudged: 'ClockJudged',
  definitionPublished: 'DefinitionPublished',
  audienceDue: PLAY_CONTROL.audienceDue,
} as const;

export interface ClockTicked {
  /** Timers due up to here fire. Never later than the event's own stamp. */
  until: number;
  cap: number;
  continues?: number;
}

export interface DefinitionAdopted {
  name: string;
  version: number;
  /** Number of the code's meaning of the rules. */
  semantics: number;
  cap: number;
  continues?: number;
  /** Customers up to this id were treated by the events before. */
  after?: string;
}

export interface HistorySettled {
  cap: number;
  /** Absent = everybody in the partition. */
  customers?: string[];
  continues?: number;
  after?: string;
}

/** Folds the parked input at `position` again, here. */
export interface ParkedRetried {
  position: number;
}

/** The verdict on a stamp that ran ahead of the clock by more than CLOCK_JUMP_TOLERANCE_MS. */
export interface ClockJudged {
  believe: boolean;
  stamp: number;
  by: 'start' | 'operator';
}

export interface DefinitionPublished {
  name: string;
  version: number;
  document: string;
  semantics: number;
}

/** Meaning of the rules in this code. Raised when the same definition would decide otherwise. */
export const SEMANTICS = 1;

/**
 * Customers that one control event treats before live touchpoints get their turn. A settling reads the timelines of its customers in one pass
 * over the log: the more customers, the more of them share a chunk.
 */
export const TICK_CAP_CUSTOMERS = 500;
export const SETTLE_CAP_CUSTOMERS = 2_000;
export const ADOPT_CAP_CUSTOMERS = 500;
export const AUDIENCE_CAP_CUSTOMERS = 500;

/** A stamp further ahead of the partition's clock than this is not believed without a verdict. */
export const CLOCK_JUMP_TOLERANCE_MS = 48 * 3_600_000;
/** An idle partition writes a tick at least this often, so that a silent weekend is no jump. */
export const CLOCK_HEARTBEAT_MS = 6 * 3_600_000;
/** History that nobody settles is settled after this long without more of it. */
export const HISTORY_QUIET_MS = 30_000;
