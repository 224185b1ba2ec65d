import type { StoredEvent } from '../event-store';

/** How a subscription is doing. */
export type FollowState = 'starting' | 'live' | 'retrying' | 'stopped';

export type StreamMessage =
  | { kind: 'event'; event: StoredEvent }
  /** The stream's end was reached; `revision` is that of the last event seen, -1 = none. Again after each new beginning. */
  | { kind: 'caughtUp'; revision: number };

/** One stream, from behind a revision on, then live. Leaving the loop or calling close() ends it. */
export interface StreamSubscription extends AsyncIterable<StreamMessage> {
  readonly state: FollowState;
  close(): Promise<void>;
}
