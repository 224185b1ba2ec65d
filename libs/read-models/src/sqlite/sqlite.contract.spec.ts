import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readModelsContract, type ReadModelsUnderTest } from '../read-models.contract';
import { openEngineReader } from './engine-reader';
import { openReadModelWriter } from './writer';

async function openSqlite(): Promise<ReadModelsUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-read-models-'));
  const writer = await openReadModelWriter(folder, 1);
  const engine = openEngineReader(folder, 1);
  return {
    write: (flush) => writer.write(flush),
    engine,
    close: async () => {
      engine.close();
      await writer.close();
      rmSync(folder, { recursive: true });
    },
  };
}

readModelsContract('SQLite', openSqlite);
