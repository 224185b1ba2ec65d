/** Does what dispatch wrote hold? Every attempt has its request, in order; what was sent is what was written down. */
import { createHash } from 'node:crypto';
import { EventCursor, type LogReader } from '@rapport/event-store';
import {
  ACTION_EVENT,
  type ActionRendered,
  type AttemptStarted,
  type RenderedMessage,
} from '../dispatch/action-events';
import { Effects } from '../dispatch/effects';
import { wholeStream } from '../dispatch/effects-in-log';
import { EFFECTS_STREAM } from '../dispatch/instance.types';
import { SUPPRESSIONS_STREAM, SuppressedAddresses } from '../dispatch/suppressed-addresses';
import { actionStream, journeyStream } from '../partition';

const READ_BYTES = 4 * 1024 * 1024;
const REQUESTED = 'ActionRequested';
const KNOWN_TYPES: readonly string[] = Object.values(ACTION_EVENT);

interface Requested {
  customerId: string | undefined;
  position: number;
  attempts: number;
  arrived: boolean;
}

/** Answers how many actions one partition has. */
export function verifyActions(log: LogReader, partition: number, problem: (text: string) => void): number {
  const stream = actionStream(partition);
  if (log.streamHead(stream) < 0) return 0;
  const check = new ActionCheck(problem);
  for (let after = 0; ;) {
    const chunks = log.chunks(after, READ_BYTES, { streamPrefixes: [journeyStream(partition), stream] });
    if (chunks.length === 0) return check.requests.size;
    for (const chunk of chunks) {
      const cursor = new EventCursor().reset(chunk);
      while (cursor.next()) {
        if (chunk.stream === stream) check.written(cursor);
        else if (cursor.type === REQUESTED) check.requested(cursor);
      }
      after = chunk.firstPosition + chunk.count - 1;
    }
  }
}

/** The streams that say who may send, and to whom not: they can be read. */
export function verifyPermissions(log: LogReader, problem: (text: string) => void): void {
  const effects = new Effects();
  const suppressed = new SuppressedAddresses(log.meta().hashKey);
  for (const [stream, fold] of [
    [EFFECTS_STREAM, (chunk) => effects.fold(chunk)],
    [SUPPRESSIONS_STREAM, (chunk) => suppressed.fold(chunk)],
  ] as [string, Effects['fold']][]) {
    try {
      for (const chunk of wholeStream(log, stream)) fold(chunk);
    } catch (error) {
      problem(`the stream ${stream} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

class ActionCheck {
  readonly requests = new Map<string, Requested>();

  constructor(private readonly problem: (text: string) => void) {}

  requested({ data, subject, position }: EventCursor): void {
    const { action } = JSON.parse(data) as { action: string };
    this.requests.set(action, { customerId: subject, position, attempts: 0, arrived: false });
  }

  written(cursor: EventCursor): void {
    const { type, data, position, subject } = cursor;
    if (!KNOWN_TYPES.includes(type)) return this.problem(`position ${position}: dispatch never writes ${type}`);
    if (type === ACTION_EVENT.dispatchCheckpointed) return;
    const { action } = JSON.parse(data) as { action: string };
    const request = this.requests.get(action);
    if (!request) return this.problem(`position ${position}: ${type} of the action ${action}, which nothing requested`);
    if (request.customerId !== subject)
      this.problem(`position ${position}: ${type} names another customer than its request`);
    if (type === ACTION_EVENT.actionRendered) this.rendered(cursor, request);
    if (type === ACTION_EVENT.attemptStarted) this.started(cursor, request);
    if (type === ACTION_EVENT.actionEnded)
      request.arrived ||= (JSON.parse(data) as { result: string }).result === 'delivered';
  }

  private rendered({ data, personal, position }: EventCursor, request: Requested): void {
    const { request: named, digest } = JSON.parse(data) as ActionRendered;
    if (named !== request.position)
      this.problem(`position ${position}: the request stands at ${request.position}, not ${named}`);
    // Erased with its customer.
    if (!personal) return;
    const { bytes } = JSON.parse(personal) as RenderedMessage;
    if (createHash('sha256').update(bytes).digest('hex') !== digest)
      this.problem(`position ${position}: the message is not the one whose digest was written down`);
  }

  private started({ data, position }: EventCursor, request: Requested): void {
    const { action, attempt } = JSON.parse(data) as AttemptStarted;
    if (attempt !== request.attempts + 1)
      this.problem(`position ${position}: attempt ${attempt} of ${action} follows attempt ${request.attempts}`);
    if (request.arrived) this.problem(`position ${position}: ${action} was tried again after it had arrived`);
    request.attempts = attempt;
  }
}
