/** What a partition knows beside its customers: its clock, its definition, and control events that still have customers to treat. */
import type { HistorySettled } from './control-events';
import type { AudienceRun } from './audience-schedule';
import type { KnownPause } from './play-pauses';
import type { TreatedEarly } from './treated-early';

/** A settling, adoption or audience run that has begun and is not through with everybody. */
export type PendingControl =
  | { kind: 'settle'; position: number; at: number; after: string; customers?: string[] }
  | { kind: 'adopt'; position: number; at: number; after: string; version: number }
  | { kind: 'audience'; position: number; at: number; after: string; play: string; run: number; early: TreatedEarly };

export interface PartitionState {
  readonly partition: number;
  /** Stamp of the newest control event; part of everybody's engine time. */
  controlAt: number;
  /** Greatest believed stamp of the partition's inputs: what a jump is measured against. 0 = none yet. */
  clock: number;
  /** Set while stamps ahead of the clock were judged wrong. */
  distrust: boolean;
  /** Runs of inputs (log positions, both included) whose stamp was not believed, and the engine time they were folded at. */
  frozen: { from: number; to: number; at: number }[];
  definitionVersion: number;
  /** Revision of the last event of `journey-<pp>` that is folded in; -1 = none. */
  journeyRevision: number;
  pending: PendingControl[];
  /** Until when timers have fired, as far as ticks go. */
  tickedUntil: number;
  /** Position of a tick whose cap left customers over; 0 = none. */
  tickOpen: number;
  /** Undefined = no play was ever paused, as in stores without plays. */
  pauses: KnownPause[] | undefined;
  /** When a version with audiences was adopted last; undefined = never. */
  audiencesSince: number | undefined;
  /** The last run of each audience; undefined = none ever ran. */
  audiences: AudienceRun[] | undefined;
  /** Where the partition is folded by itself: revisions of the last events of its streams that are folded; -1 = none. */
  folded?: { touchpoints: number; actions: number };
}

export function newPartition(partition: number): PartitionState {
  return {
    partition,
    controlAt: 0,
    clock: 0,
    distrust: false,
    frozen: [],
    definitionVersion: 0,
    journeyRevision: -1,
    pending: [],
    tickedUntil: 0,
    tickOpen: 0,
    pauses: undefined,
    audiencesSince: undefined,
    audiences: undefined,
  };
}

export function settleConcerns(control: Pick<HistorySettled, 'customers'>, customerId: string): boolean {
  return control.customers === undefined || control.customers.includes(customerId);
}

/** The stamp that counts for an input of this partition. */
export function believed(partition: PartitionState, position: number, recordedAt: number): number {
  for (const run of partition.frozen) if (position >= run.from && position <= run.to) return run.at;
  return recordedAt;
}
