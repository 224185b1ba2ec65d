import {
  Server,
  ServerCredentials,
  type ServerReadableStream,
  type ServerUnaryCall,
  type StatusObject,
} from '@grpc/grpc-js';
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import type { AppendReq, DeleteReq, TombstoneReq } from '@eventstore/db-client/generated/streams_pb';

import type { Endpoint, EndpointOptions } from './endpoint.types';
import { OpenCalls } from './open-calls';
import { offerGroups } from './persistent/group-service';
import { Groups } from './persistent/groups';
import { answerRead, type ReadCall } from './reading/read-call';
import { gossip, supportedMethods } from './server-features';
import { withReadyAnswers } from './service-definition';
import { AppendBudget } from './streams/append-budget';
import { Appender } from './streams/appender';
import { type BatchAppendCall, BatchAppends } from './streams/batch-append';
import { deleteStream, tombstoneStream } from './streams/deletion';
import { StreamStates } from './streams/stream-states';
import { unaryAppend } from './streams/unary-append';
import { uuidBytes } from './wire/uuid';

/** As real servers: what a client opens beyond it waits in the client. */
const CALLS_PER_CONNECTION_MAX = 100;
/** One message; an append of more is cut into several by the client. */
const MESSAGE_BYTES_MAX = 17 * 1024 * 1024;
const WINDOW_BYTES = 768 * 1024;
/** At closing, for answers that are on their way. */
const CLOSE_GRACE_MS = 2_000;

type Respond = (error: StatusObject | null, answer?: Buffer) => void;

export class EndpointServer implements Endpoint {
  port = 0;
  private readonly server = new Server({
    'grpc.max_concurrent_streams': CALLS_PER_CONNECTION_MAX,
    'grpc.max_receive_message_length': MESSAGE_BYTES_MAX,
    'grpc-node.flow_control_window': WINDOW_BYTES,
  });
  private readonly calls: OpenCalls;
  private readonly budget = new AppendBudget();

  private constructor(
    private readonly options: EndpointOptions,
    private readonly appender: Appender,
    private readonly groups: Groups,
  ) {
    this.calls = new OpenCalls(options);
    this.offerStreams();
    this.offerAbout();
    const { views } = options;
    offerGroups(this.server, this.calls, groups, (stream) => views !== undefined && stream.startsWith(views.prefix));
  }

  static async start(options: EndpointOptions): Promise<EndpointServer> {
    const states = await StreamStates.load(options.log);
    const appender = new Appender(options.log, options.writes, states);
    const groups = await Groups.load(options.log, appender, (problem) => options.say?.(problem));
    const endpoint = new EndpointServer(options, appender, groups);
    await endpoint.listen();
    return endpoint;
  }

  async close(): Promise<void> {
    this.calls.closeAll();
    await this.groups.close();
    await new Promise<void>((resolve) => {
      const force = setTimeout(() => this.server.forceShutdown(), CLOSE_GRACE_MS);
      this.server.tryShutdown(() => {
        clearTimeout(force);
        resolve();
      });
    });
  }

  private async listen(): Promise<void> {
    const { host, port } = this.options;
    const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    this.port = await new Promise((resolve, reject) =>
      this.server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
  }

  private offerStreams(): void {
    const { calls, appender, budget } = this;
    const { log, views } = this.options;
    const store = { log, views, states: appender.states };
    this.server.addService(withReadyAnswers(StreamsService), {
      read: (call: ReadCall) => calls.stream(call, () => answerRead(call, store)),
      batchAppend: (call: BatchAppendCall) =>
        calls.stream(call, () => new BatchAppends(call, appender, budget).run(), true),
      append: (call: ServerReadableStream<AppendReq, Buffer>, respond: Respond) =>
        calls.unary(call, respond, () => unaryAppend(call, appender)),
      delete: (call: ServerUnaryCall<DeleteReq, Buffer>, respond: Respond) =>
        calls.unary(call, respond, () => deleteStream(call.request, log, appender)),
      tombstone: (call: ServerUnaryCall<TombstoneReq, Buffer>, respond: Respond) =>
        calls.unary(call, respond, () => tombstoneStream(call.request, log, appender)),
    });
  }

  private offerAbout(): void {
    const { calls, options } = this;
    const instance = uuidBytes(options.instanceId) ?? Buffer.alloc(16);
    this.server.addService(withReadyAnswers(ServerFeaturesService), {
      getSupportedMethods: (call: ServerUnaryCall<unknown, Buffer>, respond: Respond) =>
        calls.unary(call, respond, () => Promise.resolve(supportedMethods(options.writes.open))),
    });
    this.server.addService(withReadyAnswers(GossipService), {
      read: (call: ServerUnaryCall<unknown, Buffer>, respond: Respond) =>
        calls.unary(call, respond, () => Promise.resolve(gossip(instance, ...calledBy(call.getHost(), this.port)))),
    });
  }
}

/** Clients go on to where the answer sends them: to the name by which they reached this server. */
function calledBy(authority: string, port: number): [address: string, port: number] {
  const host = authority.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return [host === '' ? '127.0.0.1' : host, port];
}
