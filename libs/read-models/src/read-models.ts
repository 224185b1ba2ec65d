/**
 * The port of the read models: folds of the log and nothing else, written behind by one writer, read by many.
 * Moments are ms since the epoch. A customer's `no` is the log position of its first input: unique, dense enough to key
 * rows by, and the same in every rebuild.
 */
import type { PlayFlush, PlayQueries } from './play-rows';

/** The current view of one customer: what lists show. */
export interface CustomerSummary {
  no: number;
  customerId: string;
  partition: number;
  /** Null until a stage is known (only unsettled history so far). */
  stage: string | null;
  stageSince: number | null;
  engagement: string | null;
  engagementSince: number | null;
  kind: string;
  /** Greatest occurredAt of the customer's touchpoints, and the channel of that one. */
  lastTouchpointAt: number;
  lastChannel: string;
  touchpoints: number;
  /** Earliest moment at which time alone may change an answer. */
  due: number | null;
  /** True while history waits for its settling. */
  unsettled: boolean;
  definitionVersion: number;
}

/** The current view with the engine's own packed state beside it. Blobs are the engine's business. */
export interface CustomerRow extends CustomerSummary {
  state: Uint8Array;
  /** Newest part of the customer's list of touchpoints. */
  tail: Uint8Array;
}

/** A full, never again changed part of a customer's list of touchpoints. */
export interface TimelineChunk {
  no: number;
  chunk: number;
  bytes: Uint8Array;
}

export interface ProfileRow {
  no: number;
  customerId: string;
  /** JSON; personal traits and the others apart, so that the first can be erased. */
  traits: string;
  personal: string;
}

export type Axis = 'stage' | 'engagement';

/** A change of stage or engagement in force. Its id is `position`, or `position-part` inside a settled chain. */
export interface ChangeRow {
  position: number;
  part: number;
  no: number;
  customerId: string;
  axis: Axis;
  from: string | null;
  to: string;
  at: number;
  recordedAt: number;
  definitionVersion: number;
  /** True for changes of a settled chain and for joining changes. */
  history: boolean;
  /** True for what the next chain of this customer supersedes: the chain, and the joining change where it went live. */
  chain: boolean;
}

export type ChangeOp =
  | { op: 'add'; row: ChangeRow }
  /** Removes every row with chain = true of the customer, both axes. */
  | { op: 'dropChain'; no: number }
  /** The first live change of an axis, seen again in the light of a newer chain. Hidden rows are not in force. */
  | { op: 'amend'; no: number; axis: Axis; position: number; from: string | null; hidden: boolean };

export interface ParkedRow {
  /** Position of the parked input; its key. */
  position: number;
  no: number;
  customerId: string;
  touchpointId: string;
  reason: string;
  detail: string;
  parkedAt: number;
}
export type ParkedOp = { op: 'add'; row: ParkedRow } | { op: 'remove'; position: number };

/** Absolute count of one cell. A customer without a stage yet counts under stage '' and engagement ''. */
export interface CounterRow {
  partition: number;
  stage: string;
  engagement: string;
  customers: number;
}

export interface Checkpoint {
  /** Every event up to here is folded in. */
  position: number;
  recordedAt: number;
  /** JSON of the engine: revisions, definition and clock of each partition. */
  engine: string;
}

/** Rows that may be made while they are read: a writer reads them once, before its call returns, and keeps none of its own. */
export interface CustomerRows extends Iterable<CustomerRow> {
  readonly length: number;
}

/** What one flush writes, in one transaction, checkpoint included. Counters are absolute. */
export interface Flush {
  checkpoint: Checkpoint;
  customers: CustomerRows;
  chunks: TimelineChunk[];
  profiles: ProfileRow[];
  changes: ChangeOp[];
  parked: ParkedOp[];
  counters: CounterRow[];
  /** Absent = nothing was decided about plays. */
  plays?: PlayFlush;
}

export abstract class ReadModelWriter {
  /** Resolves when the flush can be read. Flushes are written in the order of the calls. */
  abstract write(flush: Flush): Promise<void>;
  abstract close(): Promise<void>;
}

/** What the engine reads back. Synchronous on the embedded store; the engine's driver awaits where a store cannot. */
export interface EngineReader {
  checkpoint(): Checkpoint | null;
  /** Known ones only, in any order. */
  load(customerIds: string[]): CustomerRow[];
  profile(no: number): ProfileRow | null;
  chunks(no: number): Uint8Array[];
  counters(): CounterRow[];
  /** In the order (due, customerId): those with due <= until. Lazy. */
  due(partition: number, until: number): Iterable<{ customerId: string; due: number }>;
  earliestDue(partition: number): number | null;
  /** In the order of customerId, those after `after`. Lazy. */
  unsettled(partition: number, after: string): Iterable<string>;
  /** Same, those whose definitionVersion is below `version`. Lazy. */
  behind(partition: number, version: number, after: string): Iterable<string>;
  unsettledCount(): number;
  /** Every customer id, in any order. Lazy. */
  customerIds(): Iterable<string>;
  close(): void;
}

// ---- what screens and the API ask ------------------------------------------------------------------------------

export interface CustomerFilter {
  stages?: string[];
  engagements?: string[];
  kinds?: string[];
  channels?: string[];
  /** stageSince bounds, both included. */
  sinceFrom?: number;
  sinceTo?: number;
  /** lastTouchpointAt bounds, both included. */
  lastFrom?: number;
  lastTo?: number;
  unsettled?: boolean;
}
export type CustomerSort = 'since' | 'lastTouchpoint' | 'id';

export interface CustomerPage {
  items: CustomerSummary[];
  /** Key to go on after; absent = no more. */
  next?: PageKey;
}
/** The sort value and the customer id of the last row of a page. Rows of equal value are in the order of `no`. */
export interface PageKey {
  value: number | string | null;
  customerId: string;
}

/** Counts by anything but stage and engagement are exact up to here. */
export const COUNT_MAX = 10_000;

export interface CustomerCount {
  customers: number;
  /** False = at least that many (the count stopped at COUNT_MAX). */
  exact: boolean;
}

export interface ChangeFilter {
  axis: Axis;
  /** By `to` / `from`. */
  to?: string[];
  from?: string[];
  customerId?: string;
  history?: boolean;
  /** Bounds of `at`: from included, until excluded. */
  atFrom?: number;
  atUntil?: number;
}
export interface ChangeKey {
  position: number;
  part: number;
}

export interface StageFlow {
  stage: string;
  opening: number;
  in: number;
  out: number;
  closing: number;
}

/** People who stood on a stage at a moment, by `no`. A page may be short; it is the last one only without `next`. */
export interface StandingPage {
  items: { no: number; customerId: string; since: number }[];
  next?: number;
}

export abstract class ReadModelQueries {
  /** The position that every answer of the same snapshot is true for. */
  abstract checkpoint(): Checkpoint | null;
  /** Runs `ask` on one consistent snapshot. */
  abstract snapshot<T>(ask: () => T): T;
  abstract customers(
    filter: CustomerFilter,
    sort: CustomerSort,
    descending: boolean,
    after: PageKey | undefined,
    limit: number,
  ): CustomerPage;
  abstract count(filter: CustomerFilter): CustomerCount;
  abstract customer(customerId: string): CustomerRow | null;
  abstract profile(no: number): ProfileRow | null;
  abstract chunks(no: number): Uint8Array[];
  /** In force, by (position, part) ascending. */
  abstract changes(filter: ChangeFilter, after: ChangeKey | undefined, limit: number): ChangeRow[];
  /** In force of one customer and axis, in the order (at, position, part): each starts where the one before it ended. */
  abstract changesOf(no: number, axis: Axis): ChangeRow[];
  /** Per stage for [from, until), by the date of the change: opening + in - out = closing. */
  abstract stageReport(from: number, until: number): StageFlow[];
  /** Who stood on `stage` just before the moment `before`, by the changes in force; those with `no` above `after`. */
  abstract standing(stage: string, before: number, after: number, limit: number): StandingPage;
  abstract counters(): CounterRow[];
  abstract unsettledCount(): number;
  abstract parked(after: number, limit: number): ParkedRow[];
  abstract parkedCount(): number;
  abstract readonly plays: PlayQueries;
  /** Canonical dump: one line for each row of each model, in a fixed order, checkpoint's times left out. */
  abstract dump(): Iterable<string>;
  abstract close(): void;
}
