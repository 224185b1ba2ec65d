/** Messages that answer Streams/Read (streams.proto, ReadResp). */
import { streamIdentifier } from './recorded-event';
import { EMPTY_MESSAGE, WireMessage } from './wire-message';

/** Of ReadResp. */
const ANSWER = { event: 1, confirmation: 2, checkpoint: 3, streamNotFound: 4, caughtUp: 8, fellBehind: 9 } as const;

export function eventAnswer(recorded: WireMessage, position: number): Buffer {
  const event = new WireMessage(recorded.encoded().length + 24).message(1, recorded).uint(3, position);
  return new WireMessage(event.encoded().length + 12).message(ANSWER.event, event).encoded();
}

export function confirmationAnswer(subscriptionId: string): Buffer {
  return new WireMessage().message(ANSWER.confirmation, new WireMessage().text(1, subscriptionId)).encoded();
}

export function checkpointAnswer(position: number): Buffer {
  return new WireMessage().message(ANSWER.checkpoint, positionMessage(position)).encoded();
}

export function streamNotFoundAnswer(stream: string): Buffer {
  const notFound = new WireMessage(stream.length + 24).message(1, streamIdentifier(stream));
  return new WireMessage(stream.length + 32).message(ANSWER.streamNotFound, notFound).encoded();
}

export const CAUGHT_UP_ANSWER = new WireMessage().message(ANSWER.caughtUp, EMPTY_MESSAGE).encoded();
export const FELL_BEHIND_ANSWER = new WireMessage().message(ANSWER.fellBehind, EMPTY_MESSAGE).encoded();

/** Commit and prepare are one: the position in the log. */
export function positionMessage(position: number): WireMessage {
  return new WireMessage(24).uint(1, position).uint(2, position);
}
