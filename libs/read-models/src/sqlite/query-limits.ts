/** Where a query changes its way through the indexes. The answer is the same on every way. */
export interface QueryLimits {
  /** A source of customers with at most this many entries is read whole: each costs a look-up of its row (about 2 microseconds). */
  fewEntriesMax: number;
  /** Rows looked up in the order of time in stage, and in the order of ids, before the covering index is read whole. */
  walkedRowsMax: number;
  walkedIdsMax: number;
  /** Changes within a span of time that are read whole and sorted by position. */
  fewChangesMax: number;
  /** Entries of one step that are walked in search of a span of time, before the span is read whole. */
  walkedChangesMax: number;
}

export const QUERY_LIMITS: QueryLimits = {
  fewEntriesMax: 5_000,
  walkedRowsMax: 1_000,
  walkedIdsMax: 8_000,
  fewChangesMax: 10_000,
  walkedChangesMax: 10_000,
};
