import type { AppendRequest, EventStore } from '../event-store';
import type { StreamSubscription } from './following.types';
import type { Timeouts } from './limits';

export interface EventStoreDbOptions {
  /** As the client takes it: `esdb://user:password@host:2113?tls=true&tlsCAFile=...`. With several nodes it must say nodePreference=leader. */
  url: string;
  timeouts?: Partial<Timeouts>;
  /** Told what went wrong and is being mended, in plain words. */
  say?: (problem: string) => void;
}

/** What became of a request whose place in the log nobody needs at once. */
export type WriteResult =
  /** Its events stand at `firstRevision` and behind it; all their positions are at most `upToPosition`, which is the last one's where the request went alone. */
  | { ok: true; firstRevision: number; upToPosition: number }
  | { ok: false; reason: 'wrongExpectedRevision'; actual: number }
  | { ok: false; reason: 'unavailable'; detail: string; overloaded?: true };

/** An event store on an EventStoreDB or KurrentDB server, with what only such a one has. */
export interface EventStoreDb extends EventStore {
  readonly serverVersion: string;
  /** Connections for reads and subscriptions, and calls open on them. */
  readonly calls: { clients: number; calls: number };
  /** As `append`, without the read that finds out where the first event stands and what its stamp is. */
  write(requests: AppendRequest[]): Promise<WriteResult[]>;
  /** The events of one stream behind this revision (-1 = all), then live. */
  followStream(stream: string, after: number): StreamSubscription;
}
