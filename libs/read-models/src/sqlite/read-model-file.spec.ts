import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import fc from 'fast-check';
import { changeOps, customerRows } from '../contract/generated';
import { change, customer, flush } from '../contract/rows';
import { naiveCounters } from '../contract/naive-models';
import type { Flush } from '../read-models';
import { openEngineReader } from './engine-reader';
import {
  currentGeneration,
  generations,
  nextGeneration,
  readModelPath,
  removeOldGenerations,
  switchGeneration,
} from './generation';
import { openReadModelQueries } from './queries';
import { SqliteReadModelFile } from './read-model-file';
import { READ_MODEL_FORMAT, ReadModelFormatError } from './schema';
import { isPassing } from './write-errors';
import { openReadModelWriter } from './writer';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-read-models-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function dumpOf(generation: number): string[] {
  const queries = openReadModelQueries(folder, generation);
  try {
    return [...queries.dump()];
  } finally {
    queries.close();
  }
}

describe('a bulk load', () => {
  let generation = 0;

  it('ends in the same content as live flushes of the same rows', () => {
    const law = fc.property(customerRows, changeOps, fc.integer({ min: 1, max: 30 }), (rows, ops, size) => {
      const people = [...rows.filter((row) => ![1, 4, 7].includes(row.no)), customer(1), customer(4), customer(7)];
      const flushes: Flush[] = [];
      for (let i = 0; i < Math.max(people.length, ops.length); i += size) {
        const customers = people.slice(i, i + size);
        const chunks = customers.map((row) => ({ no: row.no, chunk: 0, bytes: row.tail }));
        flushes.push(flush(i + 1, { customers, chunks, changes: ops.slice(i, i + size) }));
      }
      flushes.push(flush(99, { customers: people.slice(0, 2), counters: naiveCounters(people) }));
      generation += 2;
      const live = SqliteReadModelFile.openLive(folder, generation);
      for (const one of flushes) live.write(one);
      live.close();
      const bulk = SqliteReadModelFile.openBulk(folder, generation + 1);
      for (const one of flushes) bulk.write(one);
      bulk.finishBulk();
      expect(dumpOf(generation + 1)).toEqual(dumpOf(generation));
    });
    fc.assert(law, { numRuns: 15 });
  });

  it('can be written on by a live writer', async () => {
    const bulk = SqliteReadModelFile.openBulk(folder, 1);
    bulk.write(flush(1, { customers: [customer(1)] }));
    bulk.finishBulk();
    const writer = await openReadModelWriter(folder, 1);
    await writer.write(flush(2, { customers: [customer(1, { touchpoints: 9 }), customer(2)] }));
    await writer.close();
    const reader = openEngineReader(folder, 1);
    expect(reader.load(['customer-1'])[0]?.touchpoints).toBe(9);
    reader.close();
  });

  it('is refused by readers until it is finished, and needs a fresh file', () => {
    const bulk = SqliteReadModelFile.openBulk(folder, 1);
    bulk.write(flush(1, { customers: [customer(1)] }));
    bulk.close();
    expect(() => openEngineReader(folder, 1)).toThrow(/not a finished read-model file/);
    expect(() => SqliteReadModelFile.openBulk(folder, 1)).toThrow(/fresh file/);
  });
});

describe('a flush', () => {
  it('is written as a whole or not at all', () => {
    const file = SqliteReadModelFile.openLive(folder, 1);
    file.write(flush(1, { customers: [customer(1)], changes: [{ op: 'add', row: change(5, 1) }] }));
    const before = dumpOf(1);
    // The same change twice is a broken fold: the last operation fails after everything else was applied.
    const broken = flush(2, {
      customers: [customer(1, { stage: 'never seen before' }), customer(2)],
      changes: [
        { op: 'add', row: change(6, 1) },
        { op: 'add', row: change(5, 1) },
      ],
    });
    expect(() => file.write(broken)).toThrow(/UNIQUE/);
    expect(dumpOf(1)).toEqual(before);
    file.write(
      flush(3, { customers: [customer(2, { stage: 'another' }), customer(1, { stage: 'never seen before' })] }),
    );
    file.close();
    const reader = openEngineReader(folder, 1);
    expect(reader.load(['customer-2'])[0]?.stage).toBe('another');
    expect(reader.load(['customer-1'])[0]?.stage).toBe('never seen before');
    reader.close();
  });

  it('that is broken ends the writer, and later ones are refused', async () => {
    const writer = await openReadModelWriter(folder, 1);
    const add = { op: 'add' as const, row: change(5, 1) };
    const first = writer.write(flush(1, { changes: [add, add] }));
    const second = writer.write(flush(2));
    await expect(first).rejects.toThrow(/UNIQUE/);
    await expect(second).rejects.toThrow(/UNIQUE/);
    await expect(writer.write(flush(3))).rejects.toThrow(/UNIQUE/);
    await writer.close();
    expect(dumpOf(1)).toEqual([]);
  });

  it('that meets a disk which refuses waits, says so, and is written when it can be', async () => {
    const said: (string | null)[] = [];
    const writer = await openReadModelWriter(folder, 1, { onStall: (detail) => said.push(detail) });
    const other = new DatabaseSync(readModelPath(folder, 1));
    other.exec('BEGIN IMMEDIATE');
    const writes = [1, 2].map((n) => writer.write(flush(n, { customers: [customer(1, { touchpoints: n })] })));
    while (said.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(said[0]).toMatch(/locked/);
    other.exec('COMMIT');
    other.close();
    await Promise.all(writes);
    expect(said.at(-1)).toBeNull();
    await writer.close();
    const reader = openEngineReader(folder, 1);
    expect(reader.load(['customer-1'])[0]?.touchpoints).toBe(2);
    reader.close();
    // The writer waits out short locks first.
  }, 30_000);

  it('is not held back by a reader in the middle of a list', () => {
    const file = SqliteReadModelFile.openLive(folder, 1);
    const rows = Array.from({ length: 1000 }, (_, i) => customer(i + 1, { partition: 0, due: i }));
    file.write(flush(1, { customers: rows }));
    const reader = openEngineReader(folder, 1);
    const walk = reader.due(0, 2000)[Symbol.iterator]();
    walk.next();
    file.write(flush(2, { customers: [customer(1, { partition: 0, due: 5000 })] }));
    file.checkpointWal();
    const db = new DatabaseSync(readModelPath(folder, 1));
    const [busy] = Object.values(db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as Record<string, number>);
    expect(busy).toBe(0);
    db.close();
    reader.close();
    file.close();
  });
});

describe('the file', () => {
  it('of a newer format is refused, and so is a stranger', async () => {
    SqliteReadModelFile.openLive(folder, 1).close();
    const db = new DatabaseSync(readModelPath(folder, 1));
    db.exec(`PRAGMA user_version = ${READ_MODEL_FORMAT + 1}`);
    db.close();
    expect(() => openEngineReader(folder, 1)).toThrow(ReadModelFormatError);
    expect(() => openReadModelQueries(folder, 1)).toThrow(/newer than format/);
    await expect(openReadModelWriter(folder, 1)).rejects.toThrow(/newer than format/);
    const other = new DatabaseSync(readModelPath(folder, 2));
    other.exec('CREATE TABLE mine (a)');
    other.close();
    expect(() => SqliteReadModelFile.openLive(folder, 2)).toThrow(/not a finished read-model file/);
  });

  it('knows which errors may pass', () => {
    const error = (sqliteExtendedCode: number) => Object.assign(new Error('disk'), { sqliteExtendedCode });
    expect(isPassing(error(13))).toBe(true);
    expect(isPassing(error(778))).toBe(true);
    expect(isPassing(error(1034))).toBe(false);
    expect(isPassing(error(11))).toBe(false);
    expect(isPassing(error(19))).toBe(false);
    expect(isPassing(new Error('other'))).toBe(false);
  });
});

describe('generations', () => {
  it('are switched by name and removed when they are old', () => {
    expect(currentGeneration(folder)).toBeNull();
    expect(nextGeneration(folder)).toBe(1);
    for (const generation of [1, 2, 10]) SqliteReadModelFile.openLive(folder, generation).close();
    switchGeneration(folder, 2);
    expect(currentGeneration(folder)).toBe(2);
    switchGeneration(folder, 10);
    expect(currentGeneration(folder)).toBe(10);
    expect(generations(folder)).toEqual([1, 2, 10]);
    expect(nextGeneration(folder)).toBe(11);
    expect(removeOldGenerations(folder, [2])).toEqual([1]);
    expect(existsSync(readModelPath(folder, 1))).toBe(false);
    expect(generations(folder)).toEqual([2, 10]);
  });

  it('refuse a switch file that names none', () => {
    writeFileSync(join(folder, 'read-models-current'), 'latest');
    expect(() => currentGeneration(folder)).toThrow(/should hold the number of a generation/);
  });
});
