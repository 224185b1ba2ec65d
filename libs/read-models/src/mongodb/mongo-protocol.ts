/** What goes to the thread that talks to MongoDB and back. */
import type { LineEnd } from '@rapport/blocking-calls';
import type { MongoSettings } from './mongo-settings';

export interface ThreadData {
  settings: MongoSettings;
}

/** What a line is for. `partition` absent = all of them together. */
export type Serves =
  | { kind: 'engine'; generation: number; partition?: number }
  | { kind: 'queries'; generation: number }
  | { kind: 'writer'; generation: number; partition?: number; token?: number }
  | { kind: 'store' };

export type ToThread = { kind: 'serve'; id: number; serves: Serves; end: LineEnd } | { kind: 'close' };

export type FromThread =
  | { kind: 'opened' }
  | { kind: 'unfit'; detail: string }
  /** The writer of this line cannot write now; null = it goes on. */
  | { kind: 'stalled'; id: number; detail: string | null };
