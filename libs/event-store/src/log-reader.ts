import type { EventCursor } from './event-cursor';
import type { Chunk, Head, StoredEvent } from './event-store';

/** What a store was made with, and for ever keeps. */
export interface StoreMeta {
  /** Of the store's own layout. */
  format: number;
  /** Made at random for this store: tells it from every other one. */
  instanceId: string;
  /** How many `touchpoints-<pp>` / `journey-<pp>` streams customers are spread over. */
  partitions: number;
  /** 16 random bytes: the key of hashes over what outsiders choose, so that nobody can aim for collisions. */
  hashKey: Uint8Array;
}

export interface ChunkFilter {
  /** Only chunks of streams whose name begins with one of these. */
  streamPrefixes?: string[];
  /** Chunks with events before the position, the last one first; the first one comes without the events from the position on. */
  backwards?: boolean;
}

export interface LogVerification {
  events: number;
  chunks: number;
  /** Plain sentences; empty = the log is whole. */
  problems: string[];
}

/**
 * Reads a log that lies on the same machine, without waiting: for worker threads, never for the thread that serves. Each call sees everything
 * that was acknowledged before it. Any number of readers may be open, in this process and in others, while a writer is at work.
 */
export abstract class LogReader {
  abstract meta(): StoreMeta;
  abstract head(): Head;
  /**
   * Chunks with events after this position, in position order, until they hold `maxBytes` (at least one where there is one). A chunk that the position
   * cuts comes without the events before it. Empty = nothing (that passes the filter) was after it; read `head` before to know how far that is true.
   */
  abstract chunks(afterPosition: number, maxBytes: number, filter?: ChunkFilter): Chunk[];
  /** Chunks of one stream from this revision on, in order, until they hold `maxEvents`; the first and the last one cut to fit. */
  abstract streamChunks(stream: string, fromRevision: number, maxEvents: number): Chunk[];
  /** Events at these positions, in the order asked for; undefined where there is none. Each chunk is read once. */
  abstract at(positions: ArrayLike<number>): (StoredEvent | undefined)[];
  /**
   * Shows the events at these positions, which must ascend: the cursor stands on each in turn, and must not be kept. Positions without an event are passed over. For
   * many events at once: nothing is copied, each chunk is read once.
   */
  abstract visit(positions: ArrayLike<number>, see: (cursor: EventCursor, recordedAt: number) => void): void;
  /** Revision of the stream's last event; -1 where there is none. */
  abstract streamHead(stream: string): number;
  abstract streams(): string[];
  /** Reads the whole log: hashes, gapless positions and revisions, well-formed records, the head that was saved beside it. */
  abstract verify(onProgress?: (events: number, ofEvents: number) => void): LogVerification;
  abstract close(): void;
}
