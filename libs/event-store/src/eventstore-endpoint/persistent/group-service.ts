import type { Server, ServerUnaryCall, StatusObject } from '@grpc/grpc-js';
import { PersistentSubscriptionsService } from '@eventstore/db-client/generated/persistent_grpc_pb';
import type {
  CreateReq,
  DeleteReq,
  GetInfoReq,
  ListReq,
  ReplayParkedReq,
  UpdateReq,
} from '@eventstore/db-client/generated/persistent_pb';

import { notOffered } from '../endpoint-error';
import type { OpenCalls } from '../open-calls';
import { withReadyAnswers } from '../service-definition';
import { streamOf } from '../wire/append-requests';
import { EMPTY_MESSAGE, WireMessage } from '../wire/wire-message';
import { type GroupReadCall, readGroup } from './group-read';
import { groupReport } from './group-report';
import { ALL, groupFailed, noSuchGroup } from './group-name';
import { type GroupRequest, groupRequest, nameOf } from './group-requests';
import type { Groups } from './groups';

type Respond = (error: StatusObject | null, answer?: Buffer) => void;
type Unary<Request> = (call: ServerUnaryCall<Request, Buffer>, respond: Respond) => void;

/** `isView`: whether a stream is made of others' events. */
export function offerGroups(
  server: Server,
  calls: OpenCalls,
  groups: Groups,
  isView: (stream: string) => boolean,
): void {
  const unary =
    <Request>(work: (request: Request) => Promise<WireMessage | void>): Unary<Request> =>
    (call, respond) =>
      calls.unary(call, respond, async () => ((await work(call.request)) ?? EMPTY_MESSAGE).encoded());
  const checked = (request: GroupRequest): GroupRequest => {
    if (!isView(request.name.source)) return request;
    throw groupFailed(
      request.name,
      'Streams that are made of other streams have no groups. Subscribe to it, or to $all',
    );
  };
  server.addService(withReadyAnswers(PersistentSubscriptionsService), {
    create: unary<CreateReq>(async (request) => {
      const { name, settings } = checked(groupRequest(request.getOptions()));
      await groups.create(name, settings);
    }),
    update: unary<UpdateReq>(async (request) => {
      const { name, settings } = groupRequest(request.getOptions());
      await groups.update(name, settings);
    }),
    delete: unary<DeleteReq>((request) => groups.delete(nameOf(request.getOptions()))),
    replayParked: unary<ReplayParkedReq>((request) => replay(request, groups)),
    getInfo: unary<GetInfoReq>(async (request) =>
      new WireMessage().message(1, await groupReport(groups.of(nameOf(request.getOptions())))),
    ),
    list: unary<ListReq>((request) => list(request, groups)),
    restartSubsystem: unary<unknown>(() =>
      Promise.reject(notOffered('The groups cannot be restarted by themselves. Restart Rapport.')),
    ),
    read: (call: GroupReadCall) => calls.stream(call, () => readGroup(call, groups)),
  });
}

async function replay(request: ReplayParkedReq, groups: Groups): Promise<void> {
  const options = request.getOptions();
  const group = groups.of(nameOf(options));
  await group.replayParked(options?.hasStopAt() ? Number(options.getStopAt()) : Infinity);
}

async function list(request: ListReq, groups: Groups): Promise<WireMessage> {
  const wanted = request.getOptions()?.getListForStream();
  const source =
    wanted === undefined
      ? undefined
      : wanted.hasAll()
        ? ALL
        : streamOf({ getStreamIdentifier: () => wanted.getStream() });
  const found = groups.list(source);
  if (found.length === 0 && source !== undefined) throw noSuchGroup({ source, group: '' });
  const answer = new WireMessage();
  for (const group of found) answer.message(1, await groupReport(group));
  return answer;
}
