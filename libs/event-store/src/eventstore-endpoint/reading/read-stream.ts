import { EventCursor } from '../../event-cursor';
import type { Chunk } from '../../event-store';
import { streamDeleted } from '../endpoint-error';
import type { StreamState } from '../streams/stream-states';
import { streamNotFoundAnswer } from '../wire/read-answers';
import type { Outlet } from './outlet';
import { EventAnswers, type ReadingContext } from './reading-context';

const PAGE_EVENTS = 256;
const MS_OF_A_SECOND = 1000;

export interface StreamRead {
  stream: string;
  /** Inclusive revision; absent = the first one (forwards), the last one (backwards). */
  from?: number;
  backwards: boolean;
  count: number;
}

/** What of a stream is shown: an unbroken run of revisions, and none that is too old. */
interface Shown {
  first: number;
  last: number;
  /** recordedAt, ms. */
  since: number;
}

export async function readStream(context: ReadingContext, read: StreamRead): Promise<void> {
  const state = context.states.of(read.stream);
  if (state.tombstoned) throw streamDeleted(read.stream);
  const last = await context.log.streamHead(read.stream);
  if (last < 0 || state.deleted) return void context.outlet.write(streamNotFoundAnswer(read.stream));
  const shown = shownOf(state, last);
  if (read.backwards) await backwards(context, read, shown);
  else await forwards(context, read, shown);
}

/** The end of what was read: position and revision of its last event, as far as anything was. */
export interface ReadUpTo {
  position?: number;
  revision: number;
}

/** Everything of a stream after a revision that is stored now. */
export async function catchUpStream(context: ReadingContext, stream: string, after: number): Promise<ReadUpTo> {
  const last = await context.log.streamHead(stream);
  const state = context.states.of(stream);
  if (last <= after || state.deleted) return { revision: after };
  return forwards(context, { stream, from: after + 1, backwards: false, count: Infinity }, shownOf(state, last));
}

function shownOf(state: StreamState, last: number): Shown {
  const { truncateBefore, maxCount, maxAgeSeconds } = state;
  return {
    first: Math.max(truncateBefore, maxCount === undefined ? 0 : last - maxCount + 1),
    last,
    since: maxAgeSeconds === undefined ? 0 : Date.now() - maxAgeSeconds * MS_OF_A_SECOND,
  };
}

async function forwards({ log, outlet, form }: ReadingContext, read: StreamRead, shown: Shown): Promise<ReadUpTo> {
  const answers = new EventAnswers(form);
  const cursor = new EventCursor();
  const end: ReadUpTo = { revision: shown.last };
  let left = read.count;
  let next = Math.max(read.from ?? 0, shown.first);
  while (left > 0 && next <= shown.last && !outlet.closed) {
    const chunks = await log.streamChunks(read.stream, next, Math.min(left, PAGE_EVENTS, shown.last - next + 1));
    if (chunks.length === 0) break;
    for (const chunk of chunks) {
      next = chunk.firstRevision + chunk.count;
      end.position = chunk.firstPosition + chunk.count - 1;
      if (chunk.recordedAt < shown.since) continue;
      left -= chunk.count;
      cursor.reset(chunk);
      while (cursor.next()) {
        const wait = outlet.write(answers.at(cursor, chunk));
        if (wait) await wait;
      }
    }
  }
  return end;
}

async function backwards({ log, outlet, form }: ReadingContext, read: StreamRead, shown: Shown): Promise<void> {
  const answers = new EventAnswers(form);
  let left = read.count;
  let last = Math.min(read.from ?? shown.last, shown.last);
  while (left > 0 && last >= shown.first && !outlet.closed) {
    const page = Math.min(left, PAGE_EVENTS, last - shown.first + 1);
    const chunks = await log.streamChunks(read.stream, last - page + 1, page);
    for (const chunk of chunks.reverse()) {
      if (chunk.recordedAt < shown.since) return;
      await writeBackwards(chunk, answers, outlet);
    }
    last -= page;
    left -= page;
  }
}

async function writeBackwards(chunk: Chunk, answers: EventAnswers, outlet: Outlet): Promise<void> {
  const cursor = new EventCursor().reset(chunk);
  const messages: Buffer[] = [];
  while (cursor.next()) messages.push(answers.at(cursor, chunk));
  for (const message of messages.reverse()) await outlet.write(message);
}
