import type { EventStoreDBClient, RecordedEvent } from '@eventstore/db-client';

import type { Head, LogFilter, ReadAllOptions, ReadStreamOptions, StoredEvent } from '../event-store';
import { Backoff, pause } from './backoff';
import type { ClientPool } from './client-pool';
import { isSystem, positionOf, safeInteger, storedEvent } from './event-mapping';
import { HEAD_SEARCH_RECORDS_MAX, READ_AHEAD_EVENTS, READ_AT_PARALLEL, type Timeouts } from './limits';
import { passes } from './log-filter';
import { type ClientCall, OpenCall } from './open-call';
import { failureOf, isNotFound } from './server-answers';
import { StoreUnavailable } from './server-errors';

/** Records of the first call to $all where a filter lets few through; the next one takes twice as many, and so on up to the most. */
const FILTERED_PAGE_RECORDS = 32;
const PAGE_RECORDS_MAX = 4096;

const AHEAD = { highWaterMark: READ_AHEAD_EVENTS };

interface Reading {
  what: string;
  /** Events that the server ends the call after. */
  countMax?: number;
  /** Begins behind everything that was taken. */
  open(client: EventStoreDBClient): ClientCall;
}

/** Reads with time-outs, on counted calls; begun again from where they stood when the server or the connection fails. */
export class Reader {
  constructor(
    private readonly pool: ClientPool,
    private readonly timeouts: Timeouts,
  ) {}

  async *stream(stream: string, options: ReadStreamOptions = {}): AsyncGenerator<StoredEvent, void> {
    const { backwards = false } = options;
    let left = options.limit ?? Infinity;
    let next = options.from;
    if (backwards && next !== undefined) next = Math.min(next, await this.streamHead(stream));
    if (left <= 0 || (next !== undefined && next < 0)) return;
    const open = (client: EventStoreDBClient) =>
      client.readStream(
        stream,
        {
          direction: backwards ? 'backwards' : 'forwards',
          fromRevision: next === undefined ? (backwards ? 'end' : 'start') : BigInt(next),
          ...maxCount(left),
        },
        AHEAD,
      );
    const reading = { what: `reading the stream ${stream}`, open, countMax: left };
    for await (const events of this.records(reading))
      for (const event of events) {
        const stored = storedEvent(event);
        next = stored.revision + (backwards ? -1 : 1);
        left--;
        yield stored;
        if (left <= 0 || next < 0) return;
      }
  }

  async *all(options: ReadAllOptions = {}): AsyncGenerator<StoredEvent, void> {
    const { backwards = false, filter = {}, limit = Infinity } = options;
    let left = limit;
    if (left <= 0) return;
    const page = filter.types || filter.streamPrefixes ? Math.max(limit, FILTERED_PAGE_RECORDS) : limit;
    for await (const events of this.allRecords(options.from, backwards, page))
      for (const event of events) {
        if (isSystem(event) || !passes(event, filter)) continue;
        yield storedEvent(event);
        if (--left <= 0) return;
      }
  }

  /** Up to `recordsMax` records after this position: what passes the filter first, and how far was looked. */
  async look(
    after: number,
    filter: LogFilter,
    recordsMax: number,
  ): Promise<{ found: StoredEvent | undefined; upTo: number }> {
    let upTo = after;
    let seen = 0;
    for await (const events of this.allRecords(after, false, recordsMax))
      for (const event of events) {
        if (!isSystem(event) && passes(event, filter)) return { found: storedEvent(event), upTo };
        upTo = positionOf(event);
        if (++seen >= recordsMax) return { found: undefined, upTo };
      }
    return { found: undefined, upTo };
  }

  async at(positions: number[]): Promise<(StoredEvent | undefined)[]> {
    const distinct = [...new Set(positions)];
    const found = new Map<number, StoredEvent>();
    const work = async (): Promise<void> => {
      for (let position = distinct.pop(); position !== undefined; position = distinct.pop()) {
        const event = await this.recordAt(position);
        if (event && !isSystem(event)) found.set(position, storedEvent(event));
      }
    };
    await Promise.all(Array.from({ length: Math.min(READ_AT_PARALLEL, distinct.length) }, work));
    return positions.map((position) => found.get(position));
  }

  async streamHead(stream: string): Promise<number> {
    const open = (client: EventStoreDBClient) =>
      client.readStream(stream, { direction: 'backwards', fromRevision: 'end', maxCount: 1 });
    const reading = { what: `reading the end of the stream ${stream}`, open, countMax: 1 };
    for await (const [event] of this.records(reading)) if (event) return safeInteger(event.revision, 'revision');
    return -1;
  }

  /** The newest event that is not the server's own; where only such were found, far back, the newest record stands for it. */
  async head(): Promise<Head> {
    let newest: RecordedEvent | undefined;
    let seen = 0;
    for await (const events of this.allRecords(undefined, true, 1)) {
      newest ??= events[0];
      const found = events.find((event) => !isSystem(event));
      if (found) return headAt(found);
      seen += events.length;
      if (newest && seen >= HEAD_SEARCH_RECORDS_MAX) return headAt(newest);
    }
    return { position: 0, recordedAt: 0 };
  }

  /** Records of $all, of whoever. `page` says how many the first call brings; Infinity = all in one call. */
  private async *allRecords(
    from: number | undefined,
    backwards: boolean,
    page: number,
  ): AsyncGenerator<RecordedEvent[], void> {
    let next = from;
    for (let size = page; ; size = Math.min(size * 2, Math.max(page, PAGE_RECORDS_MAX))) {
      // Forwards a call begins with the record at the position itself.
      const countMax = size + (next === undefined || backwards ? 0 : 1);
      const open = (client: EventStoreDBClient) =>
        client.readAll(
          {
            direction: backwards ? 'backwards' : 'forwards',
            fromPosition: next === undefined ? (backwards ? 'end' : 'start') : place(next),
            ...maxCount(countMax),
          },
          AHEAD,
        );
      let records = 0;
      for await (const events of this.records({ what: 'reading $all', open, countMax })) {
        records += events.length;
        const limit = next;
        const further =
          limit === undefined
            ? events
            : events.filter((event) => (backwards ? positionOf(event) < limit : positionOf(event) > limit));
        const last = further.at(-1);
        if (last === undefined) continue;
        next = positionOf(last);
        yield further;
      }
      if (records < countMax) return;
    }
  }

  private async recordAt(position: number): Promise<RecordedEvent | undefined> {
    const open = (client: EventStoreDBClient) =>
      client.readAll({ direction: 'forwards', fromPosition: place(position), maxCount: 1 });
    try {
      for await (const [event] of this.records({ what: `reading position ${position}`, open, countMax: 1 }))
        if (event) return positionOf(event) === position ? event : undefined;
      return undefined;
    } catch (error) {
      // A server may refuse a position at which no record begins. If it answers otherwise, that is all there is to it.
      if (!(error instanceof StoreUnavailable) || failureOf(error.cause).kind !== 'refused') throw error;
      await this.head();
      return undefined;
    }
  }

  /** By what came together: each event through each generator would cost as much as the reading. */
  private async *records(reading: Reading): AsyncGenerator<RecordedEvent[], void> {
    const backoff = new Backoff();
    let until = performance.now() + this.timeouts.readPatienceMs;
    for (;;) {
      const lost = yield* this.oneCall(reading, () => {
        backoff.reset();
        until = performance.now() + this.timeouts.readPatienceMs;
      });
      if (lost === undefined) return;
      const pauseMs = backoff.pauseMs();
      if (performance.now() + pauseMs > until)
        throw new StoreUnavailable(
          `${reading.what} failed`,
          `nothing came for ${this.timeouts.readPatienceMs} ms; at last: ${lost}`,
        );
      await pause(pauseMs);
    }
  }

  /** Answers why it must be begun again; nothing where it ended as it should. */
  private async *oneCall(
    reading: Reading,
    onProgress: () => void,
  ): AsyncGenerator<RecordedEvent[], string | undefined> {
    const lease = this.pool.take();
    const call = new OpenCall(reading.open(lease.client), lease, reading.countMax);
    let hangs = false;
    try {
      for (;;) {
        const taken = await call.take(this.timeouts.readMs);
        if (taken === 'ended') return undefined;
        if (taken === 'silent') {
          hangs = true;
          return `no answer for ${this.timeouts.readMs} ms`;
        }
        onProgress();
        const events: RecordedEvent[] = [];
        for (const item of taken.items) if ('event' in item && item.event) events.push(item.event);
        yield events;
      }
    } catch (error) {
      if (isNotFound(error)) return undefined;
      const failure = failureOf(error);
      if (failure.kind !== 'unknown') throw refusal(reading.what, error);
      hangs = failure.by === 'connection';
      return failure.detail;
    } finally {
      await call.end(hangs);
    }
  }
}

function refusal(what: string, error: unknown): StoreUnavailable {
  const failure = failureOf(error);
  const detail = failure.kind === 'refused' ? failure.detail : failure.kind;
  return new StoreUnavailable(`${what} was refused`, detail, error);
}

function place(position: number): { commit: bigint; prepare: bigint } {
  return { commit: BigInt(position), prepare: BigInt(position) };
}

function maxCount(left: number): { maxCount?: number } {
  return left === Infinity ? {} : { maxCount: left };
}

function headAt(event: RecordedEvent): Head {
  return { position: positionOf(event), recordedAt: event.created.getTime() };
}
