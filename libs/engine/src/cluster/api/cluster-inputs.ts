/** Everything that a process puts into the inputs: touchpoints, commands, control events. Remembers where each stands, for who waits. */
import { type AppendRequest, EventCursor } from '@rapport/event-store';
import type { Touchpoint } from '@rapport/journey';
import { type Refusal, UNKNOWN_CUSTOMER } from '../../loop/commands';
import { EVENT, SETTLE_CAP_CUSTOMERS } from '../../loop/control-events';
import { controlRequest } from '../../loop/idle-work';
import { IngestBatcher, RETRY_AFTER_SECONDS } from '../../embedded/ingest-batcher';
import { journeyStream, partitionOf, streamRole, touchpointStream } from '../../partition';
import type { IngestAnswer } from '../../rapport.types';
import { appendTo, type ClusterLog } from '../store/cluster-log';
import type { InputOfCustomer } from '../threads/outcomes';
import type { Awaited } from './progress-watch';
import { BY_REVISION, inputNamed, inputsOf, TakenInputs } from './taken-inputs';

/** Decisions behind a command that are looked through for its refusal. */
const REFUSAL_SEARCH_EVENTS_MAX = 100_000;

export class ClusterInputs {
  readonly taken = new TakenInputs();
  /** Greatest position that this process was answered. */
  lastPosition = 0;
  private readonly batcher: IngestBatcher;

  constructor(
    private readonly log: ClusterLog,
    private readonly partitions: number,
  ) {
    this.batcher = new IngestBatcher(partitions, (requests) => this.append(requests), BY_REVISION);
  }

  get ingested(): number {
    return this.batcher.ingested;
  }

  async ingest(touchpoints: Touchpoint[]): Promise<IngestAnswer> {
    const answer = await this.batcher.add(touchpoints);
    if (answer.ok) this.keep(answer.position, lastOfEach(answer.positions));
    return answer;
  }

  settle(customerIds?: string[]): Promise<IngestAnswer> {
    const now = Date.now();
    const byPartition = new Map<number, string[] | undefined>();
    if (!customerIds)
      for (let partition = 0; partition < this.partitions; partition++) byPartition.set(partition, undefined);
    for (const id of new Set(customerIds)) {
      const partition = partitionOf(id, this.partitions);
      byPartition.set(partition, [...(byPartition.get(partition) ?? []), id]);
    }
    return this.put(
      [...byPartition].map(([partition, customers]) =>
        controlRequest(partition, EVENT.historySettled, { cap: SETTLE_CAP_CUSTOMERS, customers }, now),
      ),
    );
  }

  judgeClock(believe: boolean): Promise<IngestAnswer> {
    const now = Date.now();
    const verdict = { believe, stamp: now, by: 'operator' };
    const all = Array.from({ length: this.partitions }, (_, partition) => partition);
    return this.put(all.map((partition) => controlRequest(partition, EVENT.clockJudged, verdict, now)));
  }

  retryParked(customerId: string, position: number): Promise<IngestAnswer> {
    const partition = partitionOf(customerId, this.partitions);
    return this.put([controlRequest(partition, EVENT.parkedRetried, { position }, Date.now())]);
  }

  /** Resolves when they are on disk. */
  async put(requests: AppendRequest[]): Promise<IngestAnswer> {
    const results = await this.append(requests);
    for (const result of results) {
      if (result.ok) continue;
      const detail = result.reason === 'unavailable' ? result.detail : 'the stream moved';
      return { ok: false, reason: 'unavailable', detail, retryAfterSeconds: RETRY_AFTER_SECONDS };
    }
    const { position, inputs } = inputsOf(requests, results);
    this.keep(position, inputs);
    const positions = Float64Array.from(results, (result) => (result.ok ? result.firstPosition : 0));
    return { ok: true, position, recordedAt: Date.now(), positions };
  }

  /** What has to be shown for this position to be: what this process put there, else all that the log holds now. */
  async awaited(position: number): Promise<Awaited[]> {
    const known = this.taken.at(position);
    if (known) return known;
    const all = Array.from({ length: this.partitions }, (_, partition) => partition);
    return Promise.all(
      all.map(async (partition) => ({
        partition,
        revision: await this.log.streamHead(touchpointStream(partition)),
      })),
    );
  }

  /** Of inputs by their names: whose they are and where they stand. */
  async named(names: Float64Array): Promise<InputOfCustomer[]> {
    const wanted = Array.from(names, (name) => inputNamed(name));
    const found = new Map<string, InputOfCustomer>();
    for (const [partition, revisions] of byPartition(wanted)) {
      const from = Math.min(...revisions);
      const limit = Math.max(...revisions) - from + 1;
      const stream = touchpointStream(partition);
      for await (const event of this.log.readStream(stream, { from, limit }))
        found.set(`${partition}|${event.revision}`, { customerId: event.subject ?? '', position: event.position });
    }
    return wanted.map(({ partition, revision }) => {
      const input = found.get(`${partition}|${revision}`);
      if (!input) throw new Error(`partition ${partition} holds no input at revision ${revision}`);
      return input;
    });
  }

  /** The decision that refused a command, by its cause. `knows`: whether anything was ever recorded of a customer. */
  async refusal(
    position: number,
    { stream, events }: AppendRequest,
    knows: (customerId: string) => Promise<boolean>,
  ): Promise<Refusal | null> {
    const cursor = new EventCursor().resetPacked(events);
    cursor.next();
    const { subject } = cursor;
    const cause = Buffer.from(cursor.id);
    const { partition } = streamRole(stream)!;
    let looked = 0;
    for await (const event of this.log.readStream(journeyStream(partition), { backwards: true })) {
      if (event.position < position || ++looked > REFUSAL_SEARCH_EVENTS_MAX) break;
      if (event.type !== 'CommandRefused' || !event.causationId || !cause.equals(event.causationId)) continue;
      const { because, detail } = JSON.parse(Buffer.from(event.data).toString()) as Refusal;
      return { because, detail };
    }
    return (await knows(subject)) ? null : UNKNOWN_CUSTOMER;
  }

  private keep(position: number, inputs: Awaited[]): void {
    this.lastPosition = Math.max(this.lastPosition, position);
    this.taken.keep(position, inputs);
  }

  private append(requests: AppendRequest[]) {
    return appendTo(this.log, requests);
  }
}

function lastOfEach(names: Float64Array): Awaited[] {
  const last = new Map<number, number>();
  for (const name of names) {
    const { partition, revision } = inputNamed(name);
    last.set(partition, Math.max(revision, last.get(partition) ?? -1));
  }
  return [...last].map(([partition, revision]) => ({ partition, revision }));
}

function byPartition(inputs: Awaited[]): Map<number, number[]> {
  const all = new Map<number, number[]>();
  for (const { partition, revision } of inputs) all.set(partition, [...(all.get(partition) ?? []), revision]);
  return all;
}
