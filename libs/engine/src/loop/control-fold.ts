/** Control events: they act on everybody in the partition at their position; caps only pace the work (decisions/0004). */
import {
  type ClockJudged,
  type ClockTicked,
  type DefinitionAdopted,
  EVENT,
  type HistorySettled,
  type ParkedRetried,
} from './control-events';
import type { AudienceDue } from '@rapport/journey';
import { partitionOf } from '../partition';
import { withPlayControl } from './play-pauses';
import type { EngineCore } from './engine-core';
import type { PartitionState, PendingControl } from './partition-state';
import { begunRun, hasAudiences } from './audience-schedule';
import { compareId } from './compare-id';
import { TreatedEarly } from './treated-early';
import { dueCustomers, waitingCustomers } from './whom';

export class ControlFold {
  constructor(private readonly core: EngineCore) {}

  /** `at` is the believed stamp; `id` the event's id, the cause of what it sets off. */
  fold(
    type: string,
    data: string,
    position: number,
    stamp: number,
    at: number,
    id: Uint8Array,
    partition: PartitionState,
  ): void {
    if (type !== EVENT.clockJudged && at > partition.controlAt) partition.controlAt = at;
    switch (type) {
      case EVENT.clockTicked:
        this.tick(JSON.parse(data) as ClockTicked, position, at, id, partition);
        return;
      case EVENT.historySettled:
        this.settle(JSON.parse(data) as HistorySettled, position, at, id, partition);
        return;
      case EVENT.definitionAdopted:
        this.adopt(JSON.parse(data) as DefinitionAdopted, position, at, id, partition);
        return;
      case EVENT.parkedRetried:
        this.retry(JSON.parse(data) as ParkedRetried, position, at, id, partition);
        return;
      case EVENT.audienceDue:
        this.audience(data, position, at, id, partition);
        return;
      case EVENT.clockJudged:
        this.core.clock.judge(JSON.parse(data) as ClockJudged, stamp, partition);
        return;
      default:
        // An input that this version does not know decides nothing; a newer version adopts its meaning explicitly.
        partition.pauses = withPlayControl(partition.pauses, type, data, partition.controlAt);
    }
  }

  private tick(tick: ClockTicked, position: number, at: number, id: Uint8Array, partition: PartitionState): void {
    const until = Math.min(tick.until, at);
    const { ids, more } = dueCustomers(this.core, partition.partition, until, tick.cap);
    this.core.load(this.core.cache.missing(ids));
    for (const customerId of ids) {
      const record = this.core.record(customerId);
      if (!record) continue;
      this.core.fold.bringUpToDate(record, partition, { id });
      this.core.fold.tick(record, until, { id });
    }
    if (until > partition.tickedUntil) partition.tickedUntil = until;
    partition.tickOpen = more ? position : 0;
  }

  private settle(event: HistorySettled, position: number, at: number, id: Uint8Array, partition: PartitionState): void {
    const control = this.opened(event.continues, partition, {
      kind: 'settle',
      position,
      at,
      after: '',
      customers: event.customers,
    });
    if (!control || control.kind !== 'settle') return;
    const named = control.customers
      ?.filter((customerId) => this.belongs(customerId, partition) && compareId(customerId, control.after) > 0)
      .sort(compareId);
    const { ids, more } = named
      ? { ids: named.slice(0, event.cap), more: named.length > event.cap }
      : waitingCustomers(this.core, partition.partition, control, event.cap);
    this.treat(ids, control, id, more, partition);
  }

  /** A control event acts in its own partition only, whomever it names. */
  private belongs(customerId: string, partition: PartitionState): boolean {
    return partitionOf(customerId, this.core.partitions.length) === partition.partition;
  }

  private adopt(
    event: DefinitionAdopted,
    position: number,
    at: number,
    id: Uint8Array,
    partition: PartitionState,
  ): void {
    if (event.continues === undefined && event.version <= partition.definitionVersion) return;
    this.core.options.definitions.require(event.version, event.semantics);
    const control = this.opened(event.continues, partition, {
      kind: 'adopt',
      position,
      at,
      after: '',
      version: event.version,
    });
    if (!control || control.kind !== 'adopt') return;
    partition.definitionVersion = Math.max(partition.definitionVersion, event.version);
    if (event.continues === undefined && hasAudiences(this.core.sources.compiledOf(event.version)))
      partition.audiencesSince = at;
    const { ids, more } = waitingCustomers(this.core, partition.partition, control, event.cap);
    this.treat(ids, control, id, more, partition);
  }

  private audience(data: string, position: number, at: number, id: Uint8Array, partition: PartitionState): void {
    const { continues, cap, play, run } = JSON.parse(data) as AudienceDue;
    const begun = begunRun(partition.audiences, EVENT.audienceDue, data);
    if (begun) partition.audiences = begun.runs;
    else if (continues === undefined) return;
    const early = new TreatedEarly();
    const control = this.opened(continues, partition, { kind: 'audience', position, at, after: '', play, run, early });
    if (control?.kind !== 'audience') return;
    const { ids, more } = waitingCustomers(this.core, partition.partition, control, cap);
    this.treat(ids, control, id, more, partition);
    control.early.passed(control.after);
  }

  private opened(
    continues: number | undefined,
    partition: PartitionState,
    fresh: PendingControl,
  ): PendingControl | undefined {
    if (continues !== undefined) return partition.pending.find((control) => control.position === continues);
    partition.pending.push(fresh);
    return fresh;
  }

  private treat(
    ids: string[],
    control: PendingControl,
    cause: Uint8Array,
    more: boolean,
    partition: PartitionState,
  ): void {
    this.core.load(this.core.cache.missing(ids));
    const records = ids.map((customerId) => this.core.record(customerId)).filter((record) => record !== undefined);
    this.core.sources.withTimelines(records, (record) =>
      this.core.fold.bringUpToDate(record, partition, { id: cause }),
    );
    control.after = ids.at(-1) ?? control.after;
    if (!more) partition.pending = partition.pending.filter((other) => other !== control);
  }

  private retry(event: ParkedRetried, position: number, at: number, id: Uint8Array, partition: PartitionState): void {
    const parked = this.core.sources.stored(event.position);
    if (parked?.type !== EVENT.touchpointRecorded || parked.subject === undefined) return;
    const outcome = this.core.foldRecorded(parked.subject, partition, {
      position,
      recordedPosition: event.position,
      at,
      event: { id },
      data: parked.data,
      personal: parked.personal,
      occurredAt: parked.occurredAt,
      parked: null,
      retry: true,
    });
    if (outcome !== 'parked') this.core.inForce.unpark(event.position);
  }
}
