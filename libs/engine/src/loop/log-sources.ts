/** What the fold reads back: earlier touchpoints from the log, spilled lists and profiles from the read models. */
import type { LogReader, StoredEvent } from '@rapport/event-store';
import { type CompiledDefinition, decodeTouchpoint, type ProfileState, type TimelineItem } from '@rapport/journey';
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

export class LogSources implements FoldSources {
  private readonly prefetched = new Map<number, StoredText>();

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
    const read = new Map<number, StoredText>();
    for (const [i, event] of this.log.at(missing).entries()) if (event) read.set(missing[i]!, textOf(event));
    const partition = this.partitions[record.partition]!;
    let at = 0;
    return positions.map((position) => {
      const stored = this.prefetched.get(position) ?? read.get(position);
      if (!stored)
        throw new Error(`the log has no event at position ${position}, which the list of ${record.customerId} names`);
      const touchpoint = this.deref(stored);
      at = Math.max(at, believed(partition, position, stored.recordedAt));
      return { touchpoint: decodeTouchpoint(touchpoint.data, touchpoint.occurredAt), at };
    });
  }

  recorded(position: number): RecordedTouchpoint {
    const stored = this.stored(position);
    if (!stored) throw new Error(`the log has no event at position ${position}`);
    return this.deref(stored);
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

  /** Reads the timelines of many customers in one pass over the log. */
  prefetch(records: CustomerRecord[]): void {
    const positions: number[] = [];
    for (const record of records) {
      if (
        !record.state.unsettled &&
        record.state.definitionVersion === this.partitions[record.partition]!.definitionVersion
      )
        continue;
      this.needOlder(record);
      for (const position of record.list.positions()) positions.push(position);
    }
    positions.sort((a, b) => a - b);
    for (const [i, event] of this.log.at(positions).entries())
      if (event) this.prefetched.set(positions[i]!, textOf(event));
  }

  forgetPrefetched(): void {
    this.prefetched.clear();
  }

  /** A retried touchpoint stands in the list at its retry; what was sent stands where the retry points. */
  private deref(stored: StoredText): RecordedTouchpoint {
    if (stored.type !== EVENT.parkedRetried) return stored;
    return this.recorded((JSON.parse(stored.data) as ParkedRetried).position);
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
