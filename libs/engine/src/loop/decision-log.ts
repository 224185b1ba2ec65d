/**
 * Where decisions go: into `journey-<pp>` at the exact next revision. After a crash the tail of that stream already holds the
 * decisions of inputs after the checkpoint; those are compared, not appended again.
 */
import {
  type AppendRequest,
  type AppendResult,
  EventPacker,
  type PackedEvents,
  type StoredEvent,
} from '@rapport/event-store';
import type { Decision } from '@rapport/journey';
import { journeyStream } from '../partition';
import type { Placed } from './changes-in-force';
import type { CustomerRecord } from './customer-record';
import { decisionEvent } from './decision-events';
import { aroundDifference } from './first-difference';

/** The code decides otherwise than the log says: a fact is never rewritten, so the engine stops. */
export class DecisionDiffers extends Error {
  constructor(stream: string, revision: number, logged: string, decided: string) {
    const [inLog, now] = aroundDifference(logged, decided);
    super(
      `${stream} holds another decision at revision ${revision} than this version of the code comes to.\n  in the log:  ${inLog}\n  decided now: ${now}\n` +
        'Run the version of Rapport that wrote the log, or report this: a change of meaning must raise the semantics number.',
    );
  }
}

/** Called once the position of a decision is known. */
type Waiting = (placed: Placed) => void;

/**
 * Decisions of a partition that go to the log in one request, give or take one decision. A settling decides more in one go than the
 * log's writer lets wait (QUEUE_BYTES_MAX), and what never fits would never be stored.
 */
export const DECISION_REQUEST_BYTES_MAX = 2 * 1024 * 1024;
/** What a store may add to each event beside what is packed: names, ids as text. */
const ENVELOPE_BYTES = 400;

/** One request's worth. */
interface Packed {
  events: PackedEvents;
  waiting: Waiting[];
}

class PartitionDecisions {
  /** Requests that are full, the first to go first; the packer holds what comes after them. */
  full: Packed[] = [];
  packer = new EventPacker();
  waiting: Waiting[] = [];
  logged: StoredEvent[] = [];
  /** Revision that the next appended decision gets. */
  next = 0;

  /** What goes in the next request. */
  take(): Packed | undefined {
    return this.full.shift() ?? (this.waiting.length > 0 ? this.pack() : undefined);
  }

  pack(): Packed {
    const packed = { events: this.packer.take(), waiting: this.waiting };
    this.waiting = [];
    return packed;
  }
}

export class DecisionLog {
  private readonly partitions: PartitionDecisions[];
  decided = 0;
  /** Of decisions that are not on disk yet. */
  pendingBytes = 0;

  constructor(
    partitions: number,
    private readonly requestBytesMax = DECISION_REQUEST_BYTES_MAX,
  ) {
    this.partitions = Array.from({ length: partitions }, () => new PartitionDecisions());
  }

  /** `logged` = the events of the journey stream after `revision`, which re-folding will come to again. */
  resume(partition: number, revision: number, logged: StoredEvent[]): void {
    const own = this.partitions[partition]!;
    own.logged = logged;
    own.next = revision + 1 + logged.length;
  }

  get replaying(): boolean {
    return this.partitions.some((own) => own.logged.length > 0);
  }

  /** `place` is called once the decision's position is known: at once in replay, else when the append is on disk. */
  add(record: CustomerRecord, decision: Decision, cause: Uint8Array, place: (placed: Placed) => void): void {
    const own = this.partitions[record.partition]!;
    const event = decisionEvent(record.customerId, decision, cause);
    this.decided++;
    const logged = own.logged.shift();
    if (logged === undefined) {
      const before = own.packer.bytes;
      own.packer.add(event);
      this.pendingBytes += own.packer.bytes - before;
      own.waiting.push(place);
      if (own.packer.bytes + own.packer.count * ENVELOPE_BYTES >= this.requestBytesMax) own.full.push(own.pack());
      return;
    }
    if (Buffer.compare(logged.id, event.id) !== 0) {
      throw new DecisionDiffers(
        journeyStream(record.partition),
        logged.revision,
        `${logged.type} of ${logged.subject}: ${textOf(logged)}`,
        `${decision.type} of ${record.customerId}: ${textOf(event)}`,
      );
    }
    place({ position: logged.position, recordedAt: logged.recordedAt });
  }

  /** What has to be appended next; `settle` takes the results in the same order. Ask again then: there may be more. */
  take(): { requests: AppendRequest[]; settle: (results: AppendResult[]) => void } | null {
    const requests: AppendRequest[] = [];
    const taken: Waiting[][] = [];
    let bytes = 0;
    this.partitions.forEach((own, partition) => {
      const packed = own.take();
      if (packed === undefined) return;
      requests.push({
        stream: journeyStream(partition),
        expected: own.next === 0 ? 'noStream' : { revision: own.next - 1 },
        events: packed.events,
      });
      taken.push(packed.waiting);
      bytes += packed.events.bytes.length;
      own.next += packed.waiting.length;
    });
    if (requests.length === 0) return null;
    const settle = (results: AppendResult[]): void => {
      this.pendingBytes -= bytes;
      results.forEach((result, i) => placeAll(requests[i]!, result, taken[i]!));
    };
    return { requests, settle };
  }

  /** Revision of the last decision of a partition that is known to be placed or sent. */
  revision(partition: number): number {
    const own = this.partitions[partition]!;
    return own.next - 1 - own.logged.length;
  }
}

function placeAll(request: AppendRequest, result: AppendResult, waiting: Waiting[]): void {
  if (!result.ok) throw new Error(`decisions could not be appended to ${request.stream}: ${result.reason}`);
  const { firstPosition, recordedAt, each } = result;
  waiting.forEach((place, i) =>
    place({ position: each?.positions[i] ?? firstPosition + i, recordedAt: each?.recordedAt[i] ?? recordedAt }),
  );
}

function textOf(event: { data: Uint8Array }): string {
  return Buffer.from(event.data).toString('utf8');
}
