import type { ServerWritableStream } from '@grpc/grpc-js';
import { ReadReq } from '@eventstore/db-client/generated/streams_pb';

import { badRequest } from '../endpoint-error';
import { streamOf } from '../wire/append-requests';
import { filterOf } from './event-filter';
import { Outlet } from './outlet';
import { readAll } from './read-all';
import { readStream } from './read-stream';
import { readView, subscribeView } from './read-view';
import type { ReadingContext } from './reading-context';
import { subscribeAll } from './subscribe-all';
import { subscribeStream } from './subscribe-stream';

type Options = ReadReq.Options;
export type ReadCall = ServerWritableStream<ReadReq, Buffer>;

/** The one method for every read and every catch-up subscription. Resolves when all is sent that was asked for. */
export async function answerRead(call: ReadCall, store: Omit<ReadingContext, 'outlet' | 'form'>): Promise<void> {
  const options = call.request.getOptions();
  if (options === undefined) throw badRequest('The request has no options.');
  const form = options.getUuidOption()?.hasStructured() ? ('structured' as const) : ('text' as const);
  const context = { ...store, outlet: new Outlet(call), form };
  const stream = options.getStream();
  if (stream !== undefined) return answerStream(context, options, stream);
  const all = options.getAll();
  if (all === undefined) throw badRequest('The request names neither a stream nor $all.');
  return answerAll(context, options, all);
}

function answerStream(context: ReadingContext, options: Options, source: ReadReq.Options.StreamOptions): Promise<void> {
  const stream = streamOf(source);
  if (stream === '') throw badRequest('The name of the stream is empty.');
  const { views } = context;
  const view = views !== undefined && stream.startsWith(views.prefix) ? views : undefined;
  const revision = source.hasRevision() ? { from: Number(source.getRevision()) } : {};
  if (options.hasSubscription()) {
    const from = source.hasEnd() ? ('end' as const) : (revision.from ?? -1);
    return view ? subscribeView(context, view, stream, from) : subscribeStream(context, stream, from);
  }
  const backwards = isBackwards(options);
  const count = Number(options.getCount());
  // Forwards from the end there is nothing, backwards from the start the first event.
  const start = source.hasStart() && backwards ? { from: 0 } : {};
  const end = source.hasEnd() && !backwards ? { from: Infinity } : {};
  const read = { stream, backwards, count, ...revision, ...start, ...end };
  return view ? readView(context, view, read) : readStream(context, read);
}

function answerAll(context: ReadingContext, options: Options, source: ReadReq.Options.AllOptions): Promise<void> {
  const position = source.getPosition();
  const filter = filterOf(options.getFilter());
  if (options.hasSubscription()) {
    const from = source.hasEnd() ? ('end' as const) : Number(position?.getCommitPosition() ?? 0);
    return subscribeAll(context, from, filter);
  }
  const backwards = isBackwards(options);
  const from = position === undefined ? {} : { from: Number(position.getCommitPosition()) };
  const nothing = source.hasEnd() ? !backwards : source.hasStart() && backwards;
  const count = nothing ? 0 : Number(options.getCount());
  return readAll(context, { ...from, backwards, count, filter });
}

function isBackwards(options: Options): boolean {
  return options.getReadDirection() === ReadReq.Options.ReadDirection.BACKWARDS;
}
