import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { readModelPath } from './generation';
import { openReadModelQueries } from './queries';
import { SqliteReadModelFile } from './read-model-file';

describe('a file from before there were plays', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rapport-play-tables-'));
    SqliteReadModelFile.openLive(folder, 1).close();
    const db = new DatabaseSync(readModelPath(folder, 1));
    for (const table of ['enrolments', 'actions', 'play_withheld', 'play_counters']) db.exec(`DROP TABLE ${table}`);
    db.close();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is read as one without any', () => {
    const queries = openReadModelQueries(folder, 1);
    expect(queries.plays.enrolments({}, 0, 9)).toEqual([]);
    expect(queries.plays.action('a')).toBeNull();
    expect([...queries.dump()]).toEqual([]);
    queries.close();
  });

  it('gets the tables when it is opened for writing, and a reader that is open finds them', () => {
    const queries = openReadModelQueries(folder, 1);
    expect(queries.plays.counters()).toEqual([]);
    const file = SqliteReadModelFile.openLive(folder, 1);
    const checkpoint = { position: 1, recordedAt: 1, engine: '{}' };
    const counts = [{ play: 'welcome', held: false, what: 'entered', count: 1 }];
    file.write({
      ...{ checkpoint, customers: [], chunks: [], profiles: [], changes: [], parked: [], counters: [] },
      plays: { ops: [], attempts: [], counts },
    });
    expect(queries.plays.counters()).toEqual(counts);
    queries.close();
    file.close();
  });
});
