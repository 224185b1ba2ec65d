import type { ClientPool } from './client-pool';
import { safeInteger, storedEvent } from './event-mapping';
import type { Followed } from './following';
import type { StreamMessage } from './following.types';
import { READ_AHEAD_EVENTS } from './limits';
import { type CallItem, OpenCall } from './open-call';
import type { Reader } from './reader';

/** What the server puts behind the last event of a stream that was deleted for good. */
const STREAM_DELETED = '$streamDeleted';

const AHEAD = { highWaterMark: READ_AHEAD_EVENTS };

/** One stream. The cursor is the revision. */
export class FollowedStream implements Followed<StreamMessage> {
  readonly what: string;

  constructor(
    private readonly reader: Reader,
    private readonly stream: string,
    private revision: number,
  ) {
    this.what = `the subscription to the stream ${stream}`;
  }

  open(pool: ClientPool): OpenCall {
    const lease = pool.take();
    const fromRevision = this.revision < 0 ? ('start' as const) : BigInt(this.revision);
    return new OpenCall(lease.client.subscribeToStream(this.stream, { fromRevision }, AHEAD), lease);
  }

  take(item: CallItem): StreamMessage | undefined {
    if ('mark' in item) return item.mark === 'caughtUp' ? { kind: 'caughtUp', revision: this.revision } : undefined;
    const { event } = item;
    if (event === undefined || event.type === STREAM_DELETED) return undefined;
    const revision = safeInteger(event.revision, 'revision');
    if (revision <= this.revision) return undefined;
    this.revision = revision;
    return { kind: 'event', event: storedEvent(event) };
  }

  async missesSomething(): Promise<boolean> {
    return (await this.reader.streamHead(this.stream)) > this.revision;
  }
}
