/** What goes to the store at one time. */
import type { Touchpoint } from '@rapport/journey';
import type { SentTouchpoint } from './mapping/compile-mapping';

/** As many as POST /v1/touchpoints takes. */
export const BATCH_TOUCHPOINTS_MAX = 1_000;
/** Batches that are under way at one time: the log commits all that wait together, so a few keep it busy. */
export const BATCHES_IN_FLIGHT_MAX = 8;

export interface BatchItem {
  line: number;
  raw: string;
  sent: SentTouchpoint;
  touchpoint: Touchpoint;
}

export interface BatchAnswer {
  /** Of the last event that the batch became; 0 where nothing was accepted. */
  position: number;
  /** Items that the store refused although they looked well. */
  rejected: { index: number; reason: string }[];
}

/** Resolves when the good items are on disk. Waits and tries again where the store is busy, up to a bound of its own. */
export type SendBatch = (items: readonly BatchItem[]) => Promise<BatchAnswer>;
