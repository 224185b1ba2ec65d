/** What goes between the log writer's thread and its clients. Flat on purpose: cloning objects costs more than committing them. */
import type { MessagePort } from 'node:worker_threads';

import type { AppendResult, Expected, Head } from '../event-store';
import type { StoreMeta } from '../log-reader';
import type { LogWriterStats } from './log-writer';
import type { StoreRefused } from './store-refused';

/** A commit group takes no further message once it holds this much. */
export const GROUP_EVENTS_MAX = 4096;
export const GROUP_BYTES_MAX = 2 * 1024 * 1024;
/** What a client may have waiting for its acknowledgement; more is refused at once. */
export const QUEUE_EVENTS_MAX = 65_536;
export const QUEUE_BYTES_MAX = 64 * 1024 * 1024;
/** What a feed may have on its way to a receiver that has not taken it; beyond it the receiver reads from the log. */
export const FEED_WINDOW_BYTES = 8 * 1024 * 1024;
/** A feed that is resumed and lacks no more than this gets it from the writer. */
export const FEED_CATCH_UP_BYTES = 1024 * 1024;

export type ToWriter =
  | { kind: 'append'; id: number; streams: string[]; expected: number[]; counts: number[]; bytes: Uint8Array[] }
  | { kind: 'feed'; feed: number; after: number; prefixes?: string[] }
  | { kind: 'resume'; feed: number; after: number }
  | { kind: 'taken'; feed: number; bytes: number }
  | { kind: 'stopFeed'; feed: number }
  | { kind: 'watchHead' };

export type FromWriter =
  /** For each append: its id, how many results, and two numbers for each: revision and position, or -1 - index of the failure and 0. */
  | { kind: 'appended'; numbers: number[]; failures: Failure[]; head: Head }
  | { kind: 'frames'; feed: number; buffer: ArrayBuffer; head: Head }
  | { kind: 'behind'; feed: number; head: Head }
  | { kind: 'head'; head: Head };

export type Failure = Exclude<AppendResult, { ok: true }>;

export interface LogWorkerData {
  folder: string;
  partitions?: number;
  diskReserveBytes?: number;
}

export type ToWorker = { kind: 'connect'; port: MessagePort } | { kind: 'close' };

export type FromWorker =
  | { kind: 'ready'; head: Head; meta: StoreMeta }
  | { kind: 'refused'; reason: StoreRefused['reason'] | 'error'; message: string }
  | { kind: 'stats'; stats: LogWriterStats }
  | { kind: 'closed'; stats: LogWriterStats };

export function expectedToNumber(expected: Expected): number {
  if (expected === 'any') return -2;
  return expected === 'noStream' ? -1 : expected.revision;
}

export function numberToExpected(number: number): Expected {
  if (number === -2) return 'any';
  return number === -1 ? 'noStream' : { revision: number };
}
