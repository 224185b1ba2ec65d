import { Backoff, pause } from './backoff';
import { type ClientPool } from './client-pool';
import { REFUSALS_MAX, type Timeouts } from './limits';
import { type CallItem, OpenCall } from './open-call';
import { failureOf, isDenied } from './server-answers';
import { StoreUnavailable } from './server-errors';
import { LATE, within } from './time-limit';
import type { FollowState } from './following.types';

/** What is followed, and how far it has got. It alone knows its cursor. */
export interface Followed<M> {
  what: string;
  /** Begins behind the cursor. */
  open(pool: ClientPool): OpenCall;
  /** Moves the cursor; what the consumer is told, if anything. */
  take(item: CallItem): M | undefined;
  /** Nothing was heard for long: whether the server has something that should have come. May move the cursor over what concerns nobody. */
  missesSomething(): Promise<boolean>;
}

/**
 * A subscription that goes on. The client's own ends for ever with the first trouble, by several kinds of error, by an end without an error, or by silence:
 * each is answered by a new one from the cursor, after a pause. It gives up only where the server, in health, says no.
 */
export class Following<M> {
  state: FollowState = 'starting';
  private readonly closing = new AbortController();
  private call: OpenCall | undefined;
  private refusals = 0;
  private readonly backoff = new Backoff();

  constructor(
    private readonly pool: ClientPool,
    private readonly timeouts: Timeouts,
    private readonly followed: Followed<M>,
    private readonly onClose: () => void,
    private readonly say: (problem: string) => void,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<M, void> {
    for await (const messages of this.groups())
      for (const message of messages) {
        if (this.closed) return;
        yield message;
      }
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.state = 'stopped';
    this.closing.abort();
    this.onClose();
    await this.call?.end();
  }

  /** By what came together: each message through each generator would cost as much as receiving it. */
  private async *groups(): AsyncGenerator<M[], void> {
    try {
      while (!this.closed) {
        const trouble = yield* this.oneCall();
        if (this.closed) return;
        this.state = 'retrying';
        this.say(`${this.followed.what} is begun again: ${trouble}`);
        await pause(this.backoff.pauseMs(), this.closing.signal);
      }
    } finally {
      await this.close();
    }
  }

  private get closed(): boolean {
    return this.closing.signal.aborted;
  }

  /** Answers why it ended. */
  private async *oneCall(): AsyncGenerator<M[], string> {
    const call = this.followed.open(this.pool);
    this.call = call;
    let hangs = false;
    try {
      while (!this.closed) {
        const taken = await call.take(this.timeouts.silenceMs);
        if (taken === 'ended') return 'the server ended it';
        if (taken === 'silent') {
          hangs = !call.confirmed || (await this.isStuck());
          if (hangs) return `nothing came for ${this.timeouts.silenceMs} ms, and it should have`;
        } else yield this.told(taken.items);
      }
      return 'it was closed';
    } catch (error) {
      return this.troubleOf(error);
    } finally {
      await call.end(hangs);
    }
  }

  /** A server that does not answer this either is no reason to wait longer. */
  private async isStuck(): Promise<boolean> {
    try {
      const answer = await within(this.followed.missesSomething(), this.timeouts.readMs);
      return answer === LATE || answer;
    } catch (error) {
      this.say(`${this.followed.what} was silent, and could not be checked: ${String(error)}`);
      return true;
    }
  }

  private told(items: CallItem[]): M[] {
    this.backoff.reset();
    this.refusals = 0;
    const messages: M[] = [];
    for (const item of items) {
      const message = this.followed.take(item);
      if ('mark' in item && item.mark === 'caughtUp') this.state = 'live';
      if (message !== undefined) messages.push(message);
    }
    return messages;
  }

  /** Throws where it is no use to try again. */
  private troubleOf(error: unknown): string {
    if (error instanceof RangeError) throw error;
    const failure = failureOf(error);
    if (failure.kind === 'unknown') return failure.detail;
    const detail = failure.kind === 'refused' ? failure.detail : failure.kind;
    this.refusals++;
    if (isDenied(error) || this.refusals >= REFUSALS_MAX)
      throw new StoreUnavailable(`${this.followed.what} was refused`, detail, error);
    return detail;
  }
}
