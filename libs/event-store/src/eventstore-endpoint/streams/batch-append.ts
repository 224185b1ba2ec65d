import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { BatchAppendReq } from '@eventstore/db-client/generated/streams_pb';

import { batchAnswer } from '../wire/append-answers';
import { expectationOf, proposedEvent, streamOf } from '../wire/append-requests';
import type { ProposedEvent } from '../wire/envelope';
import { idOf, type UuidForm, uuidMessage } from '../wire/uuid';
import { WireMessage } from '../wire/wire-message';
import { APPEND_BYTES_MAX, type AppendOutcome, type Expectation } from './append.types';
import type { AppendBudget } from './append-budget';
import type { Appender } from './appender';

export type BatchAppendCall = ServerDuplexStream<BatchAppendReq, Buffer>;

/** An append that has begun to come in. */
interface Begun {
  correlationId: string;
  id: Buffer | undefined;
  stream: string;
  expected: Expectation;
  /** ms; Infinity = none. */
  deadline: number;
  events: ProposedEvent[];
  bytes: number;
  fault?: AppendOutcome;
}

/** Appends that one call may have begun and not finished. */
const BEGUN_MAX = 100;

/** One open call through which a client sends all of its appends; answered by correlation id, each once, in any order. */
export class BatchAppends {
  private readonly begun = new Map<string, Begun>();
  private open = 0;
  private ended = false;

  constructor(
    private readonly call: BatchAppendCall,
    private readonly appender: Appender,
    private readonly budget: AppendBudget,
  ) {}

  /** Resolves when the client has ended the call; throws where the call breaks. */
  async run(): Promise<void> {
    for await (const request of this.call as AsyncIterable<BatchAppendReq>) {
      const append = this.added(request);
      if (append !== undefined) await this.start(append);
    }
    this.ended = true;
    if (this.open === 0) this.call.end();
  }

  /** The append, once it is complete. */
  private added(request: BatchAppendReq): Begun | undefined {
    const id = idOf(request.getCorrelationId());
    const correlationId = request.getCorrelationId()?.getString() ?? '';
    const key = id?.toString('hex') ?? correlationId;
    let append = this.begun.get(key);
    if (append === undefined) {
      if (this.begun.size >= BEGUN_MAX) throw new Error(`More than ${BEGUN_MAX} appends have begun and not ended.`);
      append = begin(request, id, correlationId);
      this.begun.set(key, append);
    }
    for (const message of request.getProposedMessagesList()) addEvent(append, message);
    if (!request.getIsFinal()) return undefined;
    this.begun.delete(key);
    return append;
  }

  private async start(append: Begun): Promise<void> {
    const share = { events: append.events.length, bytes: append.bytes };
    await this.budget.take(share);
    this.open++;
    void this.outcome(append)
      .catch((error: unknown): AppendOutcome => ({ kind: 'notReady', why: String(error) }))
      .then((outcome) => {
        this.budget.giveBack(share);
        this.open--;
        if (this.call.cancelled) return;
        this.call.write(batchAnswer(correlationOf(append, outcome), append.stream, outcome));
        if (this.ended && this.open === 0) this.call.end();
      });
  }

  private outcome(append: Begun): Promise<AppendOutcome> {
    if (append.fault !== undefined) return Promise.resolve(append.fault);
    if (append.deadline <= Date.now()) return Promise.resolve({ kind: 'timeout' });
    return this.appender.append(append);
  }
}

/** As it came, but for a time-out: real servers answer those in the other form. */
function correlationOf({ id, correlationId }: Begun, outcome: AppendOutcome): WireMessage {
  const form: UuidForm = outcome.kind === 'timeout' ? 'structured' : 'text';
  return id === undefined ? new WireMessage().text(2, correlationId) : uuidMessage(id, form);
}

function begin(request: BatchAppendReq, id: Buffer | undefined, correlationId: string): Begun {
  const options = request.getOptions();
  const append: Begun = {
    correlationId,
    id,
    stream: streamOf(options),
    expected: options === undefined ? 'any' : expectationOf(options, options.getStreamPosition()),
    deadline: Infinity,
    events: [],
    bytes: 0,
  };
  const deadline = options?.getDeadline();
  if (deadline !== undefined) append.deadline = deadline.getSeconds() * 1000 + deadline.getNanos() / 1e6;
  if (options === undefined) append.fault = { kind: 'badRequest', why: 'The first message of an append has options.' };
  return append;
}

/** Of an append that is refused in any case nothing is kept. */
function addEvent(append: Begun, message: BatchAppendReq.ProposedMessage): void {
  if (append.fault !== undefined) return;
  const event = proposedEvent(message);
  if (typeof event === 'string') append.fault = { kind: 'badRequest', why: event };
  else {
    append.events.push(event);
    append.bytes += event.data.length + event.metadata.length + 2 * event.type.length;
    if (append.bytes > APPEND_BYTES_MAX) append.fault = { kind: 'tooLarge' };
  }
  if (append.fault !== undefined) append.events = [];
}
