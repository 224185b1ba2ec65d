import { randomUUID } from 'node:crypto';

import type { ChunkLog } from '../../chunk-log';
import { EventCursor } from '../../event-cursor';
import { EventPacker } from '../../event-packer';
import type { AppendResult, Expected, PackedEvents } from '../../event-store';
import { EventTooLarge } from '../../record-format';
import type { WriteRules } from '../endpoint.types';
import { keptEvent, type ProposedEvent } from '../wire/envelope';
import {
  APPEND_BYTES_MAX,
  type AppendCall,
  type AppendOutcome,
  type Expectation,
  STREAM_NAME_BYTES_MAX,
} from './append.types';
import { keyOf, RecentIds } from './recent-ids';
import { META_PREFIX, METADATA_TYPE, metadataText, ownerOf, type StreamStates } from './stream-states';

/** A record is little longer than the event in it. */
const RECORD_BYTES_MAX = APPEND_BYTES_MAX + 200_000;

/**
 * Appends with the idempotence that real servers were seen to have: at an exact revision ids are compared with what is stored there, for ever; at "any" with
 * the ids that came last. Calls for one stream are judged in the order in which they come.
 */
export class Appender {
  private readonly recent = new RecentIds();
  /** Ids that are being stored, with the end of it. */
  private readonly storing = new Map<string, Promise<unknown>>();
  /** The newest append of each stream that has one under way. */
  private readonly newest = new Map<string, Promise<unknown>>();

  constructor(
    private readonly log: ChunkLog,
    readonly rules: WriteRules,
    readonly states: StreamStates,
  ) {}

  append(call: AppendCall): Promise<AppendOutcome> {
    const refusal = this.refusal(call.stream) ?? faultOf(call);
    return refusal === undefined ? this.tracked(call) : Promise.resolve(refusal);
  }

  /** Housekeeping of the endpoint itself: written whatever the rules say. */
  appendOwn(stream: string, events: ProposedEvent[]): Promise<AppendOutcome> {
    return this.tracked({ stream, expected: 'any', events });
  }

  /** Why a client may not change this stream; undefined = it may. */
  refusal(stream: string): AppendOutcome | undefined {
    const why = refusalOf(this.rules, stream);
    return why === undefined ? undefined : { kind: 'accessDenied', why };
  }

  /** Resolves when no append of this stream is under way. */
  async settled(stream: string): Promise<void> {
    for (let last = this.newest.get(stream); last !== undefined; last = this.newest.get(stream)) await last;
  }

  private tracked(call: AppendCall): Promise<AppendOutcome> {
    const outcome = this.judge(call);
    this.newest.set(call.stream, outcome);
    const keys = call.events.map((event) => keyOf(event.id));
    for (const key of keys) this.storing.set(key, outcome);
    return outcome.finally(() => {
      if (this.newest.get(call.stream) === outcome) this.newest.delete(call.stream);
      for (const key of keys) if (this.storing.get(key) === outcome) this.storing.delete(key);
    });
  }

  /** Nothing is awaited on the usual ways: the store must get appends in the order in which they came. */
  private judge(call: AppendCall): Promise<AppendOutcome> {
    const state = this.states.of(call.stream);
    if (state.tombstoned) return Promise.resolve({ kind: 'streamDeleted' });
    const [first] = call.events;
    if (first === undefined) return this.onlyChecked(call);
    if (state.deleted || call.expected === 'streamExists') return this.afterOthers(call);
    if (call.expected !== 'any') return this.store(call, call.expected);
    const under = this.storing.get(keyOf(first.id));
    return under === undefined ? this.atAny(call) : under.then(() => this.atAny(call));
  }

  private async onlyChecked({ stream, expected }: AppendCall): Promise<AppendOutcome> {
    await this.newest.get(stream);
    const actual = await this.log.streamHead(stream);
    if (!meets(expected, actual)) return { kind: 'wrongExpectedVersion', expected, actual };
    return { kind: 'success', revision: Math.max(actual, 0) };
  }

  /** Where it matters what the appends before this one bring about. */
  private async afterOthers(call: AppendCall): Promise<AppendOutcome> {
    await this.newest.get(call.stream);
    const state = this.states.of(call.stream);
    const actual = await this.log.streamHead(call.stream);
    if (call.expected === 'streamExists') {
      if (state.deleted) return { kind: 'streamDeleted' };
      if (actual < 0) return { kind: 'wrongExpectedVersion', expected: call.expected, actual };
      return this.atAny(call);
    }
    return state.deleted ? this.reviving(call, actual) : this.judge(call);
  }

  /** A deleted stream begins anew, and its revisions go on. */
  private async reviving(call: AppendCall, actual: number): Promise<AppendOutcome> {
    const expected = call.expected === 'noStream' ? { revision: actual } : call.expected;
    const outcome = await this.store(call, expected === 'streamExists' ? 'any' : expected);
    if (outcome.kind !== 'success') return outcome;
    const shownFrom = String(outcome.revision - call.events.length + 1);
    const metadata = metadataText(this.states.of(call.stream), shownFrom);
    const written = await this.appendOwn(`${META_PREFIX}${call.stream}`, [metadataEvent(metadata)]);
    return written.kind === 'success' ? outcome : written;
  }

  private atAny(call: AppendCall): Promise<AppendOutcome> {
    const { stream, events, expected } = call;
    const known = events.map((event) => this.recent.find(stream, event.id));
    if (known[0] === undefined) return this.store(call, 'any');
    const last = known.at(-1);
    if (known.includes(undefined) || last === undefined)
      return this.log.streamHead(stream).then((actual) => ({ kind: 'wrongExpectedVersion', expected, actual }));
    return Promise.resolve({ kind: 'success', revision: last.revision, position: last.position });
  }

  private store(call: AppendCall, expected: Expected): Promise<AppendOutcome> {
    const packed = packedOf(call.events);
    if ('kind' in packed) return Promise.resolve(packed);
    return this.log.append([{ stream: call.stream, expected, events: packed }]).then((results) => {
      const result = results[0] as AppendResult;
      if (result.ok) return this.stored(call, result.firstRevision, result.firstPosition);
      if (result.reason === 'wrongExpectedRevision') return this.seenBefore(call, expected, result.actual);
      return result.overloaded ? { kind: 'timeout' } : { kind: 'notReady', why: result.detail };
    });
  }

  private stored({ stream, events }: AppendCall, firstRevision: number, firstPosition: number): AppendOutcome {
    events.forEach(({ id, type, data }, i) => {
      this.recent.add(id, { stream, revision: firstRevision + i, position: firstPosition + i });
      if (ownerOf(stream) !== undefined) this.states.note(stream, type, Buffer.from(data).toString());
    });
    const last = events.length - 1;
    return { kind: 'success', revision: firstRevision + last, position: firstPosition + last };
  }

  /** A repeated append, if the same ids stand where these would have gone. */
  private async seenBefore(call: AppendCall, expected: Expected, actual: number): Promise<AppendOutcome> {
    const conflict: AppendOutcome = { kind: 'wrongExpectedVersion', expected: call.expected, actual };
    if (expected === 'any') return conflict;
    const first = expected === 'noStream' ? 0 : expected.revision + 1;
    if (first + call.events.length - 1 > actual) return conflict;
    const chunks = await this.log.streamChunks(call.stream, first, call.events.length);
    const cursor = new EventCursor();
    let at = 0;
    for (const chunk of chunks) {
      cursor.reset(chunk);
      while (cursor.next()) if (!cursor.id.equals(call.events[at++]?.id ?? NO_ID)) return conflict;
    }
    const last = chunks.at(-1);
    if (last === undefined || at !== call.events.length) return conflict;
    return { kind: 'success', revision: first + at - 1, position: last.firstPosition + last.count - 1 };
  }
}

const NO_ID = Buffer.alloc(0);

function newId(): Buffer {
  return Buffer.from(randomUUID().replaceAll('-', ''), 'hex');
}

export function metadataEvent(text: string, type = METADATA_TYPE): ProposedEvent {
  return newEvent(type, text, true);
}

export function newEvent(type: string, data: string, json: boolean, metadata = ''): ProposedEvent {
  return { id: newId(), type, json, data: Buffer.from(data), metadata: Buffer.from(metadata) };
}

function meets(expected: Expectation, actual: number): boolean {
  if (expected === 'any') return true;
  if (expected === 'noStream') return actual === -1;
  return expected === 'streamExists' ? actual >= 0 : actual === expected.revision;
}

function refusalOf(rules: WriteRules, stream: string): string | undefined {
  if (!rules.open)
    return 'This endpoint is for reading. Start Rapport with --eventstore-writes to append to streams that are not its own.';
  const name = ownerOf(stream) ?? stream;
  const prefix = rules.reserved.find((reserved) => name.startsWith(reserved));
  if (prefix === undefined) return undefined;
  return `Streams "${prefix}..." are written by Rapport alone. Send touchpoints to its HTTP API, or append to a stream of another name.`;
}

function faultOf({ stream, events }: AppendCall): AppendOutcome | undefined {
  if (stream === '') return { kind: 'badRequest', why: 'The name of the stream is empty. Name one.' };
  if (Buffer.byteLength(stream) > STREAM_NAME_BYTES_MAX)
    return { kind: 'badRequest', why: `The name of the stream has more than ${STREAM_NAME_BYTES_MAX} bytes.` };
  if (stream.includes('\0'))
    return { kind: 'badRequest', why: 'The name of the stream holds a NUL, which this store cannot keep.' };
  let bytes = 0;
  for (const event of events) bytes += event.data.length + event.metadata.length + 2 * event.type.length;
  return bytes > APPEND_BYTES_MAX ? { kind: 'tooLarge' } : undefined;
}

function packedOf(events: ProposedEvent[]): PackedEvents | AppendOutcome {
  const now = Date.now();
  const packer = new EventPacker(RECORD_BYTES_MAX);
  try {
    for (const event of events) packer.add(keptEvent(event, now));
  } catch (error) {
    if (error instanceof EventTooLarge) return { kind: 'badRequest', why: error.message };
    throw error;
  }
  return packer.take();
}
