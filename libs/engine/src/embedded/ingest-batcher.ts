/**
 * Gathers the touchpoints of every request that arrives in one turn of the event loop, packs them by partition, and sends them
 * to the log as one append. Each request is answered when all its touchpoints are on disk.
 */
import { randomFillSync } from 'node:crypto';
import { type AppendRequest, type AppendResult, EventPacker } from '@rapport/event-store';
import { encodeTouchpoint, type Touchpoint } from '@rapport/journey';
import { EVENT } from '../loop/control-events';
import { partitionOf, touchpointStream } from '../partition';
import type { IngestAnswer } from '../rapport.types';

/** Touchpoints packed or on their way to the disk; more are refused with `overloaded`. */
export const INGEST_PENDING_EVENTS_MAX = 50_000;
export const RETRY_AFTER_SECONDS = 1;
const ID_BYTES = 16;
const ID_POOL_BYTES = ID_BYTES * 1_024;

/** What an append says of a touchpoint. */
export interface Placing {
  /** Names the input for `outcomes`. */
  name(result: Stored, place: number, partition: number): number;
  /** A position at or behind the touchpoint: what has to be shown before it is. */
  reached(result: Stored, place: number): number;
}
type Stored = Extract<AppendResult, { ok: true }>;

/** Positions follow one another: each input is named by its own. */
const BY_POSITION: Placing = {
  name: (result, place) => result.firstPosition + place,
  reached: (result, place) => result.firstPosition + place,
};

interface Waiting {
  /** Partition and place in its packer, for each touchpoint of the request. */
  partitions: Uint16Array;
  places: Uint32Array;
  answer: (answer: IngestAnswer) => void;
}

export class IngestBatcher {
  /** Touchpoints acknowledged since the start. */
  ingested = 0;
  private readonly packers: EventPacker[];
  private waiting: Waiting[] = [];
  private pendingEvents = 0;
  private scheduled = false;
  private readonly ids = new EventIds();

  constructor(
    private readonly partitions: number,
    private readonly append: (requests: AppendRequest[]) => Promise<AppendResult[]>,
    private readonly placing: Placing = BY_POSITION,
  ) {
    this.packers = Array.from({ length: partitions }, () => new EventPacker());
  }

  get pending(): number {
    return this.pendingEvents;
  }

  add(touchpoints: Touchpoint[]): Promise<IngestAnswer> {
    if (this.pendingEvents + touchpoints.length > INGEST_PENDING_EVENTS_MAX) return Promise.resolve(OVERLOADED);
    this.pendingEvents += touchpoints.length;
    const partitions = new Uint16Array(touchpoints.length);
    const places = new Uint32Array(touchpoints.length);
    for (let i = 0; i < touchpoints.length; i++) {
      const touchpoint = touchpoints[i]!;
      const partition = partitionOf(touchpoint.customerId, this.partitions);
      const packer = this.packers[partition]!;
      partitions[i] = partition;
      places[i] = packer.count;
      const { data, personal } = encodeTouchpoint(touchpoint);
      packer.addText(
        EVENT.touchpointRecorded,
        this.ids.next(),
        touchpoint.occurredAt,
        touchpoint.customerId,
        data,
        personal,
      );
    }
    if (!this.scheduled) {
      this.scheduled = true;
      setImmediate(() => this.send());
    }
    return new Promise((answer) => this.waiting.push({ partitions, places, answer }));
  }

  private send(): void {
    this.scheduled = false;
    const requests: AppendRequest[] = [];
    const resultOf = new Int32Array(this.partitions).fill(-1);
    let events = 0;
    this.packers.forEach((packer, partition) => {
      if (packer.count === 0) return;
      resultOf[partition] = requests.length;
      events += packer.count;
      requests.push({ stream: touchpointStream(partition), expected: 'any', events: packer.take() });
    });
    const waiting = this.waiting;
    this.waiting = [];
    this.append(requests).then(
      (results) => this.answer(waiting, results, resultOf, events),
      (error: unknown) => this.refuse(waiting, error instanceof Error ? error.message : String(error), events),
    );
  }

  private answer(waiting: Waiting[], results: AppendResult[], resultOf: Int32Array, events: number): void {
    this.pendingEvents -= events;
    for (const request of waiting) request.answer(this.answerOf(request, results, resultOf));
  }

  private answerOf(request: Waiting, results: AppendResult[], resultOf: Int32Array): IngestAnswer {
    const positions = new Float64Array(request.places.length);
    let position = 0;
    let recordedAt = 0;
    for (let i = 0; i < positions.length; i++) {
      const result = results[resultOf[request.partitions[i]!]!]!;
      if (!result.ok) return unavailable(result.reason === 'unavailable' ? result.detail : 'the stream moved');
      const place = request.places[i]!;
      positions[i] = this.placing.name(result, place, request.partitions[i]!);
      const at = this.placing.reached(result, place);
      if (at > position) position = at;
      recordedAt = result.recordedAt;
    }
    this.ingested += positions.length;
    return { ok: true, position, recordedAt, positions };
  }

  private refuse(waiting: Waiting[], detail: string, events: number): void {
    this.pendingEvents -= events;
    for (const request of waiting) request.answer(unavailable(detail));
  }
}

const OVERLOADED: IngestAnswer = {
  ok: false,
  reason: 'overloaded',
  detail: `more than ${INGEST_PENDING_EVENTS_MAX} touchpoints wait for the disk; send again after a moment`,
  retryAfterSeconds: RETRY_AFTER_SECONDS,
};

export function unavailable(detail: string): IngestAnswer {
  return { ok: false, reason: 'unavailable', detail, retryAfterSeconds: RETRY_AFTER_SECONDS };
}

/** Random event ids, drawn from a pool: one call into the system for a thousand of them. */
class EventIds {
  private readonly pool = Buffer.allocUnsafe(ID_POOL_BYTES);
  private used = ID_POOL_BYTES;

  /** Valid until the pool is filled again: the packer copies it. */
  next(): Uint8Array {
    if (this.used === ID_POOL_BYTES) {
      randomFillSync(this.pool);
      this.used = 0;
    }
    return this.pool.subarray(this.used, (this.used += ID_BYTES));
  }
}
