/** Messages between the main thread and the dispatch thread. */
import type { MessagePort } from 'node:worker_threads';
import type { ChannelOptions } from '../channels/registry';
import type { EffectsSet, Unarmed } from '../dispatch/instance.types';
import type { LinkSettings } from '../links/link-secret';
import type { LogEntry } from '../rapport.types';

/** What the configuration says of messages. Secrets stand in it: it is never logged. */
export interface DispatchOptions extends LinkSettings {
  channels: ChannelOptions;
}

export interface DispatchWorkerData {
  folder: string;
  generation: number;
  logPort: MessagePort;
  options: DispatchOptions;
}

export interface DispatchStatus {
  effects: EffectsSet;
  unarmed: Unarmed | null;
  /** Actions that are not over, attempts under way. */
  open: number;
  underWay: number;
  /** By name. */
  pausedChannels: string[];
  position: number;
}

export type ToDispatch = { kind: 'stop' };

export type FromDispatch =
  | { kind: 'ready' }
  | { kind: 'status'; status: DispatchStatus }
  | { kind: 'log'; entry: LogEntry }
  | { kind: 'stopped' }
  | { kind: 'failed'; message: string };
