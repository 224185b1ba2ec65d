import { DatabaseSync } from '@photostructure/sqlite';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { backupLog } from './backup-log';
import { HEAD_FILE } from './head-file';
import { checkHeadAgainst } from './log-checks';
import { openLogReader } from './log-reader';
import { applySettings, LOG_FILE } from './log-schema';
import { SqliteLogWriter } from './log-writer';
import { RunningLog } from './running-log';
import { acquireStoreLock } from './store-lock';
import { copyAsKilled, fill, newFolder, removeFolders, request, storedIn } from './test-store';

jest.setTimeout(30_000);
afterEach(removeFolders);

const SQLITE = require.resolve('@photostructure/sqlite');

/** A process that holds the folder's lock until it is killed. */
async function holder(folder: string) {
  const code = `const d = new (require(${JSON.stringify(SQLITE)}).DatabaseSync)(process.argv[1]);
    d.exec('BEGIN EXCLUSIVE'); console.log('held'); setInterval(() => d, 1000);`;
  const child = spawn(process.execPath, ['-e', code, join(folder, 'lock.sqlite')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

/** What the writer keeps to itself, for making its disk fail. */
interface Inside {
  db: InstanceType<typeof DatabaseSync>;
  statements: { commit: { run(): unknown } };
}
const inside = (log: RunningLog) => log.writer as unknown as Inside;

describe('the lock', () => {
  it('refuses a second writer and names the first one; a killed holder frees the folder', async () => {
    const folder = newFolder();
    const log = new RunningLog({ folder });
    expect(() => new RunningLog({ folder })).toThrow(`in use by the process ${process.pid}`);
    expect(() => acquireStoreLock(folder)).toThrow(/a store has one writer/);
    log.close();
    const child = await holder(folder);
    expect(() => new RunningLog({ folder })).toThrow(/is in use by/);
    child.kill('SIGKILL');
    await once(child, 'exit');
    new RunningLog({ folder }).close();
  });

  it('lets readers in while it is held', () => {
    const folder = newFolder();
    const log = new RunningLog({ folder });
    fill(log, 1, 0);
    expect(storedIn(folder)).toHaveLength(5);
    log.close();
  });
});

describe('opening', () => {
  it('refuses a newer format, another number of partitions, a folder without a log', () => {
    const folder = newFolder();
    new RunningLog({ folder, partitions: 4 }).close();
    expect(() => new RunningLog({ folder, partitions: 8 })).toThrow(/made with 4 partitions/);
    const db = new DatabaseSync(join(folder, LOG_FILE));
    db.exec("UPDATE meta SET value = 2 WHERE key = 'format'");
    db.close();
    expect(() => new RunningLog({ folder })).toThrow(/has format 2; this Rapport knows formats up to 1/);
    expect(() => openLogReader(newFolder())).toThrow(/does not exist/);
  });

  it('names the setting that does not hold', () => {
    const folder = newFolder();
    new RunningLog({ folder }).close();
    const deaf = {
      exec: () => undefined,
      prepare: (sql: string) => ({ get: () => ({ answer: sql.includes('synchronous') ? 1 : 'wal' }) }),
    } as unknown as Inside['db'];
    expect(() => applySettings(deaf, 'log.sqlite', 'FULL')).toThrow(
      /PRAGMA synchronous=FULL did not hold \(SQLite answers 1\)/,
    );
    const writer = new SqliteLogWriter({ folder });
    const read = (pragma: string) =>
      Object.values((writer as unknown as Inside).db.prepare(`PRAGMA ${pragma}`).get() as object)[0] as unknown;
    expect(['journal_mode', 'synchronous', 'secure_delete', 'mmap_size', 'trusted_schema'].map(read)).toEqual([
      'wal',
      2,
      1,
      0,
      0,
    ]);
    writer.close();
  });

  it('finds what a killed writer had acknowledged', () => {
    const folder = newFolder();
    const log = new RunningLog({ folder });
    fill(log, 20, 20);
    const copy = copyAsKilled(folder);
    const before = storedIn(folder);
    log.close();
    const again = new RunningLog({ folder: copy });
    fill(again, 1, 0, 20);
    again.close();
    expect(storedIn(copy).slice(0, 100)).toEqual(before);
    expect(storedIn(copy)).toHaveLength(105);
  });

  it('refuses what stands beyond the head', () => {
    expect(() => checkHeadAgainst({ position: 10 }, 11, 'the read models')).toThrow(
      /ends at position 10, but the read models stands at 11/,
    );
    expect(() => checkHeadAgainst({ position: 10 }, 10, 'the read models')).not.toThrow();
  });
});

describe('a disk that fails', () => {
  it('answers unavailable when it is full, keeps what it had, and goes on when there is room', () => {
    const folder = newFolder();
    const log = new RunningLog({ folder });
    fill(log, 3, 0);
    inside(log).db.exec('PRAGMA max_page_count=20');
    const big = request('a', 'noStream', 'x'.repeat(200_000));
    expect(log.writer.commit([big])).toMatchObject([
      { ok: false, reason: 'unavailable', detail: expect.stringContaining('full') as string },
    ]);
    expect(log.writer.stats().unavailable?.detail).toMatch(/full/);
    expect(storedIn(folder)).toHaveLength(15);
    inside(log).db.exec('PRAGMA max_page_count=100000');
    expect(log.writer.commit([big])).toMatchObject([{ ok: true, firstPosition: 16, firstRevision: 0 }]);
    expect(log.writer.stats().unavailable).toBeUndefined();
    log.close();
    expect(openAndVerify(folder)).toEqual([]);
  });

  it('opens the log anew after a failed fsync and never acknowledges what it covered', () => {
    const folder = newFolder();
    const log = new RunningLog({ folder });
    fill(log, 3, 0);
    inside(log).statements.commit = {
      run: () => {
        throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 1034 });
      },
    };
    expect(log.writer.commit([request('a', 'any', 'lost')])).toMatchObject([{ ok: false, reason: 'unavailable' }]);
    expect(log.writer.commit([request('a', 'any', 'kept')])).toMatchObject([
      { ok: true, firstPosition: 16, firstRevision: 0 },
    ]);
    const copy = copyAsKilled(folder);
    log.close();
    expect(openAndVerify(folder)).toEqual([]);
    new RunningLog({ folder: copy }).close();
    expect(openAndVerify(copy)).toEqual([]);
  });

  it('refuses to go on when the log that it finds again is shorter than what was acknowledged', () => {
    const folder = newFolder();
    const log = new RunningLog({ folder });
    fill(log, 3, 0);
    const other = new DatabaseSync(join(folder, LOG_FILE));
    other.exec('DELETE FROM chunks WHERE first_position > 5');
    other.close();
    inside(log).statements.commit = {
      run: () => {
        throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 1034 });
      },
    };
    log.writer.commit([request('a', 'any', 'x')]);
    for (let i = 0; i < 2; i++)
      expect(log.writer.commit([request('a', 'any', 'x')])).toMatchObject([
        { ok: false, detail: expect.stringContaining('15 was acknowledged') as string },
      ]);
    log.writer.close();
  });

  it('keeps a reserve on the disk', () => {
    const folder = newFolder();
    let free = 1000;
    const log = new RunningLog({ folder, diskReserveBytes: 5000, freeBytes: () => free });
    expect(log.writer.commit([request('a', 'any', 'x')])).toMatchObject([
      {
        ok: false,
        reason: 'unavailable',
        detail: expect.stringContaining('1000 bytes left, 5000 are kept in reserve') as string,
      },
    ]);
    free = 5000;
    (log.writer as unknown as { reserve: { lookedAt: number } }).reserve.lookedAt = -Infinity;
    expect(log.writer.commit([request('a', 'any', 'x')])).toMatchObject([{ ok: true }]);
    log.close();
  });

  it('says so when the folder cannot be written', () => {
    if (process.getuid?.() === 0 && spawnSync('chattr', ['-V']).error) {
      console.log('skipped: root may write everywhere, and chattr is not installed');
      return;
    }
    const folder = newFolder();
    new RunningLog({ folder }).close();
    const lock =
      process.getuid?.() === 0
        ? (on: boolean) => spawnSync('chattr', [on ? '+i' : '-i', join(folder, LOG_FILE)])
        : (on: boolean) => chmodSync(join(folder, LOG_FILE), on ? 0o400 : 0o600);
    lock(true);
    try {
      expect(() => new RunningLog({ folder })).toThrow(/cannot be opened for writing/);
    } finally {
      lock(false);
    }
    new RunningLog({ folder }).close();
  });
});

describe('a backup', () => {
  it('taken while the log grows is a prefix of it, opens and verifies', async () => {
    const folder = newFolder();
    const log = new RunningLog({ folder });
    fill(log, 400, 1);
    const target = join(newFolder(), 'copy');
    let next = 400;
    const { position } = await backupLog(folder, target, () => fill(log, 1, 1, next++));
    fill(log, 5, 0, next);
    const all = storedIn(folder);
    const { instanceId } = log.writer.meta;
    log.close();
    expect(position).toBe(2000);
    expect(storedIn(target)).toEqual(all.slice(0, 2000));
    const copy = new RunningLog({ folder: target });
    expect(copy.writer.meta.instanceId).toBe(instanceId);
    fill(copy, 1, 0);
    copy.close();
    expect(openAndVerify(target)).toEqual([]);
  });

  it('that is half done is refused, and so is a target that holds a log', async () => {
    const folder = newFolder();
    const log = new RunningLog({ folder });
    fill(log, 10, 0);
    log.close();
    const target = join(newFolder(), 'copy');
    await backupLog(folder, target);
    await expect(backupLog(folder, target)).rejects.toThrow(/exists already/);
    rmSync(join(target, HEAD_FILE));
    expect(() => new RunningLog({ folder: target })).toThrow(/head beside it is missing/);
  });

  it('of a damaged log says so', async () => {
    const folder = newFolder();
    const log = new RunningLog({ folder });
    fill(log, 200, 0);
    log.close();
    const db = new DatabaseSync(join(folder, LOG_FILE));
    db.exec(
      "UPDATE chunks SET bytes = CAST(replace(CAST(bytes AS TEXT), 'event 7-1', 'event 7-9') AS BLOB) WHERE first_position = 36",
    );
    db.close();
    new RunningLog({ folder }).close();
    const [problem] = openAndVerify(folder);
    expect(problem).toMatch(/position 36: the hash of 2 events does not hold/);
    await expect(backupLog(folder, join(newFolder(), 'copy'))).rejects.toThrow(/damaged/);
    const untouched = newFolder();
    cpSync(folder, untouched, { recursive: true });
    expect(readFileSync(join(untouched, HEAD_FILE)).length).toBeGreaterThan(0);
  });
});

function openAndVerify(folder: string): string[] {
  const reader = openLogReader(folder);
  try {
    return reader.verify().problems;
  } finally {
    reader.close();
  }
}
