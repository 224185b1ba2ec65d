/** Messages that answer Streams/BatchAppend and Streams/Append (streams.proto, status.proto, shared.proto). */
import { APPEND_BYTES_MAX, type AppendOutcome, type Expectation } from '../streams/append.types';
import { positionMessage } from './read-answers';
import { streamIdentifier } from './recorded-event';
import { EMPTY_MESSAGE, WireMessage } from './wire-message';

const TYPES = 'type.googleapis.com/event_store.client.';
/** Of google.rpc.Code. */
const CODE = { invalidArgument: 3, deadlineExceeded: 4, notFound: 5, alreadyExists: 6, permissionDenied: 7 } as const;
const UNAVAILABLE = 14;

/** The whole answer but for the correlation id: BatchAppendResp. */
export function batchAnswer(correlationId: WireMessage, stream: string, outcome: AppendOutcome): Buffer {
  const answer = new WireMessage().message(1, correlationId);
  if (outcome.kind === 'success') answer.message(3, successMessage(outcome));
  else answer.message(2, statusMessage(stream, outcome));
  return answer.message(4, streamIdentifier(stream)).encoded();
}

/** Of both ways of appending; they have the same fields. */
export function successMessage(outcome: AppendOutcome & { kind: 'success' }): WireMessage {
  const success = new WireMessage().uint(1, outcome.revision);
  return outcome.position === undefined
    ? success.message(4, EMPTY_MESSAGE)
    : success.message(3, positionMessage(outcome.position));
}

function statusMessage(stream: string, outcome: Exclude<AppendOutcome, { kind: 'success' }>): WireMessage {
  switch (outcome.kind) {
    case 'wrongExpectedVersion':
      return status(CODE.alreadyExists, 'WrongExpectedVersion', 'WrongExpectedVersion', wrongVersion(outcome));
    case 'streamDeleted':
      return status(
        CODE.notFound,
        'StreamDeleted',
        'StreamDeleted',
        new WireMessage().message(1, streamIdentifier(stream)),
      );
    case 'tooLarge': {
      const details = new WireMessage().uint(1, APPEND_BYTES_MAX);
      return status(CODE.invalidArgument, 'MaximumAppendSizeExceeded', 'MaximumAppendSizeExceeded', details);
    }
    case 'badRequest':
      return status(CODE.invalidArgument, 'BadRequest', 'BadRequest', new WireMessage().text(1, outcome.why));
    case 'timeout':
      return status(CODE.deadlineExceeded, 'Timeout', 'Timeout', EMPTY_MESSAGE);
    case 'accessDenied':
      return status(CODE.permissionDenied, outcome.why, 'AccessDenied', EMPTY_MESSAGE);
    case 'notReady':
      return status(UNAVAILABLE, `Server Is Not Ready: ${outcome.why}`, 'BadRequest', EMPTY_MESSAGE);
  }
}

/** Details are always there: a client looks into them without asking. */
function status(code: number, message: string, type: string, details: WireMessage): WireMessage {
  const any = new WireMessage().text(1, `${TYPES}${type}`).bytes(2, details.encoded());
  return new WireMessage().uint(1, code).text(2, message).message(3, any);
}

function wrongVersion({ expected, actual }: { expected: Expectation; actual: number }): WireMessage {
  const message = new WireMessage();
  if (actual < 0) message.message(2, EMPTY_MESSAGE);
  else message.uint(1, actual);
  if (expected === 'any') return message.message(4, EMPTY_MESSAGE);
  if (expected === 'streamExists') return message.message(5, EMPTY_MESSAGE);
  return expected === 'noStream' ? message.message(6, EMPTY_MESSAGE) : message.uint(3, expected.revision);
}

/** AppendResp, where the conflict is an answer and not an error. */
export function unarySuccess(outcome: AppendOutcome & { kind: 'success' }): Buffer {
  return new WireMessage().message(1, successMessage(outcome)).encoded();
}

export function unaryConflict({ expected, actual }: { expected: Expectation; actual: number }): Buffer {
  const conflict = new WireMessage();
  if (actual < 0) conflict.message(2, EMPTY_MESSAGE).message(7, EMPTY_MESSAGE);
  else conflict.uint(1, actual).uint(6, actual);
  if (expected === 'any') conflict.message(4, EMPTY_MESSAGE).message(9, EMPTY_MESSAGE);
  else if (expected === 'streamExists') conflict.message(5, EMPTY_MESSAGE).message(10, EMPTY_MESSAGE);
  else if (expected === 'noStream') conflict.message(11, EMPTY_MESSAGE);
  else conflict.uint(3, expected.revision).uint(8, expected.revision);
  return new WireMessage().message(2, conflict).encoded();
}
