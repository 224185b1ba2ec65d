import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { customer, flush } from '../contract/rows';
import { CHANNEL_MEMBERS_MAX, ChannelMembers, COMMON_MARK } from './channel-members';
import { openReadModelQueries } from './queries';
import { SqliteReadModelFile } from './read-model-file';
import { createTables } from './schema';

const FAX = 9;

describe('the members of a channel', () => {
  let db: DatabaseSyncInstance;
  beforeEach(() => {
    db = new DatabaseSync(':memory:');
    createTables(db);
  });
  afterEach(() => db.close());

  const held = (): unknown[] =>
    (db.prepare('SELECT no FROM channel_members WHERE channel = ? ORDER BY no').all(FAX) as { no: number }[]).map(
      (row) => row.no,
    );

  it('are kept up to a number, then one mark stands for them all', () => {
    const members = new ChannelMembers(db, 2);
    for (const no of [5, 3, 5]) members.note(FAX, no);
    expect(held()).toEqual([3, 5]);
    members.note(FAX, 8);
    expect(held()).toEqual([COMMON_MARK]);
    members.note(FAX, 9);
    new ChannelMembers(db, 2).note(FAX, 10);
    expect(held()).toEqual([COMMON_MARK]);
  });

  it('are counted again after a rollback', () => {
    const members = new ChannelMembers(db, 2);
    members.note(FAX, 1);
    db.exec('BEGIN');
    members.note(FAX, 2);
    members.note(FAX, 3);
    db.exec('ROLLBACK');
    members.forget();
    members.note(FAX, 4);
    expect(held()).toEqual([1, 4]);
  });
});

describe('a list by channel', () => {
  it('holds who has the channel now, before and after it became common', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rapport-channels-'));
    const file = SqliteReadModelFile.openLive(folder, 1);
    const queries = openReadModelQueries(folder, 1);
    const list = (): number[] =>
      queries.customers({ channels: ['fax'] }, 'lastTouchpoint', false, undefined, 9).items.map((item) => item.no);
    try {
      const fax = [1, 2, 3].map((no) => customer(no, { lastChannel: 'fax' }));
      file.write(flush(1, { customers: [...fax, customer(4)] }));
      file.write(flush(2, { customers: [customer(2)] }));
      expect(list()).toEqual([1, 3]);
      const many = Array.from({ length: CHANNEL_MEMBERS_MAX }, (_, i) => customer(i + 10, { lastChannel: 'fax' }));
      file.write(flush(3, { customers: many }));
      file.write(flush(4, { customers: many.map((row) => ({ ...row, lastChannel: 'web' })) }));
      expect(list()).toEqual([1, 3]);
      expect(queries.count({ channels: ['fax'] })).toEqual({ customers: 2, exact: true });
    } finally {
      queries.close();
      file.close();
      rmSync(folder, { recursive: true });
    }
  });
});
