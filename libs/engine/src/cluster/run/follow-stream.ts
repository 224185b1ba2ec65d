/** A stream's events from a revision on, then live ones, for as long as somebody wants them. */
import type { EventStore, StoredEvent } from '@rapport/event-store';

export interface Followed {
  close(): Promise<void>;
}

export interface FollowOptions {
  stream: string;
  /** Revision of the last event that is known already; -1 = none. */
  after: number;
  /** In order, without gaps. The next ones come when this has resolved: whoever is full lets it wait. */
  deliver: (events: StoredEvent[]) => Promise<void>;
}

export type FollowStream = (options: FollowOptions) => Followed;

/** How soon a stream is asked again that had nothing new. */
const LOOK_MS = 25;
/** After a store that could not be read. */
const AGAIN_MS = 500;
const EVENTS_PER_READ = 2_000;

/** For stores without subscriptions to a stream: asks again and again. `trouble` is told of each failure; null = it is over. */
export function pollingFollower(store: EventStore, trouble: (detail: string | null) => void): FollowStream {
  return (options) => {
    let closed = false;
    let wake: () => void = () => undefined;
    const pause = (ms: number): Promise<void> =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    const follow = async (): Promise<void> => {
      let { after } = options;
      while (!closed) {
        try {
          const events = await page(store, options.stream, after + 1);
          trouble(null);
          if (events.length > 0) await options.deliver(events);
          after += events.length;
          if (events.length === 0) await pause(LOOK_MS);
        } catch (error) {
          trouble(error instanceof Error ? error.message : String(error));
          await pause(AGAIN_MS);
        }
      }
    };
    const done = follow();
    return {
      close: () => {
        closed = true;
        wake();
        return done;
      },
    };
  };
}

async function page(store: EventStore, stream: string, from: number): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const event of store.readStream(stream, { from, limit: EVENTS_PER_READ })) events.push(event);
  return events;
}
