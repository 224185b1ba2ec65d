import type { ServerDuplexStream } from '@grpc/grpc-js';
import { ReadReq } from '@eventstore/db-client/generated/persistent_pb';
import type { UUID } from '@eventstore/db-client/generated/shared_pb';

import { badRequest } from '../endpoint-error';
import { Outlet } from '../reading/outlet';
import { keyOf } from '../streams/recent-ids';
import { idOf } from '../wire/uuid';
import { Consumer } from './consumer';
import type { Group, NackAction } from './group';
import { nameOf } from './group-requests';
import type { Groups } from './groups';

export type GroupReadCall = ServerDuplexStream<ReadReq, Buffer>;

/** In work at one consumer, at most. */
const BUFFER_SIZE_MAX = 10_000;

const ACTIONS: Record<ReadReq.Nack.Action, NackAction> = {
  [ReadReq.Nack.Action.UNKNOWN]: 'retry',
  [ReadReq.Nack.Action.PARK]: 'park',
  [ReadReq.Nack.Action.RETRY]: 'retry',
  [ReadReq.Nack.Action.SKIP]: 'skip',
  [ReadReq.Nack.Action.STOP]: 'stop',
};

/** A consumer's call: it says first of which group, then what became of the events that it gets. Ends when the consumer does, or with an error. */
export function readGroup(call: GroupReadCall, groups: Groups): Promise<void> {
  const outlet = new Outlet(call);
  return new Promise((resolve, reject) => {
    let joined: Joined | undefined;
    outlet.onEnd(() => {
      joined?.leave();
      resolve();
    });
    const drop = (error: Error): void => {
      joined?.leave();
      reject(error);
    };
    call.on('data', (request: ReadReq) => {
      const { group } = joined ?? {};
      if (group && joined) return heard(group, joined.consumer, request);
      void join(call, request, groups, outlet, drop).then((one) => (joined = one), reject);
    });
    call.on('end', () => {
      joined?.leave();
      resolve();
    });
  });
}

interface Joined {
  group: Group;
  consumer: Consumer;
  leave(): void;
}

async function join(
  call: GroupReadCall,
  request: ReadReq,
  groups: Groups,
  outlet: Outlet,
  drop: (error: Error) => void,
): Promise<Joined> {
  const options = request.getOptions();
  if (options === undefined) throw badRequest('The first message says which group is meant.');
  const group = groups.of(nameOf(options));
  const form = options.getUuidOption()?.hasStructured() ? ('structured' as const) : ('text' as const);
  const size = Math.min(Math.max(1, options.getBufferSize()), BUFFER_SIZE_MAX);
  const [connection] = call.metadata.get('connection-name');
  const consumer = new Consumer(outlet, size, form, connection?.toString() ?? '', drop);
  await group.join(consumer);
  const leave = (): void => group.leave(consumer);
  if (outlet.closed) leave();
  return { group, consumer, leave };
}

function heard(group: Group, consumer: Consumer, request: ReadReq): void {
  const ack = request.getAck();
  const nack = request.getNack();
  if (ack) group.ack(consumer, keysOf(ack.getIdsList()));
  if (nack) group.nack(consumer, keysOf(nack.getIdsList()), ACTIONS[nack.getAction()], nack.getReason());
}

/** An id that is none is nobody's. */
function keysOf(ids: UUID[]): string[] {
  return ids.flatMap((uuid) => {
    const id = idOf(uuid);
    return id ? [keyOf(id)] : [];
  });
}
