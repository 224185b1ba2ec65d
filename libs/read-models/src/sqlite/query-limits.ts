/** Where a query changes its way through the indexes. The answer is the same on every way. */
export interface QueryLimits {
  /** A source of customers with at most this many entries is read whole: each costs a look-up of its row (about 2 microseconds). */
  fewEntriesMax: number;
  /** The same within one cell (stage, engagement): where rows are looked up, and where the covering index answers alone. */
  fewInCellMax: number;
  coveredInCellMax: number;
  /** Rows of one cell looked up in the order of time in stage, and of all in the order of ids, before another way is taken. */
  walkedRowsMax: number;
  walkedIdsMax: number;
  /** Matches that are looked up and sorted by id; where there are more, they come soon enough along the ids. */
  sortedIdsMax: number;
  /** Changes within a span of time that are read whole and sorted by position. */
  fewChangesMax: number;
  /** Entries of one step that are walked in search of a span of time, before the span is read whole. */
  walkedChangesMax: number;
}

export const QUERY_LIMITS: QueryLimits = {
  fewEntriesMax: 5_000,
  fewInCellMax: 1_000,
  coveredInCellMax: 30_000,
  walkedRowsMax: 2_000,
  walkedIdsMax: 10_000,
  sortedIdsMax: 10_000,
  fewChangesMax: 10_000,
  walkedChangesMax: 10_000,
};
