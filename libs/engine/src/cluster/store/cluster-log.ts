/** What the cluster needs of a log beside the port: appends without reading back, and subscriptions to one stream. */
import type { AppendRequest, AppendResult, EventStore, StoredEvent } from '@rapport/event-store';
import { streamRole } from '../../partition';
import type { FollowStream } from '../run/follow-stream';

export type Written =
  /** All their positions are at most `upToPosition`. */
  { ok: true; firstRevision: number; upToPosition: number } | Extract<AppendResult, { ok: false }>;

export interface StreamFollowing extends AsyncIterable<
  { kind: 'event'; event: StoredEvent } | { kind: 'caughtUp'; revision: number }
> {
  close(): Promise<void>;
}

export interface ClusterLog extends EventStore {
  write(requests: AppendRequest[]): Promise<Written[]>;
  /** Events behind this revision (-1 = all), then live. Begins again by itself where the server was away. */
  followStream(stream: string, after: number): StreamFollowing;
}

/** `firstPosition` is then that of the last event of the call. What becomes rows by its place, decisions, is read back. */
export async function appendTo(log: ClusterLog, requests: AppendRequest[]): Promise<AppendResult[]> {
  const written = await log.write(requests);
  return Promise.all(written.map((result, i) => placed(log, requests[i]!, result)));
}

async function placed(log: ClusterLog, { stream, events }: AppendRequest, result: Written): Promise<AppendResult> {
  if (!result.ok) return result;
  const { firstRevision, upToPosition: firstPosition } = result;
  if (streamRole(stream)?.role !== 'journey') return { ok: true, firstRevision, firstPosition, recordedAt: Date.now() };
  const each = { positions: new Float64Array(events.count), recordedAt: new Float64Array(events.count) };
  let place = 0;
  for await (const event of log.readStream(stream, { from: firstRevision, limit: events.count })) {
    each.positions[place] = event.position;
    each.recordedAt[place++] = event.recordedAt;
  }
  if (place < events.count)
    throw new Error(
      `${stream} holds ${place} of ${events.count} decisions from revision ${firstRevision} on, which were acknowledged`,
    );
  return { ok: true, firstRevision, firstPosition: each.positions[0]!, recordedAt: each.recordedAt[0]!, each };
}

/** Events gathered before they are handed on. */
const GATHERED_MAX = 1_000;
/** After a subscription that ended although nobody closed it. */
const AGAIN_MS = 1_000;

export function followerOf(log: Pick<ClusterLog, 'followStream'>, trouble: (detail: string) => void): FollowStream {
  return ({ stream, after, deliver }) => {
    let closed = false;
    let following: StreamFollowing | null = null;
    let known = after;
    const follow = async (): Promise<void> => {
      while (!closed) {
        following = log.followStream(stream, known);
        try {
          await handOn(following, async (events) => {
            known = events.at(-1)!.revision;
            await deliver(events);
          });
        } catch (error) {
          trouble(`${stream}: ${error instanceof Error ? error.message : String(error)}`);
        }
        if (!closed) await new Promise((done) => setTimeout(done, AGAIN_MS));
      }
    };
    const done = follow();
    return {
      close: async () => {
        closed = true;
        await following?.close();
        await done;
      },
    };
  };
}

/** One batch is with its receiver, the next one gathers. */
async function handOn(following: StreamFollowing, deliver: (events: StoredEvent[]) => Promise<void>): Promise<void> {
  let gathered: StoredEvent[] = [];
  let under: Promise<void> | null = null;
  let failure: unknown;
  const send = (): Promise<void> =>
    new Promise<void>((done) => setImmediate(done))
      .then(async () => {
        while (gathered.length > 0) {
          const events = gathered;
          gathered = [];
          await deliver(events);
        }
      })
      .catch((error: unknown) => {
        failure = error;
      })
      .finally(() => (under = null));
  for await (const message of following) {
    if (message.kind !== 'event') continue;
    gathered.push(message.event);
    under ??= send();
    if (gathered.length >= GATHERED_MAX) await under;
    if (failure !== undefined) throw failure instanceof Error ? failure : new Error('events could not be handed on');
  }
  await under;
}
