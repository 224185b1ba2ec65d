/** Makes a partition its owner's. What the owner before had begun is ended: a process that is killed leaves its transaction open. */
import { type ClientSession, UUID } from 'mongodb';
import type { MongoConnection } from './connection';
import { type ProgressDoc, progressKey } from './documents';
import { FencedError } from './fenced-error';
import type { WriterOwner } from './flush-writer';
import type { Models } from './models';

const DUPLICATE_KEY = 11_000;
/**
 * An owner that lives may have begun another transaction since its session was ended. Waited for this long, then the caller tries again
 * (MaxTimeMSExpired), and ends that one too.
 */
const CLAIM_MS_MAX = 2_000;

/** `session`: what the owner will make its transactions with; null = it makes none. Throws FencedError where a newer token has claimed it. */
export async function claim(
  connection: MongoConnection,
  models: Models,
  { partition, token }: WriterOwner,
  session: ClientSession | null,
): Promise<ProgressDoc> {
  const _id = progressKey(partition);
  await endOlder(connection, models, _id, token);
  const fresh = { f: 0, position: null, recordedAt: 0, engine: '', counters: [], plays: [] };
  const marks = { highest: { no: 0, change: 0 }, pending: null };
  const own = { session: session?.id?.id.toUUID().toHexString() ?? null };
  const newest = token === undefined ? { $inc: { token: 1 }, $set: own } : { $set: { token, ...own } };
  const filter = token === undefined ? { _id } : { _id, token: { $lte: token } };
  try {
    const found = await models.progress.findOneAndUpdate(
      filter,
      { ...newest, $setOnInsert: { ...fresh, ...marks } },
      { upsert: true, returnDocument: 'after', maxTimeMS: CLAIM_MS_MAX },
    );
    return found!;
  } catch (error) {
    if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error;
    throw FencedError.of(_id, token ?? 0, (await models.progress.findOne({ _id }))?.token);
  }
}

/**
 * A server does not end the transaction of a client that is gone: what it has written stays locked until the transaction is too old, a minute by
 * default. Where the owner before lives still, its flush is refused by the token when it tries again.
 */
async function endOlder({ client }: MongoConnection, models: Models, _id: string, token?: number): Promise<void> {
  const before = await models.progress.findOne({ _id }, { projection: { token: 1, session: 1 } });
  if (!before?.session || (token !== undefined && before.token > token)) return;
  await client.db('admin').command({ killSessions: [{ id: new UUID(before.session) }] });
}
