import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readModelsContract, type ReadModelsUnderTest } from '../read-models.contract';
import { openEngineReader } from './engine-reader';
import { openReadModelQueries } from './queries';
import { QUERY_LIMITS, type QueryLimits } from './query-limits';
import { SqliteReadModelFile } from './read-model-file';
import { openReadModelWriter } from './writer';

interface Writing {
  write: ReadModelsUnderTest['write'];
  close(): Promise<void>;
}

async function byThread(folder: string): Promise<Writing> {
  const writer = await openReadModelWriter(folder, 1);
  return { write: (flush) => writer.write(flush), close: () => writer.close() };
}

function inThisThread(folder: string): Promise<Writing> {
  const file = SqliteReadModelFile.openLive(folder, 1);
  const write: Writing['write'] = (flush) => Promise.resolve(file.write(flush));
  return Promise.resolve({ write, close: () => Promise.resolve(file.close()) });
}

async function openSqlite(
  writing: (folder: string) => Promise<Writing>,
  limits: QueryLimits,
): Promise<ReadModelsUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-read-models-'));
  const writer = await writing(folder);
  const engine = openEngineReader(folder, 1);
  const queries = openReadModelQueries(folder, 1, limits);
  return {
    write: writer.write,
    engine,
    queries,
    close: async () => {
      engine.close();
      queries.close();
      await writer.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Every way through the indexes is taken already with a handful of rows. */
const TIGHT: QueryLimits = {
  fewEntriesMax: 3,
  fewInCellMax: 1,
  coveredInCellMax: 2,
  walkedRowsMax: 3,
  walkedIdsMax: 6,
  sortedIdsMax: 8,
  fewChangesMax: 2,
  walkedChangesMax: 3,
};

readModelsContract('SQLite', () => openSqlite(byThread, QUERY_LIMITS));
readModelsContract('SQLite, written in the same thread, short ways through the indexes', () =>
  openSqlite(inThisThread, TIGHT),
);
