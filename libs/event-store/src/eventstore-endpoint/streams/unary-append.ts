import { type ServerReadableStream, status } from '@grpc/grpc-js';
import type { AppendReq } from '@eventstore/db-client/generated/streams_pb';

import { accessDenied, badRequest, EndpointError, maximumAppendSizeExceeded, streamDeleted } from '../endpoint-error';
import { unaryConflict, unarySuccess } from '../wire/append-answers';
import { expectationOf, proposedEvent, streamOf } from '../wire/append-requests';
import type { ProposedEvent } from '../wire/envelope';
import { APPEND_BYTES_MAX, type AppendCall, type AppendOutcome } from './append.types';
import type { Appender } from './appender';

/** An append in a call of its own: options, then one event in each message. A conflict is an answer; all else is an error. */
export async function unaryAppend(call: ServerReadableStream<AppendReq, Buffer>, appender: Appender): Promise<Buffer> {
  const append = await received(call);
  const outcome = await appender.append(append);
  switch (outcome.kind) {
    case 'success':
      return unarySuccess(outcome);
    case 'wrongExpectedVersion':
      return unaryConflict(outcome);
    default:
      throw faultOf(append.stream, outcome);
  }
}

async function received(call: ServerReadableStream<AppendReq, Buffer>): Promise<AppendCall> {
  let append: AppendCall | undefined;
  let bytes = 0;
  const events: ProposedEvent[] = [];
  for await (const request of call as AsyncIterable<AppendReq>) {
    const options = request.getOptions();
    if (options !== undefined) {
      append = { stream: streamOf(options), expected: expectationOf(options, options.getRevision()), events };
      continue;
    }
    const message = request.getProposedMessage();
    const event = message === undefined ? 'A message holds neither options nor an event.' : proposedEvent(message);
    if (typeof event === 'string') throw badRequest(event);
    bytes += event.data.length + event.metadata.length + 2 * event.type.length;
    if (bytes > APPEND_BYTES_MAX) throw maximumAppendSizeExceeded(APPEND_BYTES_MAX);
    events.push(event);
  }
  if (append === undefined) throw badRequest('The first message of an append has options.');
  return append;
}

/** The same outcome where only an error can say it. */
export function faultOf(
  stream: string,
  outcome: Exclude<AppendOutcome, { kind: 'success' | 'wrongExpectedVersion' }>,
): EndpointError {
  switch (outcome.kind) {
    case 'streamDeleted':
      return streamDeleted(stream);
    case 'accessDenied':
      return accessDenied(outcome.why);
    case 'tooLarge':
      return maximumAppendSizeExceeded(APPEND_BYTES_MAX);
    case 'badRequest':
      return badRequest(outcome.why);
    case 'timeout':
      return new EndpointError(status.UNAVAILABLE, 'Server Is Too Busy');
    case 'notReady':
      return new EndpointError(status.UNAVAILABLE, `Server Is Not Ready: ${outcome.why}`);
  }
}
