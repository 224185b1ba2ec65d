/**
 * The loop's inside: chunks of the log in, decisions and changed rows out. Knows no thread, no clock and no file; the driver
 * (embedded/engine.worker.ts) feeds it, appends what it decides and writes what it flushes.
 */
import { type Chunk, EventCursor, lastPosition, positionIn } from '@rapport/event-store';
import { type CompiledDefinition, type Decision, type InputParked, PLAY_COMMANDED } from '@rapport/journey';
import { journeyStream, streamRole } from '../partition';
import { readStream } from './read-stream';
import { ChangesInForce } from './changes-in-force';
import { ClockGuard } from './clock-guard';
import { KeptRefusals, UNKNOWN_CUSTOMER } from './commands';
import { ControlFold } from './control-fold';
import { EVENT } from './control-events';
import { Counters } from './counters';
import { CustomerCache, keptMaxOf } from './customer-cache';
import { CustomerFold, type FoldOutcome, type FoldSink, type TouchpointInput } from './customer-fold';
import { type CustomerRecord, fromRow, newRecord } from './customer-record';
import { DecisionLog } from './decision-log';
import type { EngineCoreOptions } from './engine-core-options';
import { buildFlush, type EngineCheckpoint, readCheckpoint } from './flush-rows';
import { KeptOutcomes } from './kept-outcomes';
import { LogSources } from './log-sources';
import { ParkedBefore } from './parked-before';
import { newPartition, type PartitionState } from './partition-state';

/** Of each event of a chunk: the customer's id, and the record where it was in memory when the batch began. */
interface ChunkCustomers {
  ids: string[];
  records: (CustomerRecord | undefined)[];
}

const NO_EVIDENCE: readonly never[] = [];

export class EngineCore implements FoldSink {
  readonly partitions: PartitionState[];
  /** Those that this core folds. */
  readonly own: PartitionState[];
  readonly decisions: DecisionLog;
  readonly counters: Counters;
  readonly cache: CustomerCache;
  readonly inForce = new ChangesInForce();
  readonly fold: CustomerFold;
  readonly stats = { folded: 0, duplicates: 0, parked: 0 };
  /** Every event up to here is folded. */
  position: number;
  recordedAt: number;
  inputsSinceFlush = 0;
  unsettledCustomers: number;
  readonly control: ControlFold;
  readonly clock: ClockGuard;
  readonly sources: LogSources;
  /** Of inputs for callers that wait. */
  readonly outcomes = new KeptOutcomes();
  readonly refusals = new KeptRefusals();
  private readonly parkedBefore = new ParkedBefore();
  /** Customers of the batch at hand, looked up once; and the ids of those whom the read models do not know. */
  private readonly customers = new Map<Chunk, ChunkCustomers>();
  private absent: ReadonlySet<string> = new Set();
  private changedRecords: CustomerRecord[] = [];
  private flushNumber = 0;
  private readonly cursor = new EventCursor();

  constructor(readonly options: EngineCoreOptions) {
    const { reader, log, definitions, partitions, hashKey, own } = options;
    const saved = readCheckpoint(reader.checkpoint());
    this.position = saved?.position ?? 0;
    this.recordedAt = saved?.recordedAt ?? 0;
    this.partitions = Array.from({ length: partitions }, (_, partition) => newPartition(partition));
    for (const state of saved?.partitions ?? []) this.partitions[state.partition] = state;
    this.own = own === undefined ? this.partitions : [this.partitions[own]!];
    if (own !== undefined) this.partitions[own]!.folded ??= { touchpoints: -1, actions: -1 };
    this.decisions = new DecisionLog(partitions, options.decisionBytesMax);
    this.counters = new Counters(reader.counters());
    this.cache = new CustomerCache(reader, partitions, options.cachedCustomersMax);
    this.unsettledCustomers = reader.unsettledCount();
    this.sources = new LogSources(log, reader, definitions, this.partitions);
    this.fold = new CustomerFold(this.sources, this, hashKey);
    this.control = new ControlFold(this);
    this.clock = new ClockGuard(log);
    this.resumeDecisions();
  }

  /** Folds one chunk. False = held back: the clock jumped and no verdict is in the log yet; nothing of the chunk was folded. */
  foldChunk(chunk: Chunk): boolean {
    const role = streamRole(chunk.stream);
    if (role?.role === 'touchpoints') {
      const partition = this.partitions[role.partition];
      if (!partition) throw new Error(`${chunk.stream}: the store has ${this.partitions.length} partitions only`);
      const at = this.clock.believedStamp(chunk, partition);
      if (at === null) return false;
      this.foldInputs(chunk, partition, at);
    } else if (role?.role === 'actions') {
      this.inForce.plays.placeAttempts(chunk);
    } else if (role === null) {
      this.options.definitions.learn(chunk);
    }
    this.passed(chunk, role);
    return true;
  }

  /** Everything of this core's partitions up to this position is folded, although nothing of theirs stands there. */
  reached(position: number): void {
    if (position > this.position) this.position = position;
  }

  /** Reads the states of everybody who has an input in these chunks, in one query. */
  preload(chunks: Chunk[]): void {
    const missing = new Set<string>();
    this.customers.clear();
    for (const chunk of chunks) {
      if (streamRole(chunk.stream)?.role !== 'touchpoints') continue;
      const cursor = this.cursor;
      const found: ChunkCustomers = { ids: [], records: [] };
      cursor.reset(chunk);
      while (cursor.next()) {
        const { subject } = cursor;
        const held = subject === '' ? undefined : this.cache.get(subject);
        found.ids.push(subject);
        found.records.push(held);
        if (held === undefined && subject !== '' && this.cache.mayBeStored(subject)) missing.add(subject);
      }
      this.customers.set(chunk, found);
    }
    this.load([...missing]);
    this.absent = missing;
  }

  load(customerIds: string[]): void {
    if (customerIds.length === 0) return;
    const compiledOf = (version: number): CompiledDefinition => this.sources.compiledOf(version);
    for (const row of this.options.reader.load(customerIds)) {
      const counted = this.counters.countedAs(row.partition, row.stage, row.engagement);
      this.cache.keep(fromRow(row, compiledOf, counted));
    }
  }

  /** The record of a customer that is known; loads it where it is not in memory. */
  record(customerId: string): CustomerRecord | undefined {
    const held = this.cache.get(customerId);
    if (held || this.absent.has(customerId)) return held;
    this.load(this.cache.missing([customerId]));
    return this.cache.get(customerId);
  }

  decided(record: CustomerRecord, decision: Exclude<Decision, InputParked>, cause: Uint8Array): void {
    this.decisions.add(record, decision, cause, (placed) => this.inForce.place(record, decision, placed));
    // It waits for the disk now. Its evidence is in the log's bytes, no row needs it, and it is most of what would wait.
    if ('evidence' in decision) (decision as { evidence: unknown }).evidence = NO_EVIDENCE;
  }

  parked(record: CustomerRecord, decision: InputParked, input: TouchpointInput): void {
    this.stats.parked++;
    this.decisions.add(record, decision, input.event.id, () =>
      this.inForce.park(record, decision, input.recordedPosition),
    );
  }

  changed(record: CustomerRecord): void {
    this.counters.move(record);
    const unsettled = record.state.unsettled;
    if (unsettled !== record.countedUnsettled) this.unsettledCustomers += unsettled ? 1 : -1;
    record.countedUnsettled = unsettled;
    if (record.changed) return;
    record.changed = true;
    this.changedRecords.push(record);
    this.cache.markUnwritten(record);
  }

  /** Position of the oldest control event that is not through with everybody. */
  get oldestPending(): number {
    let oldest = Number.MAX_SAFE_INTEGER;
    for (const partition of this.own)
      for (const control of partition.pending) oldest = Math.min(oldest, control.position);
    return oldest;
  }

  get hasChanges(): boolean {
    return this.inputsSinceFlush > 0 || this.changedRecords.length > 0;
  }

  /** Rows and checkpoint as of `position`. Call when every decision is placed; then `written(number)` once it can be read. */
  takeFlush(): { flush: ReturnType<typeof buildFlush>; number: number } {
    const number = ++this.flushNumber;
    const flush = buildFlush(this, this.changedRecords, this.inForce.take());
    for (const record of this.changedRecords) {
      record.changed = false;
      record.flush = number;
    }
    this.changedRecords = [];
    this.inputsSinceFlush = 0;
    return { flush, number };
  }

  written(number: number): void {
    // Whom the read models did not know they may know now, and the cache may let go of them.
    this.absent = new Set();
    this.cache.written(number, keptMaxOf(this.own, this.sources));
  }

  get checkpoint(): EngineCheckpoint {
    const partitions = this.own.map((own) => ({
      ...own,
      journeyRevision: this.decisions.revision(own.partition),
    }));
    return { partitions };
  }

  /** Folded by itself, a partition's position is that of its inputs: its other streams come in their own time. */
  private passed(chunk: Chunk, role: ReturnType<typeof streamRole>): void {
    const folded = this.options.own === undefined ? undefined : this.own[0]!.folded;
    if (folded !== undefined && role?.role !== 'touchpoints') {
      if (role?.role === 'actions') folded.actions = chunk.firstRevision + chunk.count - 1;
      return;
    }
    if (folded !== undefined) folded.touchpoints = chunk.firstRevision + chunk.count - 1;
    this.position = Math.max(this.position, lastPosition(chunk));
    this.recordedAt = chunk.recordedAt;
  }

  private foldInputs(chunk: Chunk, partition: PartitionState, at: number): void {
    const cursor = this.cursor;
    const found = this.customers.get(chunk);
    cursor.reset(chunk);
    for (let i = 0; cursor.next(); i++) {
      const position = positionIn(chunk, i);
      this.inputsSinceFlush++;
      if (cursor.type === EVENT.touchpointRecorded) {
        const input: TouchpointInput = {
          position,
          recordedPosition: position,
          at,
          event: cursor,
          data: cursor.data,
          personal: cursor.personal,
          occurredAt: cursor.occurredAt,
          parked: null,
          retry: false,
        };
        this.foldRecorded(found?.ids[i] ?? cursor.subject, partition, input, found?.records[i]);
      } else if (cursor.type === PLAY_COMMANDED) {
        this.foldCommand(position, at, partition);
      } else {
        // The control fold may use the cursor's buffers again, so it gets what it needs by value.
        this.control.fold(
          cursor.type,
          cursor.data,
          position,
          chunk.recordedAt,
          at,
          Uint8Array.from(cursor.id),
          partition,
        );
      }
    }
    if (at > partition.clock) partition.clock = at;
  }

  /** `held` = the customer's record, where it was looked up already. */
  foldRecorded(
    customerId: string,
    partition: PartitionState,
    input: TouchpointInput,
    held?: CustomerRecord,
  ): FoldOutcome {
    const known = held ?? this.record(customerId);
    const record =
      known ??
      newRecord(input.position, customerId, partition.partition, this.sources.compiledOf(partition.definitionVersion));
    if (this.parkedBefore.any) input.parked = this.parkedBefore.take(input.event.id);
    const outcome = this.fold.touchpoint(record, input, partition);
    this.stats.folded++;
    if (outcome === 'duplicate') this.stats.duplicates++;
    if (outcome !== 'accepted') this.outcomes.keep(input.position, outcome);
    if (!known && outcome === 'accepted') this.cache.keep(record);
    return outcome;
  }

  /** A customer that nothing is known of has nothing that a command could be about. */
  private foldCommand(position: number, at: number, partition: PartitionState): void {
    const { cursor } = this;
    if (cursor.subject === '') return;
    const record = this.record(cursor.subject);
    const input = { data: cursor.data, at, event: cursor };
    const refusal = record ? this.fold.command(record, input, partition) : UNKNOWN_CUSTOMER;
    this.stats.folded++;
    if (refusal) this.refusals.keep(position, refusal);
  }

  /** Everything that `journey-<pp>` holds beyond the checkpoint will be decided again, and has to come out the same. */
  private resumeDecisions(): void {
    for (const partition of this.own) {
      const logged = readStream(this.options.log, journeyStream(partition.partition), partition.journeyRevision + 1);
      this.parkedBefore.learn(logged);
      this.decisions.resume(partition.partition, partition.journeyRevision, logged);
    }
  }
}
