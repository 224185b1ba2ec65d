/**
 * What the engine writes into the inputs by itself, when it has read a partition to its head: ticks for due timers, settlings after a
 * quiet time, continuations of what a cap cut, adoptions of a newer definition, and a heartbeat. One control event for each
 * partition at a time: the next is asked for when the last one came back.
 */
import { randomBytes } from 'node:crypto';
import { type AppendRequest, type Chunk, EventCursor, pack } from '@rapport/event-store';
import { touchpointStream } from '../partition';
import { type AudienceRun, AudienceSchedule } from './audience-schedule';
import {
  ADOPT_CAP_CUSTOMERS,
  AUDIENCE_CAP_CUSTOMERS,
  CLOCK_HEARTBEAT_MS,
  EVENT,
  HISTORY_QUIET_MS,
  SEMANTICS,
  SETTLE_CAP_CUSTOMERS,
  TICK_CAP_CUSTOMERS,
} from './control-events';
import { DEFINITION_NAME } from './definitions';
import type { EngineCore } from './engine-core';
import type { PartitionState } from './partition-state';
import { earliestDue } from './whom';

/** What idle work writes; operators may write them too, which asks once more than needed. */
const ASKED_FOR: ReadonlySet<string> = new Set([
  EVENT.clockTicked,
  EVENT.definitionAdopted,
  EVENT.historySettled,
  EVENT.audienceDue,
]);

/** A partition's timers are looked at no more often than this. */
export const TICK_INTERVAL_MS = 1_000;
const ID_BYTES = 16;

interface Watch {
  /** A control event is on its way. */
  asked: boolean;
  /** No timer can be due before this moment. */
  nextLook: number;
  historyFolded: number;
  quietSince: number;
}

export class IdleWork {
  private readonly watches: Watch[];
  private readonly audiences: AudienceSchedule;

  constructor(
    private readonly core: EngineCore,
    private readonly settleQuietMs: number = HISTORY_QUIET_MS,
  ) {
    this.audiences = new AudienceSchedule(core.options.definitions);
    this.watches = core.partitions.map(() => ({ asked: false, nextLook: 0, historyFolded: -1, quietSince: 0 }));
  }

  /** Appends to make now; empty where nothing is to do. Call only when everything in the log is folded. */
  wanted(now: number): AppendRequest[] {
    const requests: AppendRequest[] = [];
    for (const partition of this.core.own) {
      const watch = this.watches[partition.partition]!;
      if (watch.asked) continue;
      const control =
        this.continuation(partition) ??
        this.adoption(partition) ??
        this.audience(partition, now) ??
        this.tick(partition, watch, now) ??
        this.quiet(partition, watch, now);
      if (!control) continue;
      watch.asked = true;
      requests.push(controlRequest(partition.partition, control.type, control.data, now));
    }
    return requests;
  }

  /** A chunk was folded: where it held a control event, what was asked for came back. */
  folded(partition: number, chunk: Chunk): void {
    if (!this.watches[partition]!.asked) return;
    const cursor = new EventCursor().reset(chunk);
    while (cursor.next()) if (ASKED_FOR.has(cursor.type)) this.answered(partition);
  }

  /** The control event of this partition was folded, or could not be appended: ask again where more is left. */
  answered(partition: number): void {
    const watch = this.watches[partition]!;
    watch.asked = false;
    watch.nextLook = 0;
  }

  private continuation(partition: PartitionState): Control | null {
    const control = partition.pending[0];
    if (control) {
      const { position: continues, after } = control;
      if (control.kind === 'settle')
        return { type: EVENT.historySettled, data: { cap: SETTLE_CAP_CUSTOMERS, continues, after } };
      if (control.kind === 'audience') return audienceDue(control, { continues, after });
      const { version } = control;
      return {
        type: EVENT.definitionAdopted,
        data: { name: DEFINITION_NAME, version, semantics: SEMANTICS, cap: ADOPT_CAP_CUSTOMERS, continues, after },
      };
    }
    if (partition.tickOpen === 0) return null;
    return {
      type: EVENT.clockTicked,
      data: { until: partition.tickedUntil, cap: TICK_CAP_CUSTOMERS, continues: partition.tickOpen },
    };
  }

  private adoption(partition: PartitionState): Control | null {
    const version = this.core.options.definitions.latest;
    if (version <= partition.definitionVersion) return null;
    return {
      type: EVENT.definitionAdopted,
      data: { name: DEFINITION_NAME, version, semantics: SEMANTICS, cap: ADOPT_CAP_CUSTOMERS },
    };
  }

  private audience(partition: PartitionState, now: number): Control | null {
    const run = partition.distrust ? null : this.audiences.due(partition, now);
    return run && audienceDue(run, {});
  }

  private tick(partition: PartitionState, watch: Watch, now: number): Control | null {
    // While the clock is judged wrong nobody's timers fire by it.
    if (now < watch.nextLook || partition.distrust) return null;
    const heartbeat = partition.clock > 0 && now - partition.clock >= CLOCK_HEARTBEAT_MS;
    const due = earliestDue(this.core, partition.partition);
    watch.nextLook = now + TICK_INTERVAL_MS;
    if (!heartbeat && (due === null || due > now)) return null;
    return { type: EVENT.clockTicked, data: { until: now, cap: TICK_CAP_CUSTOMERS } };
  }

  private quiet(partition: PartitionState, watch: Watch, now: number): Control | null {
    if (this.core.unsettledCustomers === 0) return null;
    const { folded } = this.core.stats;
    if (folded !== watch.historyFolded) {
      watch.historyFolded = folded;
      watch.quietSince = now;
    }
    if (now - watch.quietSince < this.settleQuietMs || !this.hasUnsettled(partition.partition)) return null;
    return { type: EVENT.historySettled, data: { cap: SETTLE_CAP_CUSTOMERS } };
  }

  private hasUnsettled(partition: number): boolean {
    for (const record of this.core.cache.unwrittenOf(partition)) if (record.state.unsettled) return true;
    for (const id of this.core.options.reader.unsettled(partition, ''))
      if (!this.core.cache.isUnwritten(id)) return true;
    return false;
  }
}

function audienceDue({ play, run }: AudienceRun, place: { continues?: number; after?: string }): Control {
  return { type: EVENT.audienceDue, data: { play, run, cap: AUDIENCE_CAP_CUSTOMERS, ...place } };
}

interface Control {
  type: string;
  data: object;
}

/** One control event, ready to append. */
export function controlRequest(partition: number, type: string, data: object, now: number): AppendRequest {
  const event = {
    id: randomBytes(ID_BYTES),
    type,
    schemaVersion: 1,
    occurredAt: now,
    data: Buffer.from(JSON.stringify(data)),
  };
  return { stream: touchpointStream(partition), expected: 'any', events: pack([event]) };
}
