/** What goes between the thread that asks for writes and the thread that writes. */
import type { PackedFlush } from './flush-pack';

export interface WriterData {
  folder: string;
  generation: number;
}

export type ToWriter = { kind: 'write'; flush: PackedFlush } | { kind: 'close' };

export type FromWriter =
  | { kind: 'opened' }
  /** Answers to writes come in the order of the writes. */
  | { kind: 'written'; ms: number }
  /** The oldest write cannot be done now; it is tried again until it can. */
  | { kind: 'stalled'; detail: string }
  | { kind: 'failed'; detail: string }
  | { kind: 'closed' };
