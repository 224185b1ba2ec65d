/** What a subscription makes of everything that servers and the client were seen to do; the client's calls are played by streams. */
import { Readable } from 'node:stream';

import type { SubscriptionMessage } from '../../event-store';
import type { Followed } from '../following';
import { Following } from '../following';
import { FollowedLog } from '../followed-log';
import { TIMEOUTS } from '../limits';
import { OpenCall } from '../open-call';
import type { ClientPool, Lease } from '../client-pool';
import type { Reader } from '../reader';

type Script = (call: PlayedCall) => void | Promise<void>;

class PlayedCall extends Readable {
  cancelled = 0;

  constructor() {
    super({ objectMode: true, read: () => undefined });
  }

  unsubscribe(): Promise<void> {
    this.cancelled++;
    return Promise.resolve();
  }

  event(position: number, stream = 's'): this {
    const at = BigInt(position);
    this.push({
      event: {
        ...{ streamId: stream, id: '00000000-0000-4000-8000-000000000001', revision: at, type: 'T', isJson: true },
        ...{ data: {}, metadata: undefined, created: new Date(1), position: { commit: at, prepare: at } },
      },
    });
    return this;
  }
}

const MAX = 2n ** 64n - 1n;

/** Plays one script for each call that is opened; answers what the consumer saw until it had so many messages. */
async function follow(
  scripts: Script[],
  count: number,
  look: (after: number) => { found: boolean; upTo: number } = (upTo) => ({ found: false, upTo }),
) {
  const calls: PlayedCall[] = [];
  const opened: number[] = [];
  const lease: Lease = { client: undefined as never, release: () => undefined, condemn: () => undefined };
  const reader = {
    look: (after: number) => {
      const { found, upTo } = look(after);
      return Promise.resolve({ found: found ? {} : undefined, upTo });
    },
  } as unknown as Reader;
  const log = new FollowedLog(reader, 0, {});
  const followed: Followed<SubscriptionMessage> = {
    what: 'the subscription',
    take: (item) => log.take(item),
    missesSomething: () => log.missesSomething(),
    open: () => {
      const call = new PlayedCall();
      calls.push(call);
      opened.push((log as unknown as { position: number }).position);
      const script = scripts.shift() ?? (() => undefined);
      setImmediate(() => {
        call.emit('confirmation');
        void script(call);
      });
      const open = new OpenCall(call, lease);
      call.on('checkpoint', (commit: bigint, prepare: bigint) => open.mark({ mark: 'checkpoint', commit, prepare }));
      return open;
    },
  };
  const said: string[] = [];
  const timeouts = { ...TIMEOUTS, silenceMs: 60, readMs: 60 };
  const following = new Following(
    undefined as unknown as ClientPool,
    timeouts,
    followed,
    () => undefined,
    (problem) => said.push(problem),
  );
  const seen: string[] = [];
  for await (const message of following) {
    seen.push(message.kind === 'event' ? String(message.event.position) : `caught up at ${message.position}`);
    if (seen.length === count) break;
  }
  return { seen, said, calls, opened };
}

const grpc = (code: number, message: string) => Object.assign(new Error(message), { code });
const typed = (type: string, code?: number) => Object.assign(new Error(''), { type, code });

describe('a subscription goes on', () => {
  it.each<[string, Script]>([
    ['an error of the connection', (call) => void call.event(1).emit('error', typed('unavailable', 14))],
    ['the error of a graceful stop', (call) => void call.event(1).emit('error', grpc(13, 'RST_STREAM with code 0'))],
    ['a plain error while the server is away', (call) => void call.event(1).emit('error', grpc(14, 'No connection'))],
    ['a cancellation by the server', (call) => void call.event(1).emit('error', typed('cancelled', 1))],
    ['another leader', (call) => void call.event(1).emit('error', typed('not-leader', 5))],
    ['an end without an error', (call) => void call.event(1).push(null)],
    ['a call that is closed without a word', (call) => void call.event(1).destroy()],
  ])('after %s, behind what it has seen', async (_, fault) => {
    const { seen, opened, calls } = await follow([fault, (call) => void call.event(1).event(2)], 2);
    expect(seen).toEqual(['1', '2']);
    expect(opened).toEqual([0, 1]);
    expect(calls[1]?.cancelled).toBe(1);
  });

  it('after silence, if the log has something for it', async () => {
    const { seen, opened } = await follow([(call) => void call.event(1), (call) => void call.event(2)], 2, (after) => ({
      found: after === 1,
      upTo: after,
    }));
    expect(seen).toEqual(['1', '2']);
    expect(opened).toEqual([0, 1]);
  });

  it('is left alone in silence when what happened concerns nobody, and remembers how far it looked', async () => {
    let looks = 0;
    const { seen, opened, said } = await follow(
      [
        async (call) => {
          call.event(1);
          while (looks < 3) await new Promise((resolve) => setTimeout(resolve, 10));
          call.emit('caughtUp');
        },
      ],
      2,
      (after) => ({ found: false, upTo: after + (looks++ < 3 ? 10 : 0) }),
    );
    expect(seen).toEqual(['1', expect.stringMatching(/^caught up at (31|41)$/)]);
    expect(opened).toEqual([0]);
    expect(said).toEqual([]);
  });

  it('says that it has caught up behind what came before it, not ahead of it', async () => {
    const { seen } = await follow([(call) => void call.event(1).event(2).event(3).emit('caughtUp')], 4);
    expect(seen).toEqual(['1', '2', '3', 'caught up at 3']);
  });

  it('believes a checkpoint only if it names a record and goes forwards', async () => {
    const { seen } = await follow(
      [
        (call) => {
          call.event(5);
          for (const [commit, prepare] of [
            [MAX, MAX],
            [900n, 0n],
            [3n, 3n],
          ] as const)
            call.emit('checkpoint', commit, prepare);
          call.emit('caughtUp');
          call.emit('checkpoint', 70n, 70n);
          call.emit('caughtUp');
        },
      ],
      3,
    );
    expect(seen).toEqual(['5', 'caught up at 5', 'caught up at 70']);
  });

  it('passes on nothing twice and nothing backwards', async () => {
    const { seen } = await follow([(call) => void call.event(1).event(2).event(2).event(1).event(3)], 3);
    expect(seen).toEqual(['1', '2', '3']);
  });

  it('gives up at once where it may not read, and after some refusals of a healthy server', async () => {
    await expect(follow([(call) => void call.emit('error', typed('access-denied', 7))], 1)).rejects.toThrow(
      /was refused.*access-denied/,
    );
    const refuse: Script = (call) => void call.emit('error', grpc(2, 'no such position'));
    await expect(follow(Array<Script>(9).fill(refuse), 1)).rejects.toThrow(/was refused.*no such position/);
  });
});
