import { setMaxListeners } from 'node:events';

import type { AppendRequest } from '../event-store';
import type { AppendCall, AppendLane, Outcome } from './append-lane';
import { Backoff, pause } from './backoff';
import { inCalls, serverEvents, type ServerEvent } from './event-mapping';
import { APPEND_BYTES_MAX, APPEND_EVENTS_MAX, QUEUE_BYTES_MAX, QUEUE_EVENTS_MAX, type Timeouts } from './limits';
import type { WriteResult } from './eventstoredb.types';
import type { Reader } from './reader';

interface Job {
  request: AppendRequest;
  events: ServerEvent[];
  bytes: number;
  answer: (result: WriteResult) => void;
}

/**
 * Sends requests, one call at a time for each stream, in the order they came; streams side by side. What waits for the same stream at any
 * revision goes in one call, as the embedded store commits groups.
 */
export class Appender {
  private readonly queues = new Map<string, Job[]>();
  private readonly closing = new AbortController();
  private waiting = { events: 0, bytes: 0 };

  constructor(
    private readonly lane: AppendLane,
    private readonly reader: Reader,
    private readonly timeouts: Timeouts,
  ) {
    // One for each stream that waits to try again.
    setMaxListeners(0, this.closing.signal);
  }

  /** Throws, with nothing sent, where an event cannot be sent (see `serverEvents`). */
  write(requests: AppendRequest[]): Promise<WriteResult>[] {
    if (this.closing.signal.aborted)
      return requests.map(() => Promise.resolve(unavailable('the event store is closed')));
    const made = requests.map((request) => serverEvents(request));
    const bytes = made.flat().reduce((sum, event) => sum + event.bytes, 0);
    const refusal = this.refusal(made.flat().length, bytes);
    if (refusal) return requests.map(() => Promise.resolve(refusal));
    return requests.map((request, i) => this.queue(request, made[i] as ServerEvent[]));
  }

  /** Events that wait for their acknowledgement. */
  get queued(): number {
    return this.waiting.events;
  }

  /** Whatever is not answered yet is tried no more. */
  close(): void {
    this.closing.abort();
  }

  private refusal(events: number, bytes: number): WriteResult | undefined {
    const { waiting } = this;
    if (waiting.events + events <= QUEUE_EVENTS_MAX && waiting.bytes + bytes <= QUEUE_BYTES_MAX) return undefined;
    const detail = `${waiting.events} events (${waiting.bytes} bytes) wait to be written and ${events} more (${bytes} bytes) would exceed the limit of ${QUEUE_EVENTS_MAX} events or ${QUEUE_BYTES_MAX} bytes. Send less at once, or later.`;
    return { ...unavailable(detail), overloaded: true };
  }

  private queue(request: AppendRequest, events: ServerEvent[]): Promise<WriteResult> {
    const bytes = events.reduce((sum, event) => sum + event.bytes, 0);
    this.waiting.events += events.length;
    this.waiting.bytes += bytes;
    return new Promise((resolve) => {
      const answer = (result: WriteResult): void => {
        this.waiting.events -= events.length;
        this.waiting.bytes -= bytes;
        resolve(result);
      };
      const job = { request, events, bytes, answer };
      const queue = this.queues.get(request.stream);
      if (queue) return void queue.push(job);
      this.queues.set(request.stream, [job]);
      void this.work(request.stream);
    });
  }

  private async work(stream: string): Promise<void> {
    const queue = this.queues.get(stream) as Job[];
    while (queue.length > 0) {
      const group = takeGroup(queue);
      try {
        await this.sendGroup(stream, group);
      } catch (error) {
        const result = unavailable(error instanceof Error ? error.message : String(error));
        for (const job of group) job.answer(result);
      }
    }
    this.queues.delete(stream);
  }

  private async sendGroup(stream: string, group: Job[]): Promise<void> {
    const [{ request }] = group as [Job];
    const events = group.flatMap((job) => job.events);
    const result =
      events.length === 0 ? await this.check(request) : await this.sendAll(stream, request.expected, events);
    if (result === 'knownIds') return this.sendApart(stream, group);
    if (!result.ok) return group.forEach((job) => job.answer(result));
    let firstRevision = result.firstRevision;
    for (const job of group) {
      job.answer({ ...result, firstRevision });
      firstRevision += job.events.length;
    }
  }

  /**
   * At any revision a server refuses what begins with ids that it knows and goes on with new ones, although callers should not send that. Then each request goes alone, and if
   * that does not help, event by event: each is stored, or taken for a repetition.
   */
  private async sendApart(stream: string, group: Job[]): Promise<void> {
    for (const job of group) {
      let result = await this.sendAll(stream, 'any', job.events);
      if (result === 'knownIds') result = await this.sendAll(stream, 'any', job.events, 1);
      job.answer(result === 'knownIds' ? unavailable('the server refuses the ids of the events') : result);
    }
  }

  /** An empty append is never sent: at "no stream" the server answers with a revision that does not exist. */
  private async check({ stream, expected }: AppendRequest): Promise<WriteResult> {
    const actual = await this.reader.streamHead(stream);
    const wanted = expected === 'any' ? actual : expected === 'noStream' ? -1 : expected.revision;
    if (actual !== wanted) return { ok: false, reason: 'wrongExpectedRevision', actual };
    return { ok: true, firstRevision: actual + 1, upToPosition: 0 };
  }

  /** Several calls where one would be too large: in order, each at the revision that the one before it left. */
  private async sendAll(
    stream: string,
    expected: AppendRequest['expected'],
    events: ServerEvent[],
    eventsMax = APPEND_EVENTS_MAX,
  ): Promise<WriteResult | 'knownIds'> {
    let firstRevision = -1;
    let next = expected;
    let upToPosition = 0;
    let sent = 0;
    for (const part of inCalls(events, eventsMax)) {
      const outcome = await this.sendSurely({ stream, expected: next, events: part });
      if (outcome.kind === 'wrongRevision' && expected === 'any') return 'knownIds';
      if (outcome.kind !== 'stored') return notStored(outcome, sent, events.length);
      if (firstRevision < 0) firstRevision = outcome.lastRevision - part.length + 1;
      if (next !== 'any') next = { revision: outcome.lastRevision };
      upToPosition = outcome.lastPosition ?? (await this.positionOf(stream, outcome.lastRevision));
      sent += part.length;
    }
    return { ok: true, firstRevision, upToPosition };
  }

  /**
   * Until the outcome is known: again with the same ids, at the same revision, in the same call. At an exact revision the server then knows
   * them, for ever; at any it mostly does, and what it stores twice the engine counts once.
   */
  private async sendSurely(call: AppendCall): Promise<Outcome> {
    const backoff = new Backoff();
    const until = performance.now() + this.timeouts.appendMs;
    for (let doubtful = false; ; doubtful = true) {
      const outcome = await this.lane.send(call);
      if (outcome.kind === 'wrongRevision' && doubtful) return (await this.alreadyThere(call)) ?? outcome;
      if (outcome.kind !== 'unknown') return outcome;
      const pauseMs = backoff.pauseMs();
      if (performance.now() + pauseMs > until || this.closing.signal.aborted) return outcome;
      await pause(pauseMs, this.closing.signal);
    }
  }

  private async positionOf(stream: string, revision: number): Promise<number> {
    for await (const { position } of this.reader.stream(stream, { from: revision, limit: 1 })) return position;
    throw new Error(`revision ${revision} of ${stream} is stored and could not be read back: was it deleted?`);
  }

  /** Where the stream has moved on: whether it was this call that moved it. Only the ids can tell. */
  private async alreadyThere({ stream, expected, events }: AppendCall): Promise<Outcome | undefined> {
    if (expected === 'any') return undefined;
    const from = expected === 'noStream' ? 0 : expected.revision + 1;
    let at = 0;
    let lastPosition = 0;
    for await (const stored of this.reader.stream(stream, { from, limit: events.length })) {
      const id = events[at]?.id.replaceAll('-', '');
      if (Buffer.from(stored.id).toString('hex') !== id || stored.revision !== from + at) return undefined;
      lastPosition = stored.position;
      at++;
    }
    return at === events.length ? { kind: 'stored', lastRevision: from + at - 1, lastPosition } : undefined;
  }
}

/** The first one, and what else waits at any revision, as much as one call holds. */
function takeGroup(queue: Job[]): Job[] {
  const group = [queue.shift() as Job];
  const joins = (job: Job | undefined): job is Job => job?.request.expected === 'any' && job.events.length > 0;
  if (!joins(group[0])) return group;
  let { bytes } = group[0];
  let events = group[0].events.length;
  for (let job = queue[0]; joins(job); job = queue[0]) {
    bytes += job.bytes;
    events += job.events.length;
    if (bytes > APPEND_BYTES_MAX || events > APPEND_EVENTS_MAX) break;
    group.push(queue.shift() as Job);
  }
  return group;
}

function notStored(outcome: Exclude<Outcome, { kind: 'stored' }>, sent: number, of: number): WriteResult {
  const before = sent === 0 ? '' : `The first ${sent} of ${of} events are stored; then: `;
  if (outcome.kind === 'wrongRevision') {
    if (sent === 0) return { ok: false, reason: 'wrongExpectedRevision', actual: outcome.actual };
    return unavailable(`${before}somebody else wrote to the stream, which ends at revision ${outcome.actual}`);
  }
  const doubt = outcome.kind === 'unknown' ? ' (the events may have been stored)' : '';
  return unavailable(`${before}${outcome.detail}${doubt}`);
}

function unavailable(detail: string): WriteResult & { ok: false; reason: 'unavailable' } {
  return { ok: false, reason: 'unavailable', detail };
}
