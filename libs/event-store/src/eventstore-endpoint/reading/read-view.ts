/** Streams that are made of events of other streams, numbered by their place among them. */
import { randomUUID } from 'node:crypto';

import { EventCursor } from '../../event-cursor';
import type { Chunk } from '../../event-store';
import type { ViewStreams } from '../endpoint.types';
import { confirmationAnswer, streamNotFoundAnswer } from '../wire/read-answers';
import type { StreamRead } from './read-stream';
import { EventAnswers, type ReadingContext } from './reading-context';
import { Liveness } from './subscribe-all';

const PAGE_EVENTS = 256;

/** An event's place in the log and in the view. */
interface Entry {
  position: number;
  revision: number;
}

export async function readView(context: ReadingContext, views: ViewStreams, read: StreamRead): Promise<void> {
  await views.knowsUpTo((await context.log.head()).position);
  const known = await views.entries(read.stream, 0);
  if (known === undefined) return void context.outlet.write(streamNotFoundAnswer(read.stream));
  const entries = known.positions.map((position, revision) => ({ position, revision }));
  const last = entries.length - 1;
  const wanted = read.backwards
    ? entries.slice(0, Math.min(read.from ?? last, last) + 1).reverse()
    : entries.slice(read.from ?? 0);
  await writeEvents(context, read.stream, wanted.slice(0, Math.min(read.count, wanted.length)));
}

/** Exclusive revision; -1 = from the start. A view that is not there yet is waited for. */
export async function subscribeView(
  context: ReadingContext,
  views: ViewStreams,
  stream: string,
  from: number | 'end',
): Promise<void> {
  const { log, outlet } = context;
  await outlet.write(confirmationAnswer(randomUUID()));
  const { position } = await log.head();
  const follower = new ViewFollower(context, views, stream, from);
  await follower.deliver(position);
  const subscription = log.follow(position, views.sources(stream));
  outlet.onEnd(() => void subscription.close());
  const liveness = new Liveness(outlet);
  for await (const message of subscription) {
    if (message.kind === 'chunk') await follower.chunk(message.chunk);
    else if (message.kind !== 'searched') await liveness.tell(message.kind);
  }
}

class ViewFollower {
  /** Events of the view so far, and the position up to which they are known. */
  private count = 0;
  private upTo = 0;
  private readonly cursor = new EventCursor();

  constructor(
    private readonly context: ReadingContext,
    private readonly views: ViewStreams,
    private readonly stream: string,
    private from: number | 'end',
  ) {}

  async chunk(chunk: Chunk): Promise<void> {
    const last = chunk.firstPosition + chunk.count - 1;
    if (last > this.upTo && this.concerns(chunk)) await this.deliver(last);
  }

  /** What the view has up to this position, or further. */
  async deliver(position: number): Promise<void> {
    await this.views.knowsUpTo(position);
    const known = await this.views.entries(this.stream, this.upTo);
    const first = this.count;
    const entries = (known?.positions ?? []).map((at, i) => ({ position: at, revision: first + i }));
    this.count += entries.length;
    this.upTo = Math.max(this.upTo, known?.upTo ?? 0);
    if (this.from === 'end') this.from = this.count - 1;
    const after = this.from;
    await writeEvents(
      this.context,
      this.stream,
      entries.filter(({ revision }) => revision > after),
    );
  }

  private concerns(chunk: Chunk): boolean {
    this.cursor.reset(chunk);
    while (this.cursor.next()) if (this.views.concerns(this.stream, this.cursor)) return true;
    return false;
  }
}

async function writeEvents({ log, outlet, form }: ReadingContext, stream: string, entries: Entry[]): Promise<void> {
  const answers = new EventAnswers(form);
  for (let at = 0; at < entries.length && !outlet.closed; at += PAGE_EVENTS) {
    const page = entries.slice(at, at + PAGE_EVENTS);
    const events = await log.readAt(page.map(({ position }) => position));
    for (const [i, event] of events.entries()) {
      const { revision } = page[i] as Entry;
      if (event) await outlet.write(answers.of(event, { stream, revision }));
    }
  }
}
