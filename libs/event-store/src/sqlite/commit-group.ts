import type { AppendRequest, AppendResult, Expected } from '../event-store';
import { checkCount, MalformedRecords, nextRecord } from '../record-format';

/** A chunk never holds more: reading one event means reading its chunk (figures in docs/decisions/0002). */
export const CHUNK_EVENTS_MAX = 64;
export const CHUNK_BYTES_MAX = 32 * 1024;

/** What the writer knows of a stream. */
export interface StreamState {
  no: number;
  stream: string;
  name: Buffer;
  nextRevision: number;
}

/** A run of whole records. */
interface Piece {
  bytes: Uint8Array;
  count: number;
}

export interface PlannedChunk {
  stream: StreamState;
  firstRevision: number;
  count: number;
  bytes: number;
  pieces: Piece[];
}

interface StreamPlan {
  state: StreamState;
  isNew: boolean;
  nextRevision: number;
  pieces: Piece[];
  count: number;
  bytes: number;
}

/** A request that is going in: its place within its stream's part of the group. */
interface Accepted {
  request: number;
  plan: StreamPlan;
  offset: number;
}

/**
 * Which requests of a group go in, and as which chunks. Requests are judged in the order they came; what a request finds includes what those before it in the group
 * add. Events of one stream stand together, streams in the order of their first request.
 */
export class CommitGroup {
  readonly newStreams: StreamState[] = [];
  readonly chunks: PlannedChunk[] = [];
  private readonly plans = new Map<string, StreamPlan>();
  private readonly accepted: Accepted[] = [];
  private readonly results: (AppendResult | undefined)[] = [];

  constructor(
    private readonly streams: ReadonlyMap<string, StreamState>,
    private nextStreamNo: number,
    requests: AppendRequest[],
  ) {
    for (let i = 0; i < requests.length; i++) this.results.push(this.judge(requests[i] as AppendRequest, i));
    for (const plan of this.plans.values()) cut(plan, this.chunks);
  }

  /** The results, once positions are known. `unavailable` answers every request that would have gone in. */
  answer(firstPosition: number, recordedAt: number): AppendResult[] {
    const firstOfPlan = new Map<StreamPlan, number>();
    let position = firstPosition;
    for (const plan of this.plans.values()) {
      firstOfPlan.set(plan, position);
      position += plan.count;
    }
    for (const { request, plan, offset } of this.accepted)
      this.results[request] = {
        ok: true,
        firstRevision: plan.nextRevision - plan.count + offset,
        firstPosition: (firstOfPlan.get(plan) ?? 0) + offset,
        recordedAt,
      };
    return this.results as AppendResult[];
  }

  unavailable(detail: string): AppendResult[] {
    for (const { request } of this.accepted) this.results[request] = { ok: false, reason: 'unavailable', detail };
    return this.results as AppendResult[];
  }

  /** After the commit: the streams as they now are. */
  apply(streams: Map<string, StreamState>): void {
    for (const plan of this.plans.values()) {
      if (plan.count === 0) continue;
      plan.state.nextRevision = plan.nextRevision;
      if (plan.isNew) streams.set(plan.state.stream, plan.state);
    }
  }

  private judge(request: AppendRequest, index: number): AppendResult | undefined {
    const plan = this.plans.get(request.stream) ?? this.plan(request.stream);
    const actual = plan.nextRevision - 1;
    if (!meets(request.expected, actual)) return { ok: false, reason: 'wrongExpectedRevision', actual };
    const malformed = problemOf(request);
    if (malformed !== undefined) return { ok: false, reason: 'unavailable', detail: malformed };
    this.accepted.push({ request: index, plan, offset: plan.count });
    if (request.events.count === 0) return undefined;
    if (plan.isNew && plan.count === 0) {
      plan.state.no = this.nextStreamNo++;
      this.newStreams.push(plan.state);
    }
    plan.pieces.push(request.events);
    plan.count += request.events.count;
    plan.bytes += request.events.bytes.length;
    plan.nextRevision += request.events.count;
    return undefined;
  }

  private plan(stream: string): StreamPlan {
    const known = this.streams.get(stream);
    const state = known ?? { no: 0, stream, name: Buffer.from(stream), nextRevision: 0 };
    const plan = { state, isNew: !known, nextRevision: state.nextRevision, pieces: [], count: 0, bytes: 0 };
    this.plans.set(stream, plan);
    return plan;
  }
}

function meets(expected: Expected, actual: number): boolean {
  if (expected === 'any') return true;
  return actual === (expected === 'noStream' ? -1 : expected.revision);
}

/** What was announced must be there, record by record, or positions would be wrong for ever. */
function problemOf(request: AppendRequest): string | undefined {
  try {
    checkCount(request.events);
    return undefined;
  } catch (error) {
    if (error instanceof MalformedRecords) return `the request for ${request.stream} was not stored: ${error.message}`;
    throw error;
  }
}

/** Cuts a stream's events into chunks, between records. */
function cut(plan: StreamPlan, chunks: PlannedChunk[]): void {
  if (plan.count === 0) return;
  const firstRevision = plan.nextRevision - plan.count;
  if (plan.count <= CHUNK_EVENTS_MAX && plan.bytes <= CHUNK_BYTES_MAX) {
    chunks.push({ stream: plan.state, firstRevision, count: plan.count, bytes: plan.bytes, pieces: plan.pieces });
    return;
  }
  let chunk = emptyChunk(plan.state, firstRevision);
  for (const piece of plan.pieces)
    for (let at = 0; at < piece.bytes.length;) {
      const taken = take(
        piece.bytes,
        at,
        CHUNK_EVENTS_MAX - chunk.count,
        CHUNK_BYTES_MAX - chunk.bytes,
        chunk.count === 0,
      );
      if (taken.count > 0) add(chunk, taken);
      at += taken.bytes.length;
      if (at >= piece.bytes.length) break;
      chunks.push(chunk);
      chunk = emptyChunk(plan.state, chunk.firstRevision + chunk.count);
    }
  if (chunk.count > 0) chunks.push(chunk);
}

function emptyChunk(stream: StreamState, firstRevision: number): PlannedChunk {
  return { stream, firstRevision, count: 0, bytes: 0, pieces: [] };
}

function add(chunk: PlannedChunk, piece: Piece): void {
  chunk.pieces.push(piece);
  chunk.count += piece.count;
  chunk.bytes += piece.bytes.length;
}

/** As many whole records from `from` on as the limits allow; one in any case where `atLeastOne`. */
function take(bytes: Uint8Array, from: number, events: number, room: number, atLeastOne: boolean): Piece {
  let at = from;
  let count = 0;
  while (at < bytes.length && count < events) {
    const end = nextRecord(bytes, at);
    if (end - from > room && !(atLeastOne && count === 0)) break;
    at = end;
    count++;
  }
  return { bytes: bytes.subarray(from, at), count };
}
