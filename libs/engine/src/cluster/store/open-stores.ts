/** Opens what a thread needs of the two servers. */
import { openEventStoreDb } from '@rapport/event-store';
import {
  type Checkpoint,
  FencedError,
  MongoServerUnfit,
  type MongoSettings,
  openMongoThread,
  type ReadModelQueries,
  type ReadModelWriter,
} from '@rapport/read-models';
import type { ClusterConnection } from '../cluster.types';
import type { LeaseTable } from '../leases/lease-table';
import { type Ownership, OwnershipLost } from '../run/ownership';
import type { PartitionModels } from '../run/partition-run';
import type { ClusterLog } from './cluster-log';

const DATABASE_DEFAULT = 'rapport';

export function openLog({ eventStoreUrl }: ClusterConnection, say: (problem: string) => void): Promise<ClusterLog> {
  return openEventStoreDb({ url: eventStoreUrl, say });
}

/** What all processes share beside the models themselves. */
export interface Shared {
  engines: LeaseTable;
  dispatchers: LeaseTable;
  checkpoints(): Promise<{ partition: number; checkpoint: Checkpoint }[]>;
  close(): Promise<void>;
}

/** Makes what is missing, and verifies it. */
export async function openShared(connection: ClusterConnection, partitions: number): Promise<Shared> {
  const thread = await openMongoThread(settingsOf(connection));
  const generation = await thread.ask('current');
  await thread.ask('prepare', generation);
  return {
    engines: thread.leases('engine', partitions),
    dispatchers: thread.leases('dispatcher', partitions),
    checkpoints: () => thread.ask('checkpoints', generation),
    close: () => thread.close(),
  };
}

export async function openPartitionModels(
  connection: ClusterConnection,
  say: (problem: string) => void,
): Promise<{ open(ownership: Ownership): Promise<PartitionModels>; close(): Promise<void> }> {
  const thread = await openMongoThread(settingsOf(connection));
  const generation = await thread.ask('current');
  return {
    open: async (ownership) => {
      const { partition, token } = ownership;
      const stalled = (detail: string | null): void => {
        if (detail !== null) say(`read models of partition ${partition}: ${detail}`);
      };
      const writer = await thread.writer(generation, { partition, token }, stalled).catch(lostWhereFenced(ownership));
      return { writer: whileOwned(writer, ownership), reader: thread.engineReader(generation, partition) };
    },
    close: () => thread.close(),
  };
}

export async function openModelQueries(
  connection: ClusterConnection,
): Promise<{ models: ReadModelQueries; close(): Promise<void> }> {
  const thread = await openMongoThread(settingsOf(connection));
  const models = thread.queries(await thread.ask('current'));
  const close = async (): Promise<void> => {
    models.close();
    await thread.close();
  };
  return { models, close };
}

/** A newer owner has claimed the partition: this one lets go of it, whatever its lease says. */
function whileOwned(writer: ReadModelWriter, ownership: Ownership): ReadModelWriter {
  return {
    write: (flush) => writer.write(flush).catch(lostWhereFenced(ownership)),
    close: () => writer.close(),
  };
}

function lostWhereFenced(ownership: Ownership): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof FencedError)) throw error;
    ownership.lost();
    throw new OwnershipLost(ownership.partition);
  };
}

/** The database is that of the URL's path. */
function settingsOf({ mongoUrl: url }: ClusterConnection): MongoSettings {
  const path = /^mongodb(?:\+srv)?:\/\/[^/]+(?:\/([^?]*))?/.exec(url);
  if (!path) throw new MongoServerUnfit('The URL of the read models does not begin with mongodb:// or mongodb+srv://.');
  return { url, database: path[1] ? decodeURIComponent(path[1]) : DATABASE_DEFAULT };
}
