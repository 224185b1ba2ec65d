import type { DeleteReq, TombstoneReq } from '@eventstore/db-client/generated/streams_pb';
import type { ChunkLog } from '../../chunk-log';
import { accessDenied, EndpointError, streamDeleted, wrongExpectedVersion } from '../endpoint-error';
import { expectationNumber, expectationOf, streamOf } from '../wire/append-requests';
import { positionMessage } from '../wire/read-answers';
import { WireMessage } from '../wire/wire-message';
import type { Expectation } from './append.types';
import { type Appender, metadataEvent } from './appender';
import { DELETED_TRUNCATION, META_PREFIX, metadataText, TOMBSTONE_TYPE } from './stream-states';
import { faultOf } from './unary-append';

interface Deletion {
  stream: string;
  expected: Expectation;
}

/** A stream that is deleted and may be written to again: its metadata say that nothing of it is shown. */
export async function deleteStream(request: DeleteReq, log: ChunkLog, appender: Appender): Promise<Buffer> {
  const deletion = deletionOf(request.getOptions());
  await check(deletion, log, appender);
  const text = metadataText(appender.states.of(deletion.stream), DELETED_TRUNCATION);
  return marked(deletion.stream, text, appender);
}

/** For ever: the name is dead. */
export async function tombstoneStream(request: TombstoneReq, log: ChunkLog, appender: Appender): Promise<Buffer> {
  const deletion = deletionOf(request.getOptions());
  await check(deletion, log, appender, true);
  return marked(deletion.stream, '{}', appender, TOMBSTONE_TYPE);
}

async function check(
  { stream, expected }: Deletion,
  log: ChunkLog,
  appender: Appender,
  forEver = false,
): Promise<void> {
  const refusal = appender.refusal(stream);
  if (refusal?.kind === 'accessDenied') throw accessDenied(refusal.why);
  await appender.settled(stream);
  if (appender.states.of(stream).tombstoned) throw streamDeleted(stream);
  const actual = await log.streamHead(stream);
  const missing = actual < 0 && !forEver;
  if (missing || !meets(expected, actual)) throw wrongExpectedVersion(stream, expectationNumber(expected), actual);
}

/** A stream that never was may get a tombstone, where that is what was expected of it. */
function meets(expected: Expectation, actual: number): boolean {
  if (expected === 'any') return true;
  if (expected === 'streamExists') return actual >= 0;
  return expected === 'noStream' ? actual < 0 : expected.revision === actual;
}

async function marked(stream: string, text: string, appender: Appender, type?: string): Promise<Buffer> {
  const written = await appender.appendOwn(`${META_PREFIX}${stream}`, [metadataEvent(text, type)]);
  if (written.kind === 'success' && written.position !== undefined)
    return new WireMessage().message(1, positionMessage(written.position)).encoded();
  if (written.kind === 'success' || written.kind === 'wrongExpectedVersion')
    throw new EndpointError(2, `The deletion of '${stream}' was not stored. Send it again.`);
  throw faultOf(stream, written);
}

function deletionOf(options: DeleteReq.Options | TombstoneReq.Options | undefined): Deletion {
  if (options === undefined) return { stream: '', expected: 'any' };
  return { stream: streamOf(options), expected: expectationOf(options, options.getRevision()) };
}
