/**
 * The inputs of one share of a partition's customers, gathered in memory: the records side by side in one buffer, numbers about them
 * in typed arrays, sorted by customer. Folding customer by customer keeps one state in the processor's cache.
 */
import { type Chunk, EventCursor, type LogReader } from '@rapport/event-store';
import { PLAY_COMMANDED } from '@rapport/journey';
import { EVENT, type ParkedRetried } from '../loop/control-events';
import { type PartitionState } from '../loop/partition-state';
import type { ClockGuard } from '../loop/clock-guard';
import { customerHash, journeyStream, touchpointStream } from '../partition';

/** Bytes of records that one pass holds; a larger partition is folded in several passes over its customers. */
export const PASS_BYTES_MAX = 160 * 1024 * 1024;
const EVENTS_PER_READ = 20_000;

/** Which customers of the partition a pass takes: those with hash modulo `of` equal to `pass`. */
export interface Share {
  pass: number;
  of: number;
}

/** A control event, in log order. */
export interface Control {
  type: string;
  data: string;
  id: Uint8Array;
  position: number;
  stamp: number;
  at: number;
}

/** Numbers in a growing typed array: a plain array of millions would be boxed and copied. */
class Numbers {
  private values = new Float64Array(1_024);
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const grown = new Float64Array(this.length * 2);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[this.length++] = value;
  }

  at(index: number): number {
    return this.values[index]!;
  }
}

/** Records of many customers, each customer's together and in log order. */
export class GroupedRecords {
  private bytes = Buffer.allocUnsafeSlow(1 << 20);
  private end = 0;
  private readonly offsets = new Numbers();
  private readonly positions = new Numbers();
  private readonly stamps = new Numbers();
  private readonly customers = new Numbers();
  private starts = new Uint32Array(0);
  private order = new Uint32Array(0);

  add(record: Uint8Array, customer: number, position: number, stamp: number): void {
    if (this.end + record.length > this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.end + record.length));
      this.bytes.copy(grown, 0, 0, this.end);
      this.bytes = grown;
    }
    this.bytes.set(record, this.end);
    this.offsets.push(this.end);
    this.positions.push(position);
    this.stamps.push(stamp);
    this.customers.push(customer);
    this.end += record.length;
  }

  get count(): number {
    return this.offsets.length;
  }

  /** Counting sort by customer; stable, so log order stays. */
  group(customers: number): void {
    const starts = new Uint32Array(customers + 1);
    for (let i = 0; i < this.count; i++) starts[this.customers.at(i) + 1]!++;
    for (let c = 0; c < customers; c++) starts[c + 1]! += starts[c]!;
    const next = starts.slice();
    const order = new Uint32Array(this.count);
    for (let i = 0; i < this.count; i++) order[next[this.customers.at(i)]!++] = i;
    this.starts = starts;
    this.order = order;
  }

  size(customer: number): number {
    return customer + 1 < this.starts.length ? this.starts[customer + 1]! - this.starts[customer]! : 0;
  }

  position(customer: number, index: number): number {
    return this.positions.at(this.order[this.starts[customer]! + index]!);
  }

  stamp(customer: number, index: number): number {
    return this.stamps.at(this.order[this.starts[customer]! + index]!);
  }

  /** Moves the cursor onto a record; its fields can then be read. */
  seek(cursor: EventCursor, customer: number, index: number): void {
    const i = this.order[this.starts[customer]! + index]!;
    cursor.seek(this.bytes, this.offsets.at(i), this.positions.at(i));
  }
}

export interface PartitionInputs {
  /** In the order of their first input. */
  customerIds: string[];
  inputs: GroupedRecords;
  decisions: GroupedRecords;
  controls: Control[];
  /** The partition's clock after the last input. */
  partition: PartitionState;
}

export interface GatherOptions {
  log: LogReader;
  clock: ClockGuard;
  partition: PartitionState;
  share: Share;
  /** Inputs up to this position, decisions up to this revision. */
  until: number;
  journeyRevision: number;
}

export function gather(options: GatherOptions): PartitionInputs {
  const { log, partition, share } = options;
  const customers = new Map<string, number>();
  const inputs = new GroupedRecords();
  const decisions = new GroupedRecords();
  const controls: Control[] = [];
  const customerOf = (id: string): number => {
    if (share.of > 1 && Math.floor(customerHash(id) / SHARE_DIVISOR) % share.of !== share.pass) return -1;
    let customer = customers.get(id);
    if (customer === undefined) customers.set(id, (customer = customers.size));
    return customer;
  };
  gatherInputs(options, customerOf, inputs, controls);
  for (const chunk of chunksOf(log, journeyStream(partition.partition))) {
    if (chunk.firstRevision > options.journeyRevision) break;
    const cursor = new EventCursor().reset(chunk);
    while (cursor.next()) {
      if (cursor.revision > options.journeyRevision) break;
      const customer = customerOf(cursor.subject);
      if (customer >= 0) decisions.add(cursor.record, customer, cursor.position, chunk.recordedAt);
    }
  }
  inputs.group(customers.size);
  decisions.group(customers.size);
  return { customerIds: [...customers.keys()], inputs, decisions, controls, partition };
}

/** The partition was chosen by the low part of the hash; a share by the next one. */
const SHARE_DIVISOR = 64;

function gatherInputs(
  options: GatherOptions,
  customerOf: (id: string) => number,
  inputs: GroupedRecords,
  controls: Control[],
): void {
  const { log, clock, partition, until } = options;
  for (const chunk of chunksOf(log, touchpointStream(partition.partition))) {
    if (chunk.firstPosition > until) return;
    const at = clock.believedStamp(chunk, partition);
    if (at === null)
      throw new Error(
        `${chunk.stream}: the clock jumped at position ${chunk.firstPosition} and no verdict is in the log`,
      );
    const cursor = new EventCursor().reset(chunk);
    while (cursor.next() && cursor.position <= until) {
      if (cursor.type === EVENT.touchpointRecorded || cursor.type === PLAY_COMMANDED) {
        const customer = cursor.subject === '' ? -1 : customerOf(cursor.subject);
        if (customer >= 0) inputs.add(cursor.record, customer, cursor.position, at);
        continue;
      }
      const control = {
        type: cursor.type,
        data: cursor.data,
        id: Uint8Array.from(cursor.id),
        position: cursor.position,
        stamp: chunk.recordedAt,
        at,
      };
      controls.push(control);
      if (control.type === EVENT.parkedRetried) {
        const [parked] = log.at([(JSON.parse(control.data) as ParkedRetried).position]);
        const customer = parked?.subject === undefined ? -1 : customerOf(parked.subject);
        if (customer >= 0) inputs.add(cursor.record, customer, cursor.position, at);
      } else if (control.type === EVENT.clockJudged) {
        clock.judge(JSON.parse(control.data) as Parameters<ClockGuard['judge']>[0], control.stamp, partition);
      }
    }
    if (at > partition.clock) partition.clock = at;
  }
}

export function* chunksOf(log: LogReader, stream: string): Generator<Chunk> {
  for (let revision = 0; ;) {
    const chunks = log.streamChunks(stream, revision, EVENTS_PER_READ);
    const last = chunks.at(-1);
    if (!last) return;
    yield* chunks;
    revision = last.firstRevision + last.count;
  }
}
