import type { EventStore, LogFilter, StoredEvent } from '@rapport/event-store';
import type { Feed } from '../rapport.types';

export interface FollowOptions {
  from: number;
  filter: LogFilter;
  /** False = the receiver is full: the feed ends. */
  deliver: (event: StoredEvent) => boolean;
  ended: (why: string) => void;
}

/** Events of the log after a position, then live ones, to a receiver that may refuse. */
export function followLog(store: EventStore, options: FollowOptions): Feed {
  const subscription = store.subscribe({ from: options.from, filter: options.filter });
  let closed = false;
  const follow = async (): Promise<string> => {
    for await (const message of subscription) {
      if (message.kind === 'event' && !options.deliver(message.event)) return 'the receiver is too slow';
    }
    return 'the store closed';
  };
  void follow()
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)))
    .then((why) => {
      if (!closed) options.ended(why);
    });
  return {
    close: () => {
      closed = true;
      void subscription.close();
    },
  };
}
