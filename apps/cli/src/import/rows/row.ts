/** What a reader makes of one record of a file. */
import type { JsonValue } from '@rapport/journey';

export interface Row {
  /** Number of the record's first line in the file, from 1. */
  line: number;
  /** The record as it stands in the file. */
  raw: string;
  /** Cells in the order of the columns; of NDJSON the members that the mapping names, undefined where absent. */
  cells: readonly (JsonValue | undefined)[];
  /** NDJSON: the whole object. */
  object?: { [name: string]: JsonValue };
  /** Why the record cannot be read. `cells` is empty then. */
  fault?: string;
}

/** A record longer than this is a file of another kind, or a quote that nobody closed. */
export const RECORD_CHARACTERS_MAX = 1024 * 1024;
/** How many lines a quoted record may span. */
export const RECORD_LINES_MAX = 1_000;
/** How much of a bad record goes to the error file. */
export const RAW_CHARACTERS_KEPT_MAX = 10_000;
