import { randomUUID } from 'node:crypto';

import { EventCursor } from '../../event-cursor';
import type { Chunk } from '../../event-store';
import { streamDeleted } from '../endpoint-error';
import { META_PREFIX, TOMBSTONE_TYPE } from '../streams/stream-states';
import { confirmationAnswer } from '../wire/read-answers';
import { catchUpStream } from './read-stream';
import { EventAnswers, type ReadingContext } from './reading-context';
import { Liveness } from './subscribe-all';

/** Exclusive revision; -1 = from the start. A stream that is not there yet is waited for. */
export async function subscribeStream(context: ReadingContext, stream: string, from: number | 'end'): Promise<void> {
  const { log, outlet, states } = context;
  if (states.of(stream).tombstoned) throw streamDeleted(stream);
  await outlet.write(confirmationAnswer(randomUUID()));
  const { position } = await log.head();
  const after = from === 'end' ? await log.streamHead(stream) : from;
  const read = await catchUpStream(context, stream, after);
  const subscription = log.follow(read.position ?? position, [stream, `${META_PREFIX}${stream}`]);
  outlet.onEnd(() => void subscription.close());
  const liveness = new Liveness(outlet);
  const passer = new StreamPasser(context, stream, Math.max(after, read.revision));
  for await (const message of subscription) {
    if (message.kind === 'chunk') await passer.chunk(message.chunk);
    else if (message.kind !== 'searched') await liveness.tell(message.kind);
  }
}

class StreamPasser {
  private readonly cursor = new EventCursor();
  private readonly answers: EventAnswers;

  constructor(
    private readonly context: ReadingContext,
    private readonly stream: string,
    private readonly after: number,
  ) {
    this.answers = new EventAnswers(context.form);
  }

  async chunk(chunk: Chunk): Promise<void> {
    const ofStream = chunk.stream === this.stream;
    const ofMetadata = chunk.stream === `${META_PREFIX}${this.stream}`;
    if (!ofStream && !ofMetadata) return;
    const { cursor } = this;
    cursor.reset(chunk);
    while (cursor.next()) {
      const ended = ofMetadata && cursor.type === TOMBSTONE_TYPE;
      if (!ended && !(ofStream && cursor.revision > this.after)) continue;
      const wait = this.context.outlet.write(this.answers.at(cursor, chunk));
      if (wait) await wait;
      if (ended) throw streamDeleted(this.stream);
    }
  }
}
