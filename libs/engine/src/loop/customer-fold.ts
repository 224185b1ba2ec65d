/**
 * What one input does to one customer. The same code runs live, in recovery and in a rebuild, so that they cannot differ. It does no
 * I/O of its own: `FoldSources` reads for it, `FoldSink` takes what comes out.
 */
import {
  advance,
  type CompiledDefinition,
  contentKey,
  type Decision,
  decodeTouchpoint,
  type FoldedTouchpoint,
  type Input,
  type InputParked,
  UnfoldableTouchpoint,
  isProfileType,
  type ProfileState,
  type TimelineItem,
} from '@rapport/journey';
import { compareId } from './compare-id';
import { type CommandInput, readCommand, type Refusal, refusalIn } from './commands';
import type { CustomerRecord } from './customer-record';
import { type PartitionState, type PendingControl, settleConcerns } from './partition-state';
import type { KnownPause } from './play-pauses';
import { RecordFacts } from './record-facts';
import { touchpointHash } from './touchpoint-list';

/** A TouchpointRecorded as the log holds it. */
export interface RecordedTouchpoint {
  data: string;
  personal: string | undefined;
  occurredAt: number;
}

/** Asked for its id only where a decision names it as cause: a cursor makes a view of the bytes each time. */
export interface EventId {
  readonly id: Uint8Array;
}

export interface TouchpointInput extends RecordedTouchpoint {
  /** Where the input stands in the log; of the retry, where it is folded by one. */
  position: number;
  /** Where the touchpoint itself stands: another place only where a retry folds it. */
  recordedPosition: number;
  /** Believed stamp. */
  at: number;
  /** The event in the log, by its id. */
  event: EventId;
  /** What the log says where this input was parked before: replay obeys. */
  parked: InputParked | null;
  retry: boolean;
}

export interface FoldSources {
  compiledOf(version: number): CompiledDefinition;
  /** Every folded touchpoint of the customer, in log order. */
  timeline(record: CustomerRecord): TimelineItem[];
  recorded(position: number): RecordedTouchpoint;
  /** Spilled parts of the customer's list. */
  olderChunks(record: CustomerRecord): Uint8Array[];
  profile(record: CustomerRecord): ProfileState;
  /** Pauses of plays that the log knows of before the input at hand; undefined = none. */
  pauses(partition: number): readonly KnownPause[] | undefined;
  /** Told of each folded touchpoint, by sources that gather the timeline as they go. */
  folded?(touchpoint: FoldedTouchpoint, at: number): void;
}

export interface FoldSink {
  decided(record: CustomerRecord, decision: Exclude<Decision, InputParked>, cause: Uint8Array): void;
  parked(record: CustomerRecord, decision: InputParked, input: TouchpointInput): void;
  /** The record changed: it has to be flushed, and may be counted elsewhere. */
  changed(record: CustomerRecord): void;
}

export type FoldOutcome = 'accepted' | 'duplicate' | 'parked';

export class CustomerFold {
  private readonly facts: RecordFacts;

  constructor(
    private readonly sources: FoldSources,
    private readonly sink: FoldSink,
    private readonly hashKey: number,
  ) {
    this.facts = new RecordFacts(sources);
  }

  touchpoint(record: CustomerRecord, input: TouchpointInput, partition: PartitionState): FoldOutcome {
    if (input.parked !== null) return this.park(record, input, partition, input.parked.touchpointId, input.parked);
    let folded: FoldedTouchpoint;
    try {
      folded = decodeTouchpoint(input.data, input.occurredAt);
    } catch (error) {
      return this.park(record, input, partition, '', { reason: 'unreadable', detail: messageOf(error) });
    }
    const hash = touchpointHash(folded.touchpointId, this.hashKey);
    const repeat = this.findRepeat(record, hash, folded, input);
    if (repeat === 'duplicate') return 'duplicate';
    if (repeat === 'conflict') return this.park(record, input, partition, folded.touchpointId, CONFLICT);
    return this.foldNew(record, hash, folded, input, partition);
  }

  /** Null = done, or nothing that this version knows. What it says stands in the decisions. */
  command(record: CustomerRecord, input: CommandInput, partition: PartitionState): Refusal | null {
    const command = readCommand(input.data);
    if (command === null) return null;
    this.bringUpToDate(record, partition, input.event);
    const at = Math.max(record.lastAt, partition.controlAt, input.at);
    const decisions = this.apply(record, { kind: 'command', command, at }, input.event);
    record.lastAt = at;
    return refusalIn(decisions);
  }

  /** Fires the timers due up to `until`. */
  tick(record: CustomerRecord, until: number, cause: EventId): void {
    const due = record.state.due;
    if (due === null || due > until) return;
    this.apply(record, { kind: 'timer', at: until }, cause);
  }

  /** Applies what control events so far still owe this customer, each at its own moment. */
  bringUpToDate(record: CustomerRecord, partition: PartitionState, cause: EventId): void {
    for (const control of partition.pending) this.control(record, control, cause);
    // A tick whose cap left this customer over has taken effect all the same.
    this.tick(record, partition.tickedUntil, cause);
  }

  control(record: CustomerRecord, control: PendingControl, cause: EventId): void {
    if (control.kind === 'settle') {
      const waits = record.state.unsettled && record.unsettledSince < control.position;
      if (!waits || !settleConcerns(control, record.customerId)) return;
      this.tick(record, control.at, cause);
      this.apply(record, { kind: 'settle', at: Math.max(control.at, record.lastAt) }, cause);
      return;
    }
    if (control.kind === 'audience') {
      this.audience(record, control, cause);
      return;
    }
    if (record.state.definitionVersion >= control.version) return;
    this.tick(record, control.at, cause);
    const compiled = this.sources.compiledOf(control.version);
    const at = Math.max(control.at, record.lastAt);
    this.apply(record, { kind: 'definition', at }, cause, undefined, compiled);
  }

  /** Who came after the run began is not of its audience; everybody else is reached once, before their next own input. */
  private audience(record: CustomerRecord, control: PendingControl & { kind: 'audience' }, cause: EventId): void {
    const { no, customerId } = record;
    if (no >= control.position || compareId(customerId, control.after) <= 0 || control.early.has(customerId)) return;
    control.early.add(customerId);
    this.tick(record, control.at, cause);
    const { play, run } = control;
    this.apply(record, { kind: 'audience', play, run, at: Math.max(control.at, record.lastAt) }, cause);
  }

  private foldNew(
    record: CustomerRecord,
    hash: number,
    folded: FoldedTouchpoint,
    input: TouchpointInput,
    partition: PartitionState,
  ): FoldOutcome {
    this.bringUpToDate(record, partition, input.event);
    const at = Math.max(record.lastAt, partition.controlAt, input.at);
    try {
      const given: Input = { kind: 'touchpoint', touchpoint: folded, at, retry: input.retry };
      this.apply(record, given, input.event, input.personal);
    } catch (error) {
      if (!(error instanceof UnfoldableTouchpoint)) throw error;
      return this.park(record, input, partition, folded.touchpointId, { reason: 'failed', detail: error.message });
    }
    record.lastAt = at;
    this.sources.folded?.(folded, input.at);
    if (folded.history && record.unsettledSince === 0) record.unsettledSince = input.position;
    const chunk = record.list.add(hash, input.position, folded.occurredAt);
    if (chunk) record.newChunks = [...record.newChunks, { no: record.no, chunk: chunk.chunk, bytes: chunk.bytes }];
    if (isProfileType(folded.type)) this.facts.of(record, input.personal).learn(folded);
    return 'accepted';
  }

  private findRepeat(
    record: CustomerRecord,
    hash: number,
    folded: FoldedTouchpoint,
    input: TouchpointInput,
  ): 'duplicate' | 'conflict' | null {
    if (record.list.needsOlder) record.list.loadOlder(this.sources.olderChunks(record));
    const candidates = record.list.find(hash);
    if (candidates === null) return null;
    for (const position of candidates) {
      const earlier = this.sources.recorded(position);
      const first = decodeTouchpoint(earlier.data, earlier.occurredAt);
      if (first.touchpointId !== folded.touchpointId) continue;
      const same = contentKey(first, earlier.personal ?? '') === contentKey(folded, input.personal ?? '');
      return same ? 'duplicate' : 'conflict';
    }
    return null;
  }

  private park(
    record: CustomerRecord,
    input: TouchpointInput,
    partition: PartitionState,
    touchpointId: string,
    why: Pick<InputParked, 'reason' | 'detail'>,
  ): FoldOutcome {
    // Its place among the customer's decisions is behind what control events before it set off.
    this.bringUpToDate(record, partition, input.event);
    const at = Math.max(record.lastAt, partition.controlAt, input.at);
    const { reason, detail } = why;
    this.sink.parked(record, { type: 'InputParked', touchpointId, at, reason, detail }, input);
    return 'parked';
  }

  private apply(
    record: CustomerRecord,
    input: Input,
    cause: EventId,
    personal?: string,
    under?: CompiledDefinition,
  ): readonly Decision[] {
    const compiled = under ?? this.sources.compiledOf(record.state.definitionVersion);
    const facts = compiled.plays === null ? undefined : this.facts.of(record, personal);
    let result = advance(compiled, record.state, input, undefined, facts);
    if (result.needs) {
      const timeline = this.sources.timeline(record);
      result = advance(compiled, record.state, input, timeline, facts);
      if (result.needs) throw new Error(`customer ${record.customerId}: advance asked twice for the timeline`);
    }
    record.state = result.state;
    if (!result.state.unsettled) record.unsettledSince = 0;
    for (const decision of result.decisions) {
      if (decision.type === 'InputParked') throw new Error('advance parks nothing: it refuses');
      this.sink.decided(record, decision, cause.id);
    }
    this.sink.changed(record);
    return result.decisions;
  }
}

const CONFLICT: Pick<InputParked, 'reason' | 'detail'> = {
  reason: 'conflict',
  detail:
    'other content came earlier under the same customerId and touchpointId; the first stays. Send it under an id of its own',
};

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
