/** A log in memory for the specs of this folder: streams with revisions, positions, and the chunks in their order. */
import {
  type AppendRequest,
  type AppendResult,
  type Chunk,
  pack,
  type StoredEvent,
  unpack,
} from '@rapport/event-store';
import type { ActionRequested, PlayDecision, Touchpoint } from '@rapport/journey';
import { encodeTouchpoint } from '@rapport/journey';
import { actionStream, journeyStream, partitionOf, touchpointStream } from '../partition';
import { type LoggedActions, messageIn, requestIn } from './logged-action';

export class MemoryLog {
  readonly chunks: Chunk[] = [];
  private readonly revisions = new Map<string, number>();
  private position = 0;
  /** Called with each chunk, as a feed would. */
  onChunk: (chunk: Chunk) => void = () => undefined;
  /** Appends fail as if the process had ended before them. */
  dead = false;

  constructor(private readonly now: () => number) {}

  append = (requests: AppendRequest[]): Promise<AppendResult[]> => {
    if (this.dead) return new Promise(() => undefined);
    return Promise.resolve(requests.map((request) => this.appendOne(request)));
  };

  head(stream: string): number {
    return this.revisions.get(stream) ?? -1;
  }

  events(prefix: string): StoredEvent[] {
    return this.chunks.filter((chunk) => chunk.stream.startsWith(prefix)).flatMap((chunk) => unpack(chunk));
  }

  readonly logged: LoggedActions = {
    requestOf: ({ partition, revision }) => requestIn(this.eventAt(journeyStream(partition), revision)),
    messageOf: ({ partition, rendered }) => messageIn(this.eventAt(actionStream(partition), rendered ?? -1)),
  };

  private eventAt(stream: string, revision: number): StoredEvent {
    const chunk = this.chunks.findLast((one) => one.stream === stream && one.firstRevision <= revision);
    const found = chunk && unpack(chunk)[revision - chunk.firstRevision];
    if (!found) throw new Error(`${stream} holds no revision ${revision}`);
    return found;
  }

  /** `type action result` of each event of `actions-<pp>`, then the outcomes. */
  story(): string[] {
    return this.events('actions-').map((event) => {
      const data = dataOf<{ attempt?: number; result?: string; reason?: string }>(event);
      return [event.type, data.attempt, data.result, data.reason].filter((part) => part !== undefined).join(' ');
    });
  }

  outcomes(): { type: string; properties: { [name: string]: unknown } }[] {
    return this.events('touchpoints-')
      .map((event) => dataOf<{ type: string; properties: { [name: string]: unknown } }>(event))
      .filter((data) => data.type?.startsWith('action.'));
  }

  decide(customerId: string, decision: PlayDecision): void {
    const { type, ...data } = decision;
    this.appendOne({
      stream: journeyStream(partitionOf(customerId, PARTITIONS)),
      expected: 'any',
      events: pack([{ ...envelope(type, decision.at, data), subject: customerId }]),
    });
  }

  touch(touchpoint: Partial<Touchpoint> & { customerId: string; type: string }): void {
    const full: Touchpoint = {
      touchpointId: `t${this.position}`,
      channel: 'email',
      direction: 'inbound',
      occurredAt: this.now(),
      source: 'test',
      properties: {},
      history: false,
      ...touchpoint,
    };
    const { data, personal } = encodeTouchpoint(full);
    const event = { ...envelope('TouchpointRecorded', full.occurredAt, {}), subject: full.customerId };
    this.appendOne({
      stream: touchpointStream(partitionOf(full.customerId, PARTITIONS)),
      expected: 'any',
      events: pack([
        { ...event, data: Buffer.from(data), ...(personal !== undefined && { personal: Buffer.from(personal) }) },
      ]),
    });
  }

  control(stream: string, type: string, data: object): void {
    this.appendOne({ stream, expected: 'any', events: pack([envelope(type, this.now(), data)]) });
  }

  private appendOne({ stream, expected, events }: AppendRequest): AppendResult {
    const actual = this.head(stream);
    const wanted = expected === 'any' ? actual : expected === 'noStream' ? -1 : expected.revision;
    if (wanted !== actual) return { ok: false, reason: 'wrongExpectedRevision', actual };
    const chunk: Chunk = {
      ...{ stream, count: events.count, bytes: Uint8Array.from(events.bytes) },
      ...{ firstPosition: this.position + 1, firstRevision: actual + 1, recordedAt: this.now() },
    };
    this.position += events.count;
    this.revisions.set(stream, actual + events.count);
    this.chunks.push(chunk);
    this.onChunk(chunk);
    const { firstRevision, firstPosition, recordedAt } = chunk;
    return { ok: true, firstRevision, firstPosition, recordedAt };
  }
}

export const PARTITIONS = 2;

function envelope(type: string, at: number, data: object) {
  return { id: Buffer.alloc(16, 7), type, schemaVersion: 1, occurredAt: at, data: Buffer.from(JSON.stringify(data)) };
}

export function dataOf<T>(event: StoredEvent): T {
  return JSON.parse(Buffer.from(event.data).toString('utf8')) as T;
}

export const START = Date.UTC(2026, 0, 5, 9);
const HOUR = 3_600_000;

/** A request as `advance` makes it. */
export function requested(action: string, over: Partial<ActionRequested> = {}): ActionRequested {
  return {
    ...{ type: 'ActionRequested', play: 'welcome', enrolment: 1, playVersion: 1, at: START, step: '0', round: 0 },
    ...{ action, verb: 'give', what: 'thanks', channel: 'fake', purpose: 'relationship', template: 'thanks' },
    ...{ notBefore: START, sendBefore: START + 4 * HOUR, evidence: [], cause: { kind: 'timer', due: START } },
    ...over,
  };
}
