/** Partitions run each by itself on SQLite: the port of the log as it is, and a file of read models for each partition. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openLogReader, openSqliteEventStore } from '@rapport/event-store';
import { openEngineReader, openReadModelQueries, openReadModelWriter } from '@rapport/read-models';
import { hashKeyNumber } from '../../embedded/hash-key';
import { Definitions } from '../../loop/definitions';
import { pollingFollower } from './follow-stream';
import type { OpenPorts, TestPorts } from './over-ports.fixture';
import { ServerClock } from './server-clock';

const GENERATION = 1;
const NEVER_QUIET_MS = Number.MAX_SAFE_INTEGER;
const silent = (): void => undefined;

export const sqlitePorts: OpenPorts = async (folder, partitions) => {
  const store = await openSqliteEventStore({ folder, partitions });
  const log = openLogReader(folder);
  return {
    ...{ store, log, partitions, definitions: Definitions.read(log), clock: new ServerClock() },
    ...{ cachedCustomersMax: 100, settleQuietMs: NEVER_QUIET_MS, controls: 'log', progress: silent, unfit: silent },
    append: (requests) => store.append(requests),
    hashKey: hashKeyNumber(log.meta().hashKey),
    follow: pollingFollower(store, silent),
    ...partitionFiles(folder, partitions),
    close: async () => {
      log.close();
      await store.close();
    },
  };
};

export function partitionFiles(folder: string, partitions: number): Pick<TestPorts, 'models' | 'dump'> {
  const folderOf = (partition: number): string => join(folder, `models-${partition}`);
  return {
    models: async ({ partition }) => {
      mkdirSync(folderOf(partition), { recursive: true });
      const writer = await openReadModelWriter(folderOf(partition), GENERATION);
      return { writer, reader: openEngineReader(folderOf(partition), GENERATION) };
    },
    dump: () =>
      Array.from({ length: partitions }, (_, partition) => partition).flatMap((partition) => {
        const queries = openReadModelQueries(folderOf(partition), GENERATION);
        const lines = [...queries.dump()];
        queries.close();
        return lines;
      }),
  };
}
