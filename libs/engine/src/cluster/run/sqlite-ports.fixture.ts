/** Partitions run each by itself on SQLite: the port of the log as it is, and a file of read models for each partition. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openLogReader, openSqliteEventStore } from '@rapport/event-store';
import { openEngineReader, openReadModelQueries, openReadModelWriter } from '@rapport/read-models';
import { hashKeyNumber } from '../../embedded/hash-key';
import { Definitions } from '../../loop/definitions';
import { pollingFollower } from './follow-stream';
import type { RunPorts } from './partition-run';
import { ServerClock } from './server-clock';

const GENERATION = 1;
const NEVER_QUIET_MS = Number.MAX_SAFE_INTEGER;

export interface SqlitePorts extends RunPorts {
  dump(): string[];
  close(): Promise<void>;
}

export async function sqlitePorts(folder: string, partitions: number): Promise<SqlitePorts> {
  const store = await openSqliteEventStore({ folder, partitions });
  const log = openLogReader(folder);
  const folderOf = (partition: number): string => join(folder, `models-${partition}`);
  return {
    ...{ store, log, partitions, definitions: Definitions.read(log), clock: new ServerClock() },
    ...{ cachedCustomersMax: 100, settleQuietMs: NEVER_QUIET_MS, controls: 'log' },
    hashKey: hashKeyNumber(log.meta().hashKey),
    follow: pollingFollower(store, () => undefined),
    models: async ({ partition }) => {
      mkdirSync(folderOf(partition), { recursive: true });
      const writer = await openReadModelWriter(folderOf(partition), GENERATION);
      return { writer, reader: openEngineReader(folderOf(partition), GENERATION) };
    },
    progress: () => undefined,
    dump: () =>
      Array.from({ length: partitions }, (_, partition) => partition).flatMap((partition) => {
        const queries = openReadModelQueries(folderOf(partition), GENERATION);
        const lines = [...queries.dump()];
        queries.close();
        return lines;
      }),
    close: async () => {
      log.close();
      await store.close();
    },
  };
}
