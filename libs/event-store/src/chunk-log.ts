import type { AppendRequest, AppendResult, Chunk, Head, StoredEvent } from './event-store';
import type { ChunkFilter } from './log-reader';

export type ChunkMessage =
  | { kind: 'chunk'; chunk: Chunk }
  /** Nothing that passes the filter is between the last message and this position. */
  | { kind: 'searched'; position: number }
  /** The head was reached; `position` is as far as the filter has looked. Again after each time it fell behind. */
  | { kind: 'caughtUp'; position: number }
  /** The consumer was too slow for the live chunks: what follows is read from the log, until `caughtUp` comes again. */
  | { kind: 'fellBehind' };

/** Catch-up, then live. Leaving the loop or calling close() ends it and frees what it held. Buffers are bounded. */
export interface ChunkSubscription extends AsyncIterable<ChunkMessage> {
  close(): Promise<void>;
}

/** The log by chunks, for who passes events on as bytes: no object is made for an event. Positions have no gap. */
export interface ChunkLog {
  append(requests: AppendRequest[]): Promise<AppendResult[]>;
  head(): Promise<Head>;
  streamHead(stream: string): Promise<number>;
  readAt(positions: number[]): Promise<(StoredEvent | undefined)[]>;
  /** See LogReader.chunks. */
  chunks(position: number, maxBytes: number, filter: ChunkFilter): Promise<Chunk[]>;
  /** See LogReader.streamChunks. */
  streamChunks(stream: string, fromRevision: number, maxEvents: number): Promise<Chunk[]>;
  /** Chunks after this position of streams whose name begins with one of these. */
  follow(from: number, streamPrefixes?: string[]): ChunkSubscription;
}
