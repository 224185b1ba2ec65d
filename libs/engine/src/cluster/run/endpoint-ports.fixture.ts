/** Partitions run each by itself on a log that another process keeps, read by a thread for the one that may block. */
import { BlockingLogReader, openLogReader } from '@rapport/event-store';
import { hashKeyNumber } from '../../embedded/hash-key';
import { Definitions } from '../../loop/definitions';
import { Child } from '../children/child.fixture';
import { appendTo, followerOf } from '../store/cluster-log';
import { openLog } from '../store/open-stores';
import { StoresThread } from '../threads/stores-thread';
import type { OpenPorts } from './over-ports.fixture';
import { partitionFiles } from './sqlite-ports.fixture';
import { ServerClock } from './server-clock';

const NEVER_QUIET_MS = Number.MAX_SAFE_INTEGER;
const silent = (): void => undefined;

export const endpointPorts: OpenPorts = async (folder, partitions) => {
  const own = openLogReader(folder);
  const meta = own.meta();
  own.close();
  const server = new Child('endpoint-child', [folder, String(partitions), '0']);
  const connection = { eventStoreUrl: `esdb://127.0.0.1:${await server.ready()}?tls=false`, mongoUrl: '' };
  const store = await openLog(connection, silent);
  const stores = await StoresThread.start({ connection, meta }, silent);
  const log = new BlockingLogReader(stores.line());
  return {
    ...{ store, log, partitions, definitions: Definitions.read(log), clock: new ServerClock() },
    ...{ cachedCustomersMax: 100, settleQuietMs: NEVER_QUIET_MS, controls: 'log', progress: silent, unfit: silent },
    hashKey: hashKeyNumber(meta.hashKey),
    append: (requests) => appendTo(store, requests),
    follow: followerOf(store, silent),
    ...partitionFiles(folder, partitions),
    close: async () => {
      log.close();
      await stores.stop();
      await store.close();
      await server.stop();
    },
  };
};
