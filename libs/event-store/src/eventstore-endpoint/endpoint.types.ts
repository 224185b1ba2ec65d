import type { ChunkLog } from '../chunk-log';
import type { EventCursor } from '../event-cursor';

/** What may be written through the protocol. */
export interface WriteRules {
  /** False = every append is refused. */
  open: boolean;
  /** Streams whose name begins with one of these are never written to: somebody else's, with rules of their own. */
  reserved: readonly string[];
}

export interface ViewEntries {
  /** Log positions, ascending. */
  positions: number[];
  /** Everything up to this position is known: later entries come after it. */
  upTo: number;
}

/** Streams that are made of other streams' events, such as one for each customer. */
export interface ViewStreams {
  /** What the names of all of them begin with. */
  prefix: string;
  /** The stream's events after a log position; undefined = there is no such stream. */
  entries(name: string, after: number): Promise<ViewEntries | undefined>;
  /** Prefixes of the streams of the log that its further events can come from. */
  sources(name: string): string[];
  /** Whether an event of these streams may be one of its further events. */
  concerns(name: string, event: EventCursor): boolean;
  /** Resolves when `entries` knows everything up to this position; throws where it cannot come to know it. */
  knowsUpTo(position: number): Promise<void>;
}

export interface EndpointOptions {
  log: ChunkLog;
  /** Tells this store from every other one. */
  instanceId: string;
  host: string;
  /** 0 = any free one. */
  port: number;
  writes: WriteRules;
  views?: ViewStreams;
  /** Whether a client that called the server by this name (host and port) is answered; absent = all are. */
  allowsHost?: (authority: string) => boolean;
  say?: (problem: string) => void;
  /** For tests of clients: what goes wrong on purpose. */
  faults?: EndpointFaults;
}

/** Asked before a call is answered. */
export interface EndpointFaults {
  /** `method` as in the path, for example `/event_store.client.streams.Streams/Read`. `hang`: nothing is ever answered. `kill`: the call is cut off. */
  (method: string): 'none' | 'hang' | 'kill' | { delayMs: number };
}

export interface Endpoint {
  /** The one that it listens on. */
  port: number;
  /** Ends open calls with `unavailable`, and stops listening. */
  close(): Promise<void>;
}
