/** What a LogReader asks, answered from an event store that cannot be read at once. */
import type { Chunk, EventStore, Head, StoredEvent } from '../event-store';
import type { ChunkFilter, StoreMeta } from '../log-reader';
import { chunksOfEvents } from './chunks-of-events';

/** Reading every event between the first and the last of those asked for is cheaper than asking for each, up to this many for one. */
const READ_FOR_ONE_MAX = 20;
/** An event takes about this many bytes: for the size of pages, which decides nothing else. */
const EVENT_BYTES_TYPICAL = 400;
const EVENTS_PER_PAGE_MAX = 5_000;

export interface LogAnswers {
  meta(): Promise<StoreMeta>;
  head(): Promise<Head>;
  streamHead(stream: string): Promise<number>;
  streamChunks(stream: string, from: number, maxEvents: number): Promise<Chunk[]>;
  chunks(after: number, maxBytes: number, filter: ChunkFilter): Promise<Chunk[]>;
  at(positions: Float64Array): Promise<(StoredEvent | undefined)[]>;
  /** Those at these positions, which must ascend, in that order. */
  ascending(positions: Float64Array): Promise<Chunk[]>;
}

/** `meta` is asked once the store has been made. */
export function answersFrom(store: EventStore, meta: () => Promise<StoreMeta>): LogAnswers {
  return {
    meta,
    head: () => store.head(),
    streamHead: (stream) => store.streamHead(stream),
    streamChunks: async (stream, from, limit) =>
      chunksOfEvents(await all(store.readStream(stream, { from, limit: Math.min(limit, EVENTS_PER_PAGE_MAX) }))),
    chunks: (after, maxBytes, filter) => page(store, after, maxBytes, filter),
    at: (positions) => store.readAt(Array.from(positions)),
    ascending: async (positions) => chunksOfEvents(await ascending(store, positions)),
  };
}

async function page(store: EventStore, from: number, maxBytes: number, filter: ChunkFilter): Promise<Chunk[]> {
  const { streamPrefixes, backwards = false } = filter;
  const limit = Math.max(1, Math.min(EVENTS_PER_PAGE_MAX, Math.floor(maxBytes / EVENT_BYTES_TYPICAL)));
  const events = await all(
    store.readAll({ from, backwards, limit, ...(streamPrefixes && { filter: { streamPrefixes } }) }),
  );
  if (!backwards) return chunksOfEvents(events);
  return chunksOfEvents(events.reverse()).reverse();
}

async function ascending(store: EventStore, positions: Float64Array): Promise<StoredEvent[]> {
  if (positions.length === 0) return [];
  const [first, last] = await store.readAt([positions[0]!, positions.at(-1)!]);
  const span = first && last && first.stream === last.stream ? last.revision - first.revision + 1 : Infinity;
  if (!first || !last || span > positions.length * READ_FOR_ONE_MAX) return found(await store.readAt([...positions]));
  const wanted = new Set(positions);
  const events: StoredEvent[] = [];
  for await (const event of store.readStream(first.stream, { from: first.revision, limit: span }))
    if (wanted.delete(event.position)) events.push(event);
  // Others than those of the stream: asked for one by one.
  if (wanted.size > 0) events.push(...found(await store.readAt([...wanted])));
  return events.sort((a, b) => a.position - b.position);
}

function found(events: (StoredEvent | undefined)[]): StoredEvent[] {
  return events.filter((event) => event !== undefined);
}

async function all(events: AsyncIterable<StoredEvent>): Promise<StoredEvent[]> {
  const gathered: StoredEvent[] = [];
  for await (const event of events) gathered.push(event);
  return gathered;
}
