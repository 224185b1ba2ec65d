/** Streams that are made of events of other streams, numbered by their place among them. */
import { randomUUID } from 'node:crypto';

import { EventCursor } from '../../event-cursor';
import type { ViewStreams } from '../endpoint.types';
import { confirmationAnswer, streamNotFoundAnswer } from '../wire/read-answers';
import type { StreamRead } from './read-stream';
import { EventAnswers, type ReadingContext } from './reading-context';
import { Liveness } from './subscribe-all';

const PAGE_EVENTS = 256;

export async function readView(context: ReadingContext, views: ViewStreams, read: StreamRead): Promise<void> {
  const positions = await views.positions(read.stream);
  if (positions === undefined) return void context.outlet.write(streamNotFoundAnswer(read.stream));
  const last = positions.length - 1;
  const revisions = positions.map((_, revision) => revision);
  const wanted = read.backwards
    ? revisions.slice(0, Math.min(read.from ?? last, last) + 1).reverse()
    : revisions.slice(read.from ?? 0);
  await writeEvents(context, read.stream, positions, wanted.slice(0, Math.min(read.count, wanted.length)));
}

/** Exclusive revision; -1 = from the start. */
export async function subscribeView(
  context: ReadingContext,
  views: ViewStreams,
  stream: string,
  from: number | 'end',
): Promise<void> {
  const { log, outlet } = context;
  await outlet.write(confirmationAnswer(randomUUID()));
  const { position } = await log.head();
  await views.knowsUpTo(position);
  const known = (await views.positions(stream)) ?? [];
  let next = from === 'end' ? known.length : from + 1;
  const deliver = async (positions: number[]): Promise<void> => {
    const fresh = positions.map((_, revision) => revision).slice(next);
    await writeEvents(context, stream, positions, fresh);
    next = Math.max(next, positions.length);
  };
  await deliver(known);
  const subscription = log.follow(position, views.sources(stream));
  outlet.onEnd(() => void subscription.close());
  const liveness = new Liveness(outlet);
  const cursor = new EventCursor();
  for await (const message of subscription) {
    if (message.kind === 'caughtUp' || message.kind === 'fellBehind') await liveness.tell(message.kind);
    if (message.kind !== 'chunk') continue;
    cursor.reset(message.chunk);
    let concerned = false;
    while (cursor.next()) concerned ||= views.concerns(stream, cursor);
    if (!concerned) continue;
    await views.knowsUpTo(message.chunk.firstPosition + message.chunk.count - 1);
    await deliver((await views.positions(stream)) ?? []);
  }
}

async function writeEvents(
  { log, outlet, form }: ReadingContext,
  stream: string,
  positions: number[],
  revisions: number[],
): Promise<void> {
  const answers = new EventAnswers(form);
  for (let at = 0; at < revisions.length && !outlet.closed; at += PAGE_EVENTS) {
    const page = revisions.slice(at, at + PAGE_EVENTS);
    const events = await log.readAt(page.map((revision) => positions[revision] as number));
    for (const [i, event] of events.entries())
      if (event) await outlet.write(answers.of(event, { stream, revision: page[i] as number }));
  }
}
