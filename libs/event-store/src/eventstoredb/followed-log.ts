import type { LogFilter, SubscriptionMessage } from '../event-store';
import type { ClientPool } from './client-pool';
import { isSystem, positionOf, storedEvent } from './event-mapping';
import type { Followed } from './following';
import { READ_AHEAD_EVENTS, WATCHDOG_RECORDS } from './limits';
import { passes, serverFilter } from './log-filter';
import { type CallItem, OpenCall } from './open-call';
import type { Reader } from './reader';

/** $all, filtered by the server as far as it can. The cursor is the position. */
export class FollowedLog implements Followed<SubscriptionMessage> {
  readonly what = 'the subscription to $all';

  constructor(
    private readonly reader: Reader,
    private position: number,
    private readonly filter: LogFilter,
  ) {}

  open(pool: ClientPool): OpenCall {
    const lease = pool.take();
    const { position, filter } = this;
    const from = position === 0 ? ('start' as const) : { commit: BigInt(position), prepare: BigInt(position) };
    // The server sends nothing more until this callback is done, and an error in it would end the process: it only notes what it is told.
    const told = (_: unknown, checkpoint: { commit: bigint; prepare: bigint }): void =>
      call.mark({ mark: 'checkpoint', ...checkpoint });
    const subscription = lease.client.subscribeToAll(
      { fromPosition: from, filter: serverFilter(filter, told) },
      { highWaterMark: READ_AHEAD_EVENTS },
    );
    const call = new OpenCall(subscription, lease);
    return call;
  }

  take(item: CallItem): SubscriptionMessage | undefined {
    if ('mark' in item) {
      if (item.mark === 'checkpoint') return this.reached(item);
      return { kind: 'caughtUp', position: this.position };
    }
    const { event } = item;
    if (event === undefined) return undefined;
    const position = positionOf(event);
    if (position <= this.position) return undefined;
    this.position = position;
    return isSystem(event) || !passes(event, this.filter) ? undefined : { kind: 'event', event: storedEvent(event) };
  }

  async missesSomething(): Promise<boolean> {
    const { found, upTo } = await this.reader.look(this.position, this.filter, WATCHDOG_RECORDS);
    if (found === undefined) this.position = Math.max(this.position, upTo);
    return found !== undefined;
  }

  /**
   * Servers were seen to send checkpoints that do not exist (2^64 - 1), that fall back, and that lie at the end of the log (prepare 0), where the next
   * event will be and would be passed over. So one counts only if it names a record, and only forwards.
   */
  private reached({ commit, prepare }: { commit: bigint; prepare: bigint }): undefined {
    if (commit === prepare && commit <= BigInt(Number.MAX_SAFE_INTEGER))
      this.position = Math.max(this.position, Number(commit));
  }
}
