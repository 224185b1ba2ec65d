/** What the log holds of an action that is open: nobody keeps it in memory meanwhile. */
import { type LogReader, type StoredEvent, unpack } from '@rapport/event-store';
import type { ActionRequested } from '@rapport/journey';
import { actionStream, journeyStream } from '../partition';
import type { RenderedMessage } from './action-events';
import type { OpenAction } from './open-action';

export interface LoggedActions {
  requestOf(action: OpenAction): ActionRequested;
  /** Of an action that is rendered. null = its personal part has been erased: there is nothing to send, and nobody to send it to. */
  messageOf(action: OpenAction): RenderedMessage | null;
}

/** @throws Error where the log does not hold what it has shown */
export function loggedActions(log: LogReader): LoggedActions {
  return {
    requestOf: ({ partition, revision }) => requestIn(eventAt(log, journeyStream(partition), revision)),
    messageOf: ({ partition, rendered }) => messageIn(eventAt(log, actionStream(partition), rendered ?? -1)),
  };
}

export function requestIn({ data }: StoredEvent): ActionRequested {
  return { ...jsonOf<ActionRequested>(data), type: 'ActionRequested' };
}

export function messageIn({ personal }: StoredEvent): RenderedMessage | null {
  return personal && personal.length > 0 ? jsonOf<RenderedMessage>(personal) : null;
}

export function eventAt(log: LogReader, stream: string, revision: number): StoredEvent {
  const [chunk] = log.streamChunks(stream, revision, 1);
  const event = chunk && unpack(chunk)[0];
  if (event?.revision !== revision)
    throw new Error(`${stream} holds no revision ${revision}, which an open action names: the log is not whole`);
  return event;
}

export function jsonOf<T>(bytes: Uint8Array): T {
  return JSON.parse(Buffer.from(bytes).toString('utf8')) as T;
}
