import type { LogReader } from '@rapport/event-store';
import type { EngineReader } from '@rapport/read-models';
import type { Definitions } from './definitions';

/** What a core reads from, and which partitions it folds. */
export interface EngineCoreOptions {
  reader: EngineReader;
  log: LogReader;
  definitions: Definitions;
  partitions: number;
  hashKey: number;
  /** Absent = all partitions in the order of the log. Else this one alone, its streams each in their own order. */
  own?: number;
  /** Customers kept in memory; default CACHED_CUSTOMERS_MAX. */
  cachedCustomersMax?: number;
  /** Bytes of one append of decisions; default DECISION_REQUEST_BYTES_MAX. */
  decisionBytesMax?: number;
}
