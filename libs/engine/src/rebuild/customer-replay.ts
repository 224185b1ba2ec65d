/** Folds one customer from its first input to its last, alone: the same CustomerFold as the live engine, other sources. */
import { EventCursor, type LogReader } from '@rapport/event-store';
import type {
  CompiledDefinition,
  Decision,
  FoldedTouchpoint,
  InputParked,
  ProfileState,
  TimelineItem,
} from '@rapport/journey';
import { emptyProfile, PLAY_COMMANDED } from '@rapport/journey';
import { hasAudiences } from '../loop/audience-schedule';
import { ChangesInForce } from '../loop/changes-in-force';
import { EVENT, type ParkedRetried } from '../loop/control-events';
import type { Counters } from '../loop/counters';
import {
  CustomerFold,
  type FoldSink,
  type FoldSources,
  type RecordedTouchpoint,
  type TouchpointInput,
} from '../loop/customer-fold';
import { type CustomerRecord, newRecord } from '../loop/customer-record';
import { decisionJson } from '../loop/decision-json';
import type { Definitions } from '../loop/definitions';
import { aroundDifference } from '../loop/first-difference';
import { textOf } from '../loop/log-sources';
import type { PartitionState } from '../loop/partition-state';
import type { KnownPause } from '../loop/play-pauses';
import { TreatedEarly } from '../loop/treated-early';
import { ControlLine } from './controls';
import type { GroupedRecords, PartitionInputs } from './partition-inputs';

/** The rebuilt decision is not the logged one. */
export class RebuildDiffers extends Error {
  constructor(customerId: string, position: number, logged: string, decided: string) {
    const [inLog, rebuilt] = aroundDifference(logged, decided);
    super(
      `customer ${customerId}: the log holds another decision at position ${position} than the rebuild comes to.\n  in the log: ${inLog}\n  rebuilt:    ${rebuilt}\n` +
        'Nothing was switched. Run the version of Rapport that wrote the log.',
    );
  }
}

export class CustomerReplay implements FoldSources, FoldSink {
  readonly inForce = new ChangesInForce();
  private readonly fold: CustomerFold;
  private readonly cursor = new EventCursor();
  private readonly decisionCursor = new EventCursor();
  private readonly controls: ControlLine;
  private readonly inputs: GroupedRecords;
  private readonly decisions: GroupedRecords;
  private readonly partition: PartitionState;
  /** Position of what is folded at the moment. */
  private at = 0;
  private customer = 0;
  private customerId = '';
  private nextDecision = 0;
  private items: TimelineItem[] = [];
  private spilled: Uint8Array[] = [];
  private parkedBefore: Map<string, InputParked> | null = null;

  constructor(
    gathered: PartitionInputs,
    private readonly log: LogReader,
    private readonly definitions: Definitions,
    private readonly counters: Counters,
    hashKey: number,
  ) {
    this.inputs = gathered.inputs;
    this.decisions = gathered.decisions;
    this.controls = new ControlLine(gathered.controls, (version) => hasAudiences(definitions.compiled(version)));
    // Nothing is ever pending here: each control event is applied in its place.
    this.partition = { ...gathered.partition, pending: [], tickedUntil: 0, tickOpen: 0 };
    this.fold = new CustomerFold(this, this, hashKey);
  }

  get controlLine(): ControlLine {
    return this.controls;
  }

  /** Null where every input of the customer was parked. */
  replay(customer: number, customerId: string): CustomerRecord | null {
    this.customer = customer;
    this.customerId = customerId;
    this.nextDecision = 0;
    this.items = [];
    this.spilled = [];
    this.parkedBefore = this.findParked();
    let record: CustomerRecord | null = null;
    let after = 0;
    const count = this.inputs.size(customer);
    for (let i = 0; i < count; i++) {
      const position = this.inputs.position(customer, i);
      if (record) this.applyControls(record, after, position);
      record = this.foldInput(record, i, position);
      after = position;
    }
    if (record) this.applyControls(record, after, Number.MAX_SAFE_INTEGER);
    if (this.nextDecision < this.decisions.size(customer)) {
      this.decisions.seek(this.decisionCursor, customer, this.nextDecision);
      throw new RebuildDiffers(
        customerId,
        this.decisionCursor.position,
        `${this.decisionCursor.type} ${this.decisionCursor.data}`,
        'nothing',
      );
    }
    return record;
  }

  // ---- sources ----

  compiledOf(version: number): CompiledDefinition {
    return this.definitions.compiled(version);
  }

  timeline(): TimelineItem[] {
    return this.items;
  }

  recorded(position: number): RecordedTouchpoint {
    for (let i = 0; i < this.inputs.size(this.customer); i++) {
      if (this.inputs.position(this.customer, i) !== position) continue;
      const earlier = new EventCursor();
      this.inputs.seek(earlier, this.customer, i);
      return this.sent(earlier);
    }
    throw new Error(`customer ${this.customerId} has no input at position ${position}`);
  }

  olderChunks(): Uint8Array[] {
    return this.spilled;
  }

  profile(): ProfileState {
    return emptyProfile();
  }

  pauses(): readonly KnownPause[] | undefined {
    return this.controls.pausesBefore(this.at);
  }

  folded(touchpoint: FoldedTouchpoint, at: number): void {
    this.items.push({ touchpoint, at: Math.max(at, this.items.at(-1)?.at ?? 0) });
  }

  // ---- sink ----

  decided(record: CustomerRecord, decision: Exclude<Decision, InputParked>): void {
    const placed = this.match(decision);
    this.inForce.place(record, decision, placed);
  }

  parked(record: CustomerRecord, decision: InputParked, input: TouchpointInput): void {
    this.match(decision);
    this.inForce.park(record, decision, input.recordedPosition);
  }

  changed(record: CustomerRecord): void {
    this.counters.move(record);
  }

  // ---- inside ----

  private foldInput(known: CustomerRecord | null, index: number, position: number): CustomerRecord | null {
    const { cursor, partition } = this;
    this.at = position;
    this.inputs.seek(cursor, this.customer, index);
    if (cursor.type === PLAY_COMMANDED) {
      if (known) this.foldCommand(known, index, position);
      return known;
    }
    const retry = cursor.type === EVENT.parkedRetried;
    const recordedPosition = retry ? (JSON.parse(cursor.data) as ParkedRetried).position : position;
    const sent = this.sent(cursor);
    partition.controlAt = this.controls.atBefore(position);
    if (!known) partition.definitionVersion = this.controls.versionBefore(position);
    const record =
      known ?? newRecord(position, this.customerId, partition.partition, this.compiledOf(partition.definitionVersion));
    const outcome = this.fold.touchpoint(
      record,
      {
        position,
        recordedPosition,
        at: this.inputs.stamp(this.customer, index),
        event: cursor,
        data: sent.data,
        personal: sent.personal,
        occurredAt: sent.occurredAt,
        parked: this.parkedBefore?.get(hex(cursor.id)) ?? null,
        retry,
      },
      partition,
    );
    if (retry && outcome !== 'parked') this.inForce.unpark(recordedPosition);
    if (record.newChunks.length > this.spilled.length) this.spilled = record.newChunks.map((chunk) => chunk.bytes);
    return known ?? (outcome === 'accepted' ? record : null);
  }

  private foldCommand(record: CustomerRecord, index: number, position: number): void {
    const { cursor, partition } = this;
    partition.controlAt = this.controls.atBefore(position);
    const at = this.inputs.stamp(this.customer, index);
    this.fold.command(record, { data: cursor.data, at, event: cursor }, partition);
  }

  /** Settlings, adoptions and ticks between two positions, in log order. */
  private applyControls(record: CustomerRecord, after: number, before: number): void {
    let from = after;
    for (const control of this.controls.begun) {
      if (control.position <= after) continue;
      if (control.position >= before) break;
      this.applyTicks(record, from, control.position);
      this.at = control.position;
      // A run is reached by each customer once: here each comes alone.
      const own = control.kind === 'audience' ? { ...control, early: new TreatedEarly() } : control;
      this.fold.control(record, own, control);
      from = control.position;
    }
    this.applyTicks(record, from, before);
  }

  private applyTicks(record: CustomerRecord, after: number, before: number): void {
    let from = after;
    while (record.state.due !== null) {
      const tick = this.controls.tickFor(record.state.due, from, before);
      if (!tick) return;
      this.at = tick.position;
      this.fold.tick(record, tick.until, tick);
      from = tick.position;
    }
  }

  private match(decision: Decision): { position: number; recordedAt: number } {
    const cursor = this.decisionCursor;
    const text = decisionJson(decision);
    if (this.nextDecision >= this.decisions.size(this.customer)) {
      throw new RebuildDiffers(this.customerId, 0, 'nothing', `${decision.type} ${text}`);
    }
    this.decisions.seek(cursor, this.customer, this.nextDecision);
    if (cursor.type !== decision.type || cursor.data !== text) {
      throw new RebuildDiffers(
        this.customerId,
        cursor.position,
        `${cursor.type} ${cursor.data}`,
        `${decision.type} ${text}`,
      );
    }
    const recordedAt = this.decisions.stamp(this.customer, this.nextDecision++);
    return { position: cursor.position, recordedAt };
  }

  private findParked(): Map<string, InputParked> | null {
    let parked: Map<string, InputParked> | null = null;
    for (let i = 0; i < this.decisions.size(this.customer); i++) {
      this.decisions.seek(this.decisionCursor, this.customer, i);
      const { type, causationId, data } = this.decisionCursor;
      if (type === 'InputParked' && causationId)
        (parked ??= new Map()).set(hex(causationId), JSON.parse(data) as InputParked);
    }
    return parked;
  }

  private sent(cursor: EventCursor): RecordedTouchpoint {
    if (cursor.type !== EVENT.parkedRetried)
      return { data: cursor.data, personal: cursor.personal, occurredAt: cursor.occurredAt };
    const [original] = this.log.at([(JSON.parse(cursor.data) as ParkedRetried).position]);
    if (!original) throw new Error(`customer ${this.customerId}: a retry names a position that the log does not hold`);
    return textOf(original);
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
