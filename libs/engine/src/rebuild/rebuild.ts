/** Folds the log into a fresh generation of the read models, customer by customer, and checks every decision on the way. */
import type { LogReader } from '@rapport/event-store';
import type { Checkpoint, Flush } from '@rapport/read-models';
import { ClockGuard } from '../loop/clock-guard';
import { Counters } from '../loop/counters';
import { ChangesInForce, type Gathered } from '../loop/changes-in-force';
import type { CustomerRecord } from '../loop/customer-record';
import { Definitions } from '../loop/definitions';
import { buildFlush, type EngineCheckpoint, readCheckpoint } from '../loop/flush-rows';
import { newPartition, type PartitionState } from '../loop/partition-state';
import { actionStream, touchpointStream } from '../partition';
import { CustomerReplay } from './customer-replay';
import { chunksOf, gather, PASS_BYTES_MAX } from './partition-inputs';

/** Customers written at once. */
const CUSTOMERS_PER_WRITE = 5_000;
/** A touchpoint takes about this many bytes in the log: for the number of passes, which decides nothing else. */
const EVENT_BYTES_TYPICAL = 400;

export interface RebuildProgress {
  folded: number;
  total: number;
}

export interface RebuildOptions {
  log: LogReader;
  hashKey: number;
  /** The live read models' checkpoint: every decision of the inputs up to there is in the log, and no cap has left work over. */
  checkpoint: Checkpoint;
  write: (flush: Flush) => void;
  progress?: (progress: RebuildProgress) => void;
}

export interface RebuildReport {
  position: number;
  customers: number;
  inputs: number;
  decisions: number;
}

/** True where control events are through with everybody: only then a fold customer by customer stands where the live one does. */
export function isQuiet(checkpoint: Checkpoint): boolean {
  const saved = readCheckpoint(checkpoint);
  return (
    saved !== null && saved.partitions.every((partition) => partition.pending.length === 0 && partition.tickOpen === 0)
  );
}

export function rebuildInto(options: RebuildOptions): RebuildReport {
  const saved = readCheckpoint(options.checkpoint)!;
  const total = new Rebuild(options, saved);
  for (const live of saved.partitions) total.partition(live);
  return total.finish();
}

const NOTHING_GATHERED: Gathered = { changes: [], parked: [], plays: undefined };

class Rebuild {
  private readonly definitions: Definitions;
  private readonly counters = new Counters([]);
  private readonly finished: PartitionState[] = [];
  private readonly report: RebuildReport;
  private readonly totalInputs: number;

  constructor(
    private readonly options: RebuildOptions,
    private readonly saved: EngineCheckpoint & { position: number },
  ) {
    this.definitions = Definitions.read(options.log);
    this.report = { position: saved.position, customers: 0, inputs: 0, decisions: 0 };
    this.totalInputs = saved.partitions.reduce(
      (sum, own) => sum + options.log.streamHead(touchpointStream(own.partition)) + 1,
      0,
    );
  }

  partition(live: PartitionState): void {
    const events = this.options.log.streamHead(touchpointStream(live.partition)) + 1;
    const passes = Math.max(1, Math.ceil((events * EVENT_BYTES_TYPICAL) / PASS_BYTES_MAX));
    let state = newPartition(live.partition);
    for (let pass = 0; pass < passes; pass++) state = this.pass(live, { pass, of: passes });
    this.finished.push(state);
    this.attempts(live.partition);
  }

  finish(): RebuildReport {
    this.write([], NOTHING_GATHERED);
    return this.report;
  }

  private pass(live: PartitionState, share: { pass: number; of: number }): PartitionState {
    const { log, hashKey } = this.options;
    const clock = new ClockGuard(log);
    const partition = newPartition(live.partition);
    const { journeyRevision } = live;
    const gathered = gather({ log, clock, partition, share, until: this.saved.position, journeyRevision });
    const replay = new CustomerReplay(gathered, log, this.definitions, this.counters, hashKey);
    let records: CustomerRecord[] = [];
    gathered.customerIds.forEach((customerId, customer) => {
      const record = replay.replay(customer, customerId);
      this.report.inputs += gathered.inputs.size(customer);
      if (record) records.push(record);
      if (records.length < CUSTOMERS_PER_WRITE) return;
      this.write(records, replay.inForce.take());
      records = [];
    });
    this.write(records, replay.inForce.take());
    this.report.decisions += gathered.decisions.count;
    const line = replay.controlLine;
    return {
      ...partition,
      controlAt: line.atBefore(Number.MAX_SAFE_INTEGER),
      definitionVersion: line.versionBefore(Number.MAX_SAFE_INTEGER),
      tickedUntil: line.tickedUntil,
      journeyRevision,
      pauses: line.pausesBefore(Number.MAX_SAFE_INTEGER)?.slice(),
      audiencesSince: line.audiencesSince,
      audiences: line.audiences,
      // Where the partition's owner goes on; a rebuild reads the streams up to there.
      ...(live.folded && { folded: live.folded }),
    };
  }

  /** What became of the actions of a partition, all of which are written. */
  private attempts(partition: number): void {
    const inForce = new ChangesInForce();
    for (const chunk of chunksOf(this.options.log, actionStream(partition))) {
      inForce.plays.placeAttempts(chunk, this.saved.position);
      this.write([], inForce.take());
    }
  }

  private write(records: CustomerRecord[], gathered: Gathered): void {
    const { position } = this.saved;
    const { recordedAt } = this.options.checkpoint;
    const checkpoint = { partitions: this.finished };
    this.options.write(buildFlush({ position, recordedAt, checkpoint, counters: this.counters }, records, gathered));
    this.report.customers += records.length;
    this.options.progress?.({ folded: this.report.inputs, total: this.totalInputs });
  }
}
