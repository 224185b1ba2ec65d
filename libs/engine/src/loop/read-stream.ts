import { type LogReader, type StoredEvent, unpack } from '@rapport/event-store';

const EVENTS_PER_READ = 2_000;

/** Every event of a stream from a revision on. For short streams and tails: it holds them all. */
export function readStream(log: LogReader, stream: string, fromRevision: number): StoredEvent[] {
  const events: StoredEvent[] = [];
  for (let revision = fromRevision; ;) {
    const chunks = log.streamChunks(stream, revision, EVENTS_PER_READ);
    const last = chunks.at(-1);
    if (!last) return events;
    for (const chunk of chunks) events.push(...unpack(chunk));
    revision = last.firstRevision + last.count;
  }
}
