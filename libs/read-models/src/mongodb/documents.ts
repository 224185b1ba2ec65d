/**
 * Documents and the rows of the port. Every document of a customer names it in `customerId`, the shard key. `f` is the number of the flush that
 * wrote it, in its partition: a write of an older flush does not touch it.
 */
import type { ActionRow, EnrolmentRow } from '../play-rows';
import type { Axis, ChangeRow, CounterRow, CustomerRow, CustomerSummary, ParkedRow, ProfileRow } from '../read-models';
import type { PlayCounterRow } from '../play-rows';

export interface Written {
  _id: string | number;
  f: number;
  /** Set on what is left of a deleted document: the others of its fields are gone, so no query finds it. Removed after a day. */
  gone?: Date;
}
export interface OfCustomer extends Written {
  customerId: string;
}

/** Before every moment: stands for "not known" where rows are sorted by a moment. */
export const NO_MOMENT = Number.MIN_SAFE_INTEGER;
export const AXES: readonly Axis[] = ['stage', 'engagement'];

export type CustomerDoc = OfCustomer & Omit<CustomerRow, 'stageSince'> & { stageSince: number };
export type ChunkDoc = OfCustomer & { no: number; chunk: number; bytes: Uint8Array };
export type ProfileDoc = OfCustomer & ProfileRow;
export type ChangeDoc = OfCustomer & Omit<ChangeRow, 'axis'> & { axis: number; hidden: boolean };
export type ParkedDoc = OfCustomer & ParkedRow;
export type EnrolmentDoc = OfCustomer & EnrolmentRow;
export type ActionDoc = OfCustomer & ActionRow;
export type WithheldDoc = OfCustomer & { no: number; play: string; position: number };

/** Changes in force of one partition, axis and UTC day, by step. */
export interface DayDoc extends Written {
  partition: string;
  axis: number;
  day: number;
  steps: DayStep[];
}
export interface DayStep {
  from: string | null;
  to: string;
  changes: number;
}

/** How far one partition is: its checkpoint, and its counters, absolute. One document, so they never part. */
export interface ProgressDoc extends Written {
  _id: string;
  /** Of the newest owner. An older one's writes are refused. */
  token: number;
  /** UUID of the session that the owner's transactions are made with: whoever owns the partition next ends what is open. Null = it makes none. */
  session: string | null;
  /** Null = claimed, but nothing was flushed yet. */
  position: number | null;
  recordedAt: number;
  engine: string;
  counters: CounterRow[];
  plays: PlayCounterRow[];
  /** Greatest number of a customer, and position of a change, that was ever written: what is above it is new. */
  highest: { no: number; change: number };
  /** A flush that is decided on and lies in the journal, but may not be written to every collection. */
  pending: Pending | null;
}
export type Shown = Pick<ProgressDoc, 'position' | 'recordedAt' | 'engine' | 'counters' | 'plays' | 'highest'>;
export interface Pending {
  f: number;
  /** Of the owner that wrote the journal. */
  token: number;
  pieces: number;
  next: Shown;
}

export interface JournalDoc {
  _id: string;
  partition: string;
  f: number;
  writes: Uint8Array;
}

/** The partition of a store that is not cut into partitions. */
export const WHOLE = 'all';

export function progressKey(partition: number | undefined): string {
  return partition === undefined ? WHOLE : String(partition);
}

export function customerDoc(row: CustomerRow, f: number): CustomerDoc {
  return { ...row, _id: row.customerId, stageSince: row.stageSince ?? NO_MOMENT, f };
}

export function toSummary(doc: CustomerDoc): CustomerSummary {
  return {
    no: doc.no,
    customerId: doc.customerId,
    partition: doc.partition,
    stage: doc.stage,
    stageSince: doc.stageSince === NO_MOMENT ? null : doc.stageSince,
    engagement: doc.engagement,
    engagementSince: doc.engagementSince,
    kind: doc.kind,
    lastTouchpointAt: doc.lastTouchpointAt,
    lastChannel: doc.lastChannel,
    touchpoints: doc.touchpoints,
    due: doc.due,
    unsettled: doc.unsettled,
    definitionVersion: doc.definitionVersion,
  };
}

export function toCustomer(doc: CustomerDoc): CustomerRow {
  return { ...toSummary(doc), state: ownBytes(doc.state), tail: ownBytes(doc.tail) };
}

/** The driver's buffers are views into what came over the wire; a view would take all of it along to another thread. */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

export function changeId(no: number, axis: number, position: number, part: number): string {
  return `${no}|${axis}|${position}|${part}`;
}

export function changeDoc(row: ChangeRow, f: number): ChangeDoc {
  const axis = AXES.indexOf(row.axis);
  return { ...row, _id: changeId(row.no, axis, row.position, row.part), axis, hidden: false, f };
}

export function toChange(doc: ChangeDoc): ChangeRow {
  return {
    position: doc.position,
    part: doc.part,
    no: doc.no,
    customerId: doc.customerId,
    axis: AXES[doc.axis]!,
    from: doc.from,
    to: doc.to,
    at: doc.at,
    recordedAt: doc.recordedAt,
    definitionVersion: doc.definitionVersion,
    history: doc.history,
    chain: doc.chain,
  };
}

export function enrolmentId(no: number, play: string, enrolment: number): string {
  return `${no}|${play}|${enrolment}`;
}

/** Names in the order of their bytes, as the other stores have them; no name comes first. */
export function compareNames(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
