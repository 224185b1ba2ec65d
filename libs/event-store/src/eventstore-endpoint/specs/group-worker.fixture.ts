/** Consumers of persistent subscriptions, for the specs of this folder. */
import type {
  PersistentSubscriptionToStream,
  PersistentSubscriptionToStreamResolvedEvent,
} from '@eventstore/db-client';

export type Got = PersistentSubscriptionToStreamResolvedEvent;

/** A consumer that keeps what it gets, and does with it what the test says. */
export class Worker {
  readonly got: Got[] = [];
  error: unknown;
  private wake: () => void = () => undefined;

  constructor(
    readonly subscription: PersistentSubscriptionToStream,
    act: (got: Got) => Promise<void> | undefined = () => undefined,
  ) {
    subscription
      .on('data', (got) => {
        this.got.push(got);
        void act(got);
        this.wake();
      })
      .on('error', (error) => {
        this.error = error;
        this.wake();
      });
  }

  get numbers(): unknown[] {
    return this.got.map(({ event }) => (event?.data as { n: unknown }).n);
  }

  get retries(): number[] {
    return this.got.map(({ retryCount }) => retryCount);
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => (this.wake = resolve));
  }

  count(events: number): Promise<void> {
    return this.until(() => this.got.length >= events);
  }
}

export const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);
export const soon = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
