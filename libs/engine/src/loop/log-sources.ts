/** What the fold reads back: earlier touchpoints from the log, spilled lists and profiles from the read models. */
import { EventCursor, type LogReader, type StoredEvent } from '@rapport/event-store';
import { type CompiledDefinition, decodeTouchpoint, type ProfileState, type TimelineItem } from '@rapport/journey';
import type { EngineReader } from '@rapport/read-models';
import { EVENT, type ParkedRetried } from './control-events';
import { type CustomerRecord, loadProfile } from './customer-record';
import type { FoldSources, RecordedTouchpoint } from './customer-fold';
import type { Definitions } from './definitions';
import { believed, type PartitionState } from './partition-state';
import { ReadAhead } from './read-ahead';
import type { KnownPause } from './play-pauses';

/** An event of the log with its parts as text. */
export interface StoredText extends RecordedTouchpoint {
  type: string;
  subject: string | undefined;
  recordedAt: number;
}

/** Touchpoints that are read ahead at one time, give or take one customer's. About 300 bytes each. */
export const PREFETCHED_TOUCHPOINTS_MAX = 50_000;

export class LogSources implements FoldSources {
  private readonly ahead = new ReadAhead();
  private readonly cursor = new EventCursor();

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
    const read = positions.every((position) => this.ahead.place(position) >= 0)
      ? this.ahead
      : new ReadAhead().read(this.log, positions);
    const partition = this.partitions[record.partition]!;
    let at = 0;
    return positions.map((position) => {
      const place = read.place(position);
      if (place < 0)
        throw new Error(`the log has no event at position ${position}, which the list of ${record.customerId} names`);
      at = Math.max(at, believed(partition, position, read.recordedAt(place)));
      const cursor = read.seek(this.cursor, place);
      const { data, occurredAt } = cursor.type === EVENT.parkedRetried ? this.retried(cursor.data) : cursor;
      return { touchpoint: decodeTouchpoint(data, occurredAt), at };
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
    // Who is counted nowhere is folded for the first time: no row to read.
    const unknown = record.counted === null;
    return record.profile ?? loadProfile(record, unknown ? null : this.reader.profile(record.no));
  }

  pauses(partition: number): readonly KnownPause[] | undefined {
    return this.partitions[partition]!.pauses;
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
      this.ahead.forget();
    }
  }

  private prefetch(records: CustomerRecord[]): void {
    const positions: number[] = [];
    for (const record of records) {
      if (!this.needsTimeline(record)) continue;
      this.needOlder(record);
      for (const position of record.list.positions()) positions.push(position);
    }
    this.ahead.read(this.log, Float64Array.from(positions).sort());
  }

  private needsTimeline({ state, partition }: CustomerRecord): boolean {
    return state.unsettled || state.definitionVersion !== this.partitions[partition]!.definitionVersion;
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
