/** What the adapter allows itself, and why (docs/decisions/0023). */

/**
 * One append call, counted as the server does (data, metadata, type, and some for each event). A 24.6 server takes 1 MiB for the whole call; the rest is
 * left for what else it may count.
 */
export const APPEND_BYTES_MAX = 1_040_000;
/** Counted for each event beside its data and metadata: id, content type, framing. */
export const EVENT_OVERHEAD_BYTES = 64;
/** More small events in one call take the server longer than it grants a write (2 s). */
export const APPEND_EVENTS_MAX = 4096;
/**
 * Appends under way at once. The client queues behind its stream from the sixteenth message on, and what waits in that queue when the connection breaks
 * becomes an unhandled rejection, which ends the process. Fifteen never queue.
 */
export const APPENDS_IN_FLIGHT_MAX = 15;
/** What may wait for its acknowledgement; more is refused at once. As on the embedded store. */
export const QUEUE_EVENTS_MAX = 65_536;
export const QUEUE_BYTES_MAX = 64 * 1024 * 1024;
/** Calls open on one connection. The server takes 100; the next one would hang without an error. */
export const CALLS_PER_CLIENT_MAX = 80;
/** Events that a read or a subscription holds and nobody has taken yet, twice: the client has a buffer at each end. What the server has sent beyond it waits in HTTP/2's window. */
export const READ_AHEAD_EVENTS = 64;
/** Reads at single positions under way at once. */
export const READ_AT_PARALLEL = 16;
/** Records that the search for the newest event looks through behind system events; then the newest record of any kind stands for it. */
export const HEAD_SEARCH_RECORDS_MAX = 4096;
/** Records that the watchdog of a silent subscription reads in one look. */
export const WATCHDOG_RECORDS = 256;
/** Answers "no" of a healthy server, one after the other, after which a subscription gives up. */
export const REFUSALS_MAX = 5;

export interface Timeouts {
  /** When no append is answered for so many ms, the client hangs and is replaced. The server itself answers within 2 s. */
  answerMs: number;
  /** How many ms an append is tried, all repetitions together; then its outcome is unknown. */
  appendMs: number;
  /** A read that brings nothing for so many ms is given up and begun again. */
  readMs: number;
  /** How many ms a read may go without progress, all repetitions together. */
  readPatienceMs: number;
  /** A subscription that brings nothing for so many ms is checked. */
  silenceMs: number;
  /** How long, in ms, a server that does not answer yet is waited for at the start. */
  startMs: number;
}

export const TIMEOUTS: Timeouts = {
  answerMs: 5_000,
  appendMs: 20_000,
  readMs: 5_000,
  readPatienceMs: 20_000,
  silenceMs: 10_000,
  startMs: 30_000,
};
