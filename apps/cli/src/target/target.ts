/** Whom a command talks to: a running server, or the store itself. Both answer the same. */
import type { ChannelsNow, EmailReport, Query } from '@rapport/engine';
import type { PlayCommand } from '@rapport/journey';
import type { ArmView, EffectsChange, EffectsView, StatusView } from '../../../server/src/index';
import type { SendBatch } from '../import/batch';

export interface TargetAnswer {
  found: boolean;
  position: number;
  json: string;
}

/** Figures since the server or this process was started. */
export interface TargetFigures {
  duplicates: number;
  /** Inputs that are parked now. */
  parked: number;
  /** Position of the last event of the log: on disk, whether the read models show it yet or not. */
  head: number;
}

export interface Target {
  /** `the server at http://127.0.0.1:3000` or `the store in ./rapport-data`. */
  readonly name: string;
  /** Folder of the store, where it is known and on this machine. */
  readonly data: string | undefined;
  readonly url: string | undefined;
  /** Sends a batch; waits and tries again while the target is busy. @throws CommandFailed (unavailable) when that takes too long */
  readonly send: SendBatch;
  query(query: Query): Promise<TargetAnswer>;
  /** Asks for a settling of everybody's history: position of the control event. */
  settle(): Promise<number>;
  /** Position of the command; undefined = nothing is parked there. */
  retryParked(position: number): Promise<number | undefined>;
  judgeClock(believe: boolean): Promise<number>;
  /**
   * Commands the plays of a customer; position of the command. `customerId` is needed by enrol and stop: the others name an action.
   * @throws CommandFailed (conflict where it was refused, not found where nobody knows the customer or the action)
   */
  command(command: PlayCommand, customerId?: string): Promise<number>;
  pause(pause: Pause): Promise<number>;
  /** Records what came back by e-mail; its position. @throws CommandFailed where it cannot be said whose it is */
  receive(report: EmailReport): Promise<number>;
  channels(): Promise<ChannelsNow>;
  figures(): Promise<TargetFigures>;
  status(): Promise<StatusView>;
  effects(): Promise<EffectsView>;
  /** In force when it resolves. */
  setEffects(change: EffectsChange): Promise<EffectsView>;
  arm(by: string): Promise<ArmView>;
  close(): Promise<void>;
}

/** Pauses or resumes a play or a channel. */
export interface Pause {
  what: 'play' | 'channel';
  name: string;
  paused: boolean;
  by: string;
}

/** How long a command waits for a target that is busy or does not answer. */
export const TARGET_BUSY_MS_MAX = 60_000;
const LOOK_MS = 50;
/** How long a settling or a command may take to show in the read models. */
export const SHOWN_WAIT_MS_MAX = 15 * 60_000;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface StageCounts {
  stages: { stage: string; engagement: string; customers: number }[];
  total: number;
  unsettled: number;
  position: number;
  asOf: string;
}

export async function readCounts(target: Target): Promise<StageCounts> {
  return JSON.parse((await target.query({ name: 'counts', params: {} })).json) as StageCounts;
}

/** Resolves true when the read models show everything up to `position`, false when the time is over or the signal says so. */
export async function waitUntilShown(target: Target, position: number, signal?: AbortSignal): Promise<boolean> {
  const until = performance.now() + SHOWN_WAIT_MS_MAX;
  while (performance.now() < until && signal?.aborted !== true) {
    if ((await readCounts(target)).position >= position) return true;
    await pause(LOOK_MS);
  }
  return false;
}

/**
 * Settles everybody's history and waits until no customer is left unsettled, or until nothing more comes of it. `onStep` is told now and then how many
 * customers are left.
 */
export async function settleAndWait(
  target: Target,
  signal?: AbortSignal,
  onStep: (unsettled: number) => void = () => undefined,
): Promise<StageCounts> {
  const position = await target.settle();
  const until = performance.now() + SHOWN_WAIT_MS_MAX;
  let counts = await readCounts(target);
  while (counts.position < position || counts.unsettled > 0) {
    if (performance.now() > until || signal?.aborted === true) return counts;
    // Before the settling is reached, what is unsettled may still be on its way to be shown.
    if (counts.position >= position) onStep(counts.unsettled);
    await pause(LOOK_MS);
    counts = await readCounts(target);
  }
  return counts;
}
