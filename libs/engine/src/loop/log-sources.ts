/** What the fold reads back: earlier touchpoints from the log, spilled lists and profiles from the read models. */
import type { LogReader, StoredEvent } from '@rapport/event-store';
import {
  type CompiledDefinition,
  decodeTouchpoint,
  type FoldedTouchpoint,
  type ProfileState,
  type TimelineItem,
} from '@rapport/journey';
import type { EngineReader } from '@rapport/read-models';
import { EVENT, type ParkedRetried } from './control-events';
import { type CustomerRecord, loadProfile } from './customer-record';
import type { FoldSources, RecordedTouchpoint } from './customer-fold';
import type { Definitions } from './definitions';
import { believed, type PartitionState } from './partition-state';

/** An event of the log with its parts as text. */
export interface StoredText extends RecordedTouchpoint {
  type: string;
  subject: string | undefined;
  recordedAt: number;
}

/** Touchpoints that are read ahead at one time, give or take one customer's. About 500 bytes each. */
export const PREFETCHED_TOUCHPOINTS_MAX = 25_000;

/** A folded touchpoint, and when its input was recorded. */
interface Stamped {
  touchpoint: FoldedTouchpoint;
  recordedAt: number;
}

export class LogSources implements FoldSources {
  private readonly prefetched = new Map<number, Stamped>();

  constructor(
    private readonly log: LogReader,
    private readonly reader: EngineReader,
    private readonly definitions: Definitions,
    private readonly partitions: PartitionState[],
  ) {}

  compiledOf(version: number): CompiledDefinition {
    return this.definitions.compiled(version);
  }

  timeline(record: CustomerRecord): TimelineItem[] {
    this.needOlder(record);
    const positions = record.list.positions();
    const missing = positions.filter((position) => !this.prefetched.has(position));
    const read = missing.length > 0 ? this.read(missing) : this.prefetched;
    const partition = this.partitions[record.partition]!;
    let at = 0;
    return positions.map((position) => {
      const stored = this.prefetched.get(position) ?? read.get(position);
      if (!stored)
        throw new Error(`the log has no event at position ${position}, which the list of ${record.customerId} names`);
      at = Math.max(at, believed(partition, position, stored.recordedAt));
      return { touchpoint: stored.touchpoint, at };
    });
  }

  recorded(position: number): RecordedTouchpoint {
    const stored = this.stored(position);
    if (!stored) throw new Error(`the log has no event at position ${position}`);
    return stored.type === EVENT.parkedRetried ? this.retried(stored.data) : stored;
  }

  stored(position: number): StoredText | undefined {
    const [event] = this.log.at([position]);
    return event && textOf(event);
  }

  olderChunks(record: CustomerRecord): Uint8Array[] {
    return [...this.reader.chunks(record.no), ...record.newChunks.map((chunk) => chunk.bytes)];
  }

  profile(record: CustomerRecord): ProfileState {
    return record.profile ?? loadProfile(record, this.reader.profile(record.no));
  }

  /** Treats many customers that need their timelines, which are read in few passes over the log. */
  withTimelines(records: CustomerRecord[], treat: (record: CustomerRecord) => void): void {
    for (let next = 0; next < records.length;) {
      const group: CustomerRecord[] = [];
      let touchpoints = 0;
      for (; next < records.length && touchpoints < PREFETCHED_TOUCHPOINTS_MAX; next++) {
        group.push(records[next]!);
        if (this.needsTimeline(records[next]!)) touchpoints += records[next]!.list.count;
      }
      this.prefetch(group);
      for (const record of group) treat(record);
      this.prefetched.clear();
    }
  }

  private prefetch(records: CustomerRecord[]): void {
    const positions: number[] = [];
    for (const record of records) {
      if (!this.needsTimeline(record)) continue;
      this.needOlder(record);
      for (const position of record.list.positions()) positions.push(position);
    }
    this.read(Float64Array.from(positions).sort(), this.prefetched);
  }

  private needsTimeline({ state, partition }: CustomerRecord): boolean {
    return state.unsettled || state.definitionVersion !== this.partitions[partition]!.definitionVersion;
  }

  /** @param positions ascending */
  private read(positions: ArrayLike<number>, into = new Map<number, Stamped>()): Map<number, Stamped> {
    this.log.visit(positions, (cursor, recordedAt) => {
      const { data, occurredAt } = cursor.type === EVENT.parkedRetried ? this.retried(cursor.data) : cursor;
      into.set(cursor.position, { touchpoint: decodeTouchpoint(data, occurredAt), recordedAt });
    });
    return into;
  }

  /** A retried touchpoint stands in the list at its retry; what was sent stands where the retry points. */
  private retried(data: string): RecordedTouchpoint {
    return this.recorded((JSON.parse(data) as ParkedRetried).position);
  }

  private needOlder(record: CustomerRecord): void {
    if (record.list.needsOlder) record.list.loadOlder(this.olderChunks(record));
  }
}

export function textOf(event: StoredEvent): StoredText {
  return {
    type: event.type,
    subject: event.subject,
    recordedAt: event.recordedAt,
    occurredAt: event.occurredAt,
    data: utf8(event.data),
    personal: event.personal && utf8(event.personal),
  };
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
