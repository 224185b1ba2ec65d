import { EventCursor } from '../../event-cursor';
import type { Chunk } from '../../event-store';
import type { EventFilter } from './event-filter';
import { EventAnswers, type ReadingContext } from './reading-context';

const PAGE_BYTES = 256 * 1024;

export interface AllRead {
  /** Forwards from this position on, or backwards from what is before it; absent = from the start, from the end. */
  from?: number;
  backwards: boolean;
  /** Of events that pass. */
  count: number;
  filter: EventFilter;
}

export async function readAll({ log, outlet, form }: ReadingContext, read: AllRead): Promise<void> {
  const { backwards, filter } = read;
  const pages = filter.streamPrefixes ? { backwards, streamPrefixes: filter.streamPrefixes } : { backwards };
  const answers = new EventAnswers(form);
  let left = read.count;
  let at = backwards ? (read.from ?? Number.MAX_SAFE_INTEGER) : Math.max(0, (read.from ?? 0) - 1);
  while (left > 0 && !outlet.closed) {
    const chunks = await log.chunks(Math.min(at, Number.MAX_SAFE_INTEGER), PAGE_BYTES, pages);
    if (chunks.length === 0) return;
    for (const chunk of chunks) {
      at = backwards ? chunk.firstPosition : chunk.firstPosition + chunk.count - 1;
      for (const message of passing(chunk, filter, answers, backwards)) {
        if (left-- <= 0) return;
        const wait = outlet.write(message);
        if (wait) await wait;
      }
    }
  }
}

function passing(chunk: Chunk, filter: EventFilter, answers: EventAnswers, backwards: boolean): Buffer[] {
  const messages: Buffer[] = [];
  if (!filter.stream(chunk.stream)) return messages;
  const cursor = new EventCursor().reset(chunk);
  while (cursor.next()) if (filter.event(cursor)) messages.push(answers.at(cursor, chunk));
  return backwards ? messages.reverse() : messages;
}
