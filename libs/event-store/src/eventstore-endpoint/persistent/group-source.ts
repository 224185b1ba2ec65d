/** What a group hands out: the events of a stream, or of everything, from a place on, for ever. */
import type { ChunkLog } from '../../chunk-log';
import { EventCursor, unpack } from '../../event-cursor';
import type { Chunk, StoredEvent } from '../../event-store';
import { type EventFilter, filterFrom } from '../reading/event-filter';
import { keyOf } from '../streams/recent-ids';
import type { GroupItem } from './group-item';
import { ALL, GROUP_STREAMS, type GroupName } from './group-name';
import type { FilterSettings } from './group-settings';

const PAGE_EVENTS = 256;

/** Events after a number. Leaving the loop ends it. */
export function eventsAfter(
  log: ChunkLog,
  { source }: GroupName,
  after: number,
  filter: FilterSettings | undefined,
  onOpen: (close: () => void) => void,
): AsyncGenerator<GroupItem, void> {
  return source === ALL ? ofAll(log, after, filterFrom(filter), onOpen) : ofStream(log, source, after, onOpen);
}

async function* ofAll(
  log: ChunkLog,
  after: number,
  filter: EventFilter,
  onOpen: (close: () => void) => void,
): AsyncGenerator<GroupItem, void> {
  const subscription = log.follow(after, filter.streamPrefixes);
  onOpen(() => void subscription.close());
  for await (const message of subscription) {
    if (message.kind !== 'chunk' || !filter.stream(message.chunk.stream)) continue;
    // What groups write of themselves must not keep them busy for ever.
    if (message.chunk.stream.startsWith(GROUP_STREAMS)) continue;
    for (const event of passing(message.chunk, filter)) yield item(event, event.position);
  }
}

async function* ofStream(
  log: ChunkLog,
  stream: string,
  after: number,
  onOpen: (close: () => void) => void,
): AsyncGenerator<GroupItem, void> {
  let { position } = await log.head();
  let last = after;
  for (;;) {
    const chunks = await log.streamChunks(stream, last + 1, PAGE_EVENTS);
    if (chunks.length === 0) break;
    for (const event of chunks.flatMap((chunk) => unpack(chunk))) {
      ({ revision: last, position } = event);
      yield item(event, event.revision);
    }
  }
  const subscription = log.follow(position, [stream]);
  onOpen(() => void subscription.close());
  for await (const message of subscription) {
    if (message.kind !== 'chunk' || message.chunk.stream !== stream) continue;
    for (const event of unpack(message.chunk)) if (event.revision > last) yield item(event, event.revision);
  }
}

function passing(chunk: Chunk, filter: EventFilter): StoredEvent[] {
  const cursor = new EventCursor().reset(chunk);
  const events: StoredEvent[] = [];
  while (cursor.next()) if (filter.event(cursor)) events.push(cursor.event(chunk));
  return events;
}

function item(event: StoredEvent, number: number): GroupItem {
  return { key: keyOf(event.id), event, number, retries: 0 };
}
