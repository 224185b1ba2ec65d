/** What goes between the store and its reading thread. */
import type { Head, StoredEvent } from '../event-store';
import type { ChunkFilter } from '../log-reader';

export type ReadRequest =
  | { op: 'head' }
  | { op: 'chunks'; position: number; maxBytes: number; filter: ChunkFilter }
  | { op: 'streamChunks'; stream: string; fromRevision: number; maxEvents: number }
  | { op: 'at'; positions: number[] }
  | { op: 'streamHead'; stream: string };

/** Chunks travel as frames (log-frame.ts). */
export type ReadAnswer =
  | { id: number; ok: true; frames: Uint8Array }
  | { id: number; ok: true; head: Head }
  | { id: number; ok: true; events: (StoredEvent | undefined)[] }
  | { id: number; ok: true; revision: number }
  | { id: number; ok: false; message: string };

export type ToReader = ReadRequest & { id: number };
