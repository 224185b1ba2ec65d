/** Events as chunks, the form in which they are folded. */
import type { Chunk, StoredEvent } from '../event-store';
import { EventPacker } from '../event-packer';

/** Events of one chunk, at most. */
const CHUNK_EVENTS_MAX = 500;

/** Cut where the stream or the stamp changes, where a revision is missing, and where a chunk is full. `events` in order. */
export function chunksOfEvents(events: readonly StoredEvent[]): Chunk[] {
  const chunks: Chunk[] = [];
  let start = 0;
  for (let i = 1; i <= events.length; i++) {
    if (i < events.length && i - start < CHUNK_EVENTS_MAX && follows(events[i - 1]!, events[i]!)) continue;
    chunks.push(chunkOf(events.slice(start, i)));
    start = i;
  }
  return chunks;
}

function follows(before: StoredEvent, event: StoredEvent): boolean {
  return (
    event.stream === before.stream && event.recordedAt === before.recordedAt && event.revision === before.revision + 1
  );
}

const packer = new EventPacker();

function chunkOf(events: readonly StoredEvent[]): Chunk {
  const first = events[0]!;
  for (const event of events) packer.add(event);
  return {
    ...packer.take(),
    stream: first.stream,
    firstPosition: first.position,
    positions: Float64Array.from(events, (event) => event.position),
    firstRevision: first.revision,
    recordedAt: first.recordedAt,
  };
}
