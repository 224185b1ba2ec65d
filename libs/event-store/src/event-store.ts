/**
 * The port of the event store. One log of events with one order (position), many named streams with gapless revisions.
 * Positions and revisions are safe integers; the first revision is 0. The positions of an embedded store have no gap and begin with 1; those of a server only ascend.
 * Moments are ms since the epoch.
 */

/** The envelope, format 1. `data` is what the engine reads, `personal` what can later be encrypted under the customer's key. */
export interface NewEvent {
  /** 16 bytes. New for each request: of what comes again under known ids at any revision, a store may keep one or both. At an exact revision a repetition is never kept twice. */
  id: Uint8Array;
  type: string;
  schemaVersion: number;
  occurredAt: number;
  /** Whom it is about: the customer id of touchpoints and decisions. */
  subject?: string;
  /** 16 bytes each. */
  correlationId?: Uint8Array;
  causationId?: Uint8Array;
  data: Uint8Array;
  personal?: Uint8Array;
}

export interface StoredEvent extends NewEvent {
  stream: string;
  revision: number;
  position: number;
  /**
   * The store's stamp of the commit. Monotone over the log on the embedded store; the clock of a server may step back, and every reader is shown the same
   * stamps: who needs time that never falls takes the greatest seen so far.
   */
  recordedAt: number;
}

/** Events packed back to back in the store's record format: what goes between threads and onto the disk, unchanged. */
export interface PackedEvents {
  count: number;
  bytes: Uint8Array;
}

/** A run of consecutive events of one stream, as stored: consecutive revisions, one stamp, and positions one after the other unless each is named. */
export interface Chunk extends PackedEvents {
  stream: string;
  firstPosition: number;
  /** Of each event, ascending, where the store leaves gaps between them. Absent = `firstPosition` and those that follow it. */
  positions?: Float64Array;
  firstRevision: number;
  recordedAt: number;
}

/** Where each event of an append stands, from a store that leaves gaps between positions or stamps each event by itself. */
export interface PlacedEach {
  positions: Float64Array;
  recordedAt: Float64Array;
}

export type Expected = 'any' | 'noStream' | { revision: number };

/** Position of the event at this place of a chunk. */
export function positionIn(chunk: Pick<Chunk, 'firstPosition' | 'positions'>, place: number): number {
  return chunk.positions === undefined ? chunk.firstPosition + place : chunk.positions[place]!;
}

/** Position of a chunk's last event. */
export function lastPosition(chunk: Chunk): number {
  return positionIn(chunk, chunk.count - 1);
}

export interface AppendRequest {
  stream: string;
  expected: Expected;
  events: PackedEvents;
}

export type AppendResult =
  | { ok: true; firstRevision: number; firstPosition: number; recordedAt: number; each?: PlacedEach }
  /** actual -1 = the stream does not exist. */
  | { ok: false; reason: 'wrongExpectedRevision'; actual: number }
  /** Nothing is known to be stored. `overloaded`: too much was waiting already, later is better. */
  | { ok: false; reason: 'unavailable'; detail: string; overloaded?: true };

export interface Head {
  /** Of the last event; 0 = empty. */
  position: number;
  recordedAt: number;
}

export interface LogFilter {
  types?: string[];
  streamPrefixes?: string[];
}

export interface ReadAllOptions {
  /** Exclusive: events after (forwards) or before (backwards) this position. */
  from?: number;
  backwards?: boolean;
  limit?: number;
  filter?: LogFilter;
}

export interface ReadStreamOptions {
  /** Inclusive revision; absent = first (forwards) or last (backwards). */
  from?: number;
  backwards?: boolean;
  limit?: number;
}

export type SubscriptionMessage =
  | { kind: 'event'; event: StoredEvent }
  /** The head was reached; `position` is as far as the filter has looked. Again after each time it fell behind. */
  | { kind: 'caughtUp'; position: number };

/** Catch-up, then live. Leaving the loop or calling close() ends it and frees what it held. Buffers are bounded. */
export interface Subscription extends AsyncIterable<SubscriptionMessage> {
  close(): Promise<void>;
}

export abstract class EventStore {
  /**
   * Each request succeeds or fails alone and as a whole (a server with a limit to one call takes a larger one in parts, in order). `ok` means fsynced. Refuses with
   * `unavailable` what it cannot store now.
   */
  abstract append(requests: AppendRequest[]): Promise<AppendResult[]>;
  abstract readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<StoredEvent>;
  abstract readAll(options?: ReadAllOptions): AsyncIterable<StoredEvent>;
  /** The events at these positions, in the order asked for; undefined where there is none. */
  abstract readAt(positions: number[]): Promise<(StoredEvent | undefined)[]>;
  /** Revision of the last event of a stream; -1 where there is none. */
  abstract streamHead(stream: string): Promise<number>;
  abstract head(): Promise<Head>;
  abstract subscribe(options: { from: number; filter?: LogFilter }): Subscription;
  abstract close(): Promise<void>;
}
