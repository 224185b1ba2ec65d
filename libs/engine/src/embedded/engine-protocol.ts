/** Messages between the main thread and the engine thread. */
import type { MessagePort } from 'node:worker_threads';
import type { Refusal } from '../loop/commands';
import type { Outcome, StatusSnapshot } from '../rapport.types';

export interface EngineWorkerData {
  folder: string;
  generation: number;
  logPort: MessagePort;
  settleQuietMs: number;
}

export type ToEngine =
  | { kind: 'shown'; id: number; position: number }
  | { kind: 'outcomes'; id: number; positions: Float64Array }
  | { kind: 'refusal'; id: number; position: number }
  | { kind: 'stop' };

export type EngineStatus = Pick<
  StatusSnapshot,
  | 'engine'
  | 'readModels'
  | 'duplicates'
  | 'parked'
  | 'decisions'
  | 'timersDue'
  | 'unsettledCustomers'
  | 'customers'
  | 'flush'
  | 'clock'
> & {
  recordedAt: number;
  /** Everything that was in the log at the start is folded. */
  ready: boolean;
  generation: number;
  /** Why the read models cannot be written at present, and since when (ms). */
  flushProblem: { detail: string; since: number } | null;
};

export type FromEngine =
  | { kind: 'status'; status: EngineStatus }
  | { kind: 'shown'; id: number }
  | { kind: 'outcomes'; id: number; outcomes: Outcome[] }
  | { kind: 'refusal'; id: number; refusal: Refusal | null }
  | { kind: 'stopped' }
  | { kind: 'failed'; message: string };
