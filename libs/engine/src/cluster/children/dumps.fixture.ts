/** What the read models of a cluster show, and what a rebuild from its log comes to. */
import type { LogReader } from '@rapport/event-store';
import { openReadModelQueries, SqliteReadModelFile } from '@rapport/read-models';
import { hashKeyNumber } from '../../embedded/hash-key';
import { rebuildInto } from '../../rebuild/rebuild';
import type { ClusterOptions } from '../cluster.types';
import { openModelQueries, openShared } from '../store/open-stores';

const REBUILT_GENERATION = 99;

export async function shownDump(connection: ClusterOptions): Promise<string[]> {
  const opened = await openModelQueries(connection);
  const lines = [...opened.models.dump()];
  await opened.close();
  return lines;
}

/** Throws RebuildDiffers where the log holds other decisions than its inputs come to. */
export async function rebuiltDump(log: LogReader, folder: string, connection: ClusterOptions): Promise<string[]> {
  const shared = await openShared(connection, log.meta().partitions);
  const checkpoints = await shared.checkpoints();
  await shared.close();
  const partitions = checkpoints.flatMap(
    ({ checkpoint }) => (JSON.parse(checkpoint.engine) as { partitions: { partition: number }[] }).partitions,
  );
  partitions.sort((a, b) => a.partition - b.partition);
  const { position, recordedAt } = log.head();
  const file = SqliteReadModelFile.openBulk(folder, REBUILT_GENERATION);
  rebuildInto({
    ...{ log, hashKey: hashKeyNumber(log.meta().hashKey) },
    checkpoint: { position, recordedAt, engine: JSON.stringify({ partitions }) },
    write: (flush) => file.write(flush),
  });
  file.finishBulk();
  const queries = openReadModelQueries(folder, REBUILT_GENERATION);
  const lines = [...queries.dump()];
  queries.close();
  return lines;
}
