/** A thread that folds the partitions it is told to own. */
import { parentPort, workerData } from 'node:worker_threads';
import { BlockingLogReader } from '@rapport/event-store';
import { hashKeyNumber } from '../../embedded/hash-key';
import { Definitions } from '../../loop/definitions';
import { EngineHost } from '../run/engine-host';
import { Ownership } from '../run/ownership';
import { ServerClock } from '../run/server-clock';
import { appendTo, followerOf } from '../store/cluster-log';
import { openLog, openPartitionModels } from '../store/open-stores';
import type { EngineThreadData, FromEngineThread, ToEngineThread } from './engine-protocol';

/** How often the process is told how the partitions stand. */
const STANDING_MS = 250;
/** How soon a definition is seen that another process has published. */
const DEFINITION_LOOK_MS = 1_000;

async function start(data: EngineThreadData): Promise<void> {
  const { connection, meta, settleQuietMs, controls, cachedCustomersMax } = data;
  const say = (message: string): void => post({ kind: 'log', entry: { level: 'warn', message } });
  const store = await openLog(connection, say);
  const models = await openPartitionModels(connection, say);
  const log = new BlockingLogReader(data.log);
  const definitions = Definitions.read(log);
  const host = new EngineHost(
    {
      ...{ store, log, definitions, settleQuietMs, controls, cachedCustomersMax, partitions: meta.partitions },
      hashKey: hashKeyNumber(meta.hashKey),
      append: (requests) => appendTo(store, requests),
      follow: followerOf(store, say),
      clock: new ServerClock(),
      models: (ownership) => models.open(ownership),
      progress: () => undefined,
      unfit: (detail) => post({ kind: 'unfit', detail }),
    },
    (entry) => post({ kind: 'log', entry }),
  );
  const standing = setInterval(() => post({ kind: 'standing', standing: host.standing() }), STANDING_MS);
  const looking = setInterval(() => Definitions.read(log, definitions), DEFINITION_LOOK_MS);
  await obey(host);
  clearInterval(standing);
  clearInterval(looking);
  await host.stop();
  await models.close();
  await store.close();
  log.close();
  post({ kind: 'stopped' });
}

/** Resolves when the thread is told to stop. */
function obey(host: EngineHost): Promise<void> {
  return new Promise((resolve) => {
    parentPort!.on('message', (message: ToEngineThread) => {
      switch (message.kind) {
        case 'own':
          host.own(new Ownership(message.partition, message.token, message.until));
          return;
        case 'renewed':
          host.renewed(message.partition, message.until);
          return;
        case 'lost':
          void host.lost(message.partition);
          return;
        case 'giveBack':
          void host.giveBack(message.partition).then(() => post({ kind: 'gaveBack', id: message.id }));
          return;
        case 'stop':
          parentPort!.unref();
          resolve();
      }
    });
  });
}

function post(message: FromEngineThread): void {
  parentPort!.postMessage(message);
}

start(workerData as EngineThreadData).catch((error: unknown) => {
  post({ kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
});
