import type { ProposedEvent } from '../wire/envelope';

/** What an append (a deletion, a tombstone) expects of the stream. */
export type Expectation = 'any' | 'noStream' | 'streamExists' | { revision: number };

export interface AppendCall {
  stream: string;
  expected: Expectation;
  events: ProposedEvent[];
}

export type AppendOutcome =
  /** Of the last event; `position` is absent where nothing was asked to be stored. */
  | { kind: 'success'; revision: number; position?: number }
  /** `actual` -1 = there is no stream. */
  | { kind: 'wrongExpectedVersion'; expected: Expectation; actual: number }
  | { kind: 'streamDeleted' }
  | { kind: 'accessDenied'; why: string }
  | { kind: 'tooLarge' }
  | { kind: 'badRequest'; why: string }
  /** Nothing was stored: too late, or too much was waiting. */
  | { kind: 'timeout' }
  | { kind: 'notReady'; why: string };

/** One append: data, metadata and twice the letters of the types, over all of its events. */
export const APPEND_BYTES_MAX = 1_048_576;
/** The store's frames hold the length of a name in 16 bits. */
export const STREAM_NAME_BYTES_MAX = 60_000;
