import type { EventStoreDBClient } from '@eventstore/db-client';

import type { Expected } from '../event-store';
import { closeClient } from './connection';
import { clientEvent, type ServerEvent, safeInteger } from './event-mapping';
import { APPENDS_IN_FLIGHT_MAX } from './limits';
import { type Failure, failureOf } from './server-answers';
import { LATE, within } from './time-limit';

export interface AppendCall {
  stream: string;
  expected: Expected;
  events: ServerEvent[];
}

/** `lastPosition` is absent where the server did not say. */
export type Outcome = Failure | { kind: 'stored'; lastRevision: number; lastPosition?: number };

/**
 * Told to the server as a moment, by the clock of this machine: a short one would make a server whose clock is ahead refuse everything. The server limits a write to
 * 2 s itself, and the client does not look at it at all.
 */
const APPEND_DEADLINE_MS = 120_000;
/** Times `answerMs`: after that an append without an answer is given up even if others are answered. */
const PATIENCE = 4;

/** All lanes of this process (in this thread): the client keeps what is under way in one table for all its objects. */
const lanes = new Set<AppendLane>();

/**
 * The one client through which appends go, one call each, at most APPENDS_IN_FLIGHT_MAX at once.
 *
 * One client, because the client's table of pending appends belongs to the process: an error on the stream of one client rejects the appends of all, and an
 * answer that comes for one of those afterwards ends the process. So when one lane loses its connection, all drop theirs, at once; every append is then
 * "unknown" and tried again by whoever sent it.
 */
export class AppendLane {
  private client: EventStoreDBClient | undefined;
  private inFlight = 0;
  private lastAnswer = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly make: () => EventStoreDBClient,
    private readonly answerMs: number,
  ) {
    lanes.add(this);
  }

  /** Tries once. What comes back is never an exception. */
  async send(call: AppendCall): Promise<Outcome> {
    await this.slot();
    try {
      return await this.attempt(call);
    } finally {
      this.free();
    }
  }

  async close(): Promise<void> {
    lanes.delete(this);
    await this.drop();
  }

  private async attempt({ stream, expected, events }: AppendCall): Promise<Outcome> {
    this.client ??= this.make();
    const { client, answerMs } = this;
    const data = events.map(clientEvent);
    const options = { expectedRevision: revisionOf(expected), deadline: APPEND_DEADLINE_MS };
    try {
      const answer = await this.answered(client.appendToStream(stream, data, options));
      if (answer !== LATE) {
        const lastRevision = safeInteger(answer.nextExpectedRevision, 'revision');
        const { position } = answer;
        if (position === undefined) return { kind: 'stored', lastRevision };
        return { kind: 'stored', lastRevision, lastPosition: safeInteger(position.commit, 'position') };
      }
      this.lost(client);
      return { kind: 'unknown', detail: `no answer for ${answerMs} ms`, by: 'connection' };
    } catch (error) {
      const failure = failureOf(error);
      if (isClientsEnd(failure)) this.lost(client);
      return failure;
    }
  }

  /** A server that is slow but answers others is waited for: what counts is that nothing at all comes. */
  private async answered<T>(answer: Promise<T>): Promise<T | typeof LATE> {
    const { answerMs } = this;
    const until = performance.now() + answerMs * PATIENCE;
    for (let left = answerMs; ; left = this.lastAnswer + answerMs - performance.now()) {
      const come = await within(answer, left);
      const now = performance.now();
      if (come !== LATE) this.lastAnswer = now;
      if (come !== LATE || this.lastAnswer + answerMs <= now || now > until) return come;
    }
  }

  /** This client is not used again, nor is any that had appends under way. */
  private lost(client: EventStoreDBClient): void {
    if (this.client !== client) return;
    for (const lane of lanes) if (lane === this || lane.inFlight > 0) void lane.drop();
  }

  private async drop(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    if (client) await closeClient(client);
  }

  private slot(): Promise<void> {
    if (this.inFlight >= APPENDS_IN_FLIGHT_MAX) return new Promise((resolve) => this.waiting.push(resolve));
    this.inFlight++;
    return Promise.resolve();
  }

  /** Whoever waits gets the slot itself: a newcomer cannot slip in between. */
  private free(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.inFlight--;
  }
}

/**
 * After the loss of its connection a client may hold on to what failed (the answer to "what can you do?" is asked for once, and remembered, also if it
 * was an error). After a bad request the server answers a second time, two seconds later, and the client does not survive that.
 */
function isClientsEnd(failure: Failure): boolean {
  return failure.kind === 'unknown' ? failure.by === 'connection' : failure.kind === 'refused' && failure.poisons;
}

function revisionOf(expected: Expected): 'any' | 'no_stream' | bigint {
  if (expected === 'any') return 'any';
  return expected === 'noStream' ? 'no_stream' : BigInt(expected.revision);
}
