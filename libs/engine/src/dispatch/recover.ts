/** A start: everything that the dispatcher has to know, from the last checkpoint of each partition on. */
import { type LogReader, unpack } from '@rapport/event-store';
import type { ActionRequested } from '@rapport/journey';
import { actionStream, journeyStream, touchpointStream } from '../partition';
import { ACTION_EVENT, type DispatchCheckpointed } from './action-events';
import type { Dispatcher } from './dispatcher';
import { eventAt, jsonOf } from './logged-action';
import { openAction, restore } from './open-action';

const READ_BYTES = 4 * 1024 * 1024;
const PREFIXES = ['journey-', 'touchpoints-', 'actions-'];

/** Folds up to the head of the log and returns its position. `begin` comes next. */
export function recover(log: LogReader, dispatcher: Dispatcher): number {
  const head = log.head().position;
  let after = head;
  for (const { partition } of dispatcher.partitions) after = Math.min(after, resume(log, dispatcher, partition));
  while (after < head) {
    const chunks = log.chunks(after, READ_BYTES, { streamPrefixes: PREFIXES });
    if (chunks.length === 0) break;
    for (const chunk of chunks) {
      const own = /^actions-(\d+)$/.exec(chunk.stream);
      if (own) dispatcher.foldOwn(Number(own[1]), chunk);
      else dispatcher.fold(chunk);
      after = chunk.firstPosition + chunk.count - 1;
    }
  }
  return Math.max(after, head);
}

/** Puts the checkpoint back; the position after which this partition has to be read. */
function resume(log: LogReader, dispatcher: Dispatcher, partition: number): number {
  const found = lastCheckpoint(log, partition);
  if (!found) return 0;
  const { event, checkpoint } = found;
  const own = dispatcher.partitions[partition]!;
  own.journey = checkpoint.journey;
  own.touchpoints = checkpoint.touchpoints;
  own.own = event.revision;
  own.pausedChannels = new Set(checkpoint.pausedChannels);
  dispatcher.log.resume(partition, event.revision);
  for (const open of checkpoint.open) {
    const requested = eventAt(log, journeyStream(partition), open.request);
    const { revision, position, subject: customerId = '' } = requested;
    const request = own.kept(jsonOf<ActionRequested>(requested.data));
    const action = openAction(request, { customerId, partition, revision, position });
    restore(action, open);
    own.add(action);
  }
  const next = (stream: string, revision: number): number =>
    log.streamChunks(stream, revision + 1, 1)[0]?.firstPosition ?? Infinity;
  const first = Math.min(
    event.position + 1,
    next(journeyStream(partition), checkpoint.journey),
    next(touchpointStream(partition), checkpoint.touchpoints),
  );
  return first - 1;
}

function lastCheckpoint(log: LogReader, partition: number) {
  const stream = actionStream(partition);
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const chunks = log.chunks(before, READ_BYTES, { streamPrefixes: [stream], backwards: true });
    if (chunks.length === 0) return null;
    for (const chunk of chunks) {
      const event = unpack(chunk).findLast(({ type }) => type === ACTION_EVENT.dispatchCheckpointed);
      if (event) return { event, checkpoint: jsonOf<DispatchCheckpointed>(event.data) };
      before = chunk.firstPosition;
    }
  }
}
