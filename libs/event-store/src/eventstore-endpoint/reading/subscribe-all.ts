import { randomUUID } from 'node:crypto';

import { EventCursor } from '../../event-cursor';
import type { Chunk } from '../../event-store';
import { CAUGHT_UP_ANSWER, checkpointAnswer, confirmationAnswer, FELL_BEHIND_ANSWER } from '../wire/read-answers';
import type { EventFilter } from './event-filter';
import type { Outlet } from './outlet';
import { EventAnswers, type ReadingContext } from './reading-context';

/** Exclusive position. */
export async function subscribeAll(context: ReadingContext, from: number | 'end', filter: EventFilter): Promise<void> {
  const { log, outlet, form } = context;
  await outlet.write(confirmationAnswer(randomUUID()));
  const after = from === 'end' ? (await log.head()).position : from;
  const subscription = log.follow(after, filter.streamPrefixes);
  outlet.onEnd(() => void subscription.close());
  const passer = new FilteredPasser(outlet, new EventAnswers(form), filter, after);
  const liveness = new Liveness(outlet);
  for await (const message of subscription) {
    if (message.kind === 'chunk') await passer.chunk(message.chunk);
    else if (message.kind === 'searched') await passer.searched(message.position);
    else await liveness.tell(message.kind);
  }
}

/** Says that a subscription is live, once, and again after it has said that it fell behind. */
export class Liveness {
  private live = false;

  constructor(private readonly outlet: Outlet) {}

  async tell(kind: 'caughtUp' | 'fellBehind'): Promise<void> {
    const live = kind === 'caughtUp';
    if (live === this.live) return;
    this.live = live;
    await this.outlet.write(live ? CAUGHT_UP_ANSWER : FELL_BEHIND_ANSWER);
  }
}

/**
 * Passes on what the filter lets through, with a checkpoint whenever so many records were searched. Records that an index let it pass over count, and
 * get one checkpoint at their end.
 */
class FilteredPasser {
  private readonly cursor = new EventCursor();

  constructor(
    private readonly outlet: Outlet,
    private readonly answers: EventAnswers,
    private readonly filter: EventFilter,
    /** Position of the last checkpoint. */
    private marked: number,
  ) {}

  async chunk(chunk: Chunk): Promise<void> {
    const last = chunk.firstPosition + chunk.count - 1;
    if (!this.filter.stream(chunk.stream)) return this.searched(last);
    await this.searched(chunk.firstPosition - 1);
    const { cursor } = this;
    cursor.reset(chunk);
    while (cursor.next()) {
      if (this.filter.event(cursor)) {
        const wait = this.outlet.write(this.answers.at(cursor, chunk));
        if (wait) await wait;
      }
      if (cursor.position - this.marked >= this.filter.checkpointRecords) await this.searched(cursor.position);
    }
  }

  async searched(position: number): Promise<void> {
    if (position - this.marked < this.filter.checkpointRecords) return;
    this.marked = position;
    await this.outlet.write(checkpointAnswer(position));
  }
}
