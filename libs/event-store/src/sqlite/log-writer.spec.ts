import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { unpack } from '../event-cursor';
import { pack } from '../event-packer';
import type { AppendRequest, Chunk, Expected } from '../event-store';
import { openLogReader } from './log-reader';
import { SqliteLogWriter } from './log-writer';

let folder: string;
const places = (chunks: Chunk[]) =>
  chunks
    .flatMap((c) => unpack(c))
    .map((e) => `${e.position} ${e.stream}@${e.revision} ${Buffer.from(e.data).toString().slice(0, 9)}`);
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'rapport-log-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const events = (...names: string[]) =>
  pack(
    names.map((n) => ({ id: Buffer.alloc(16, 1), type: 'T', schemaVersion: 1, occurredAt: 1, data: Buffer.from(n) })),
  );
const request = (stream: string, expected: Expected, ...names: string[]): AppendRequest => ({
  stream,
  expected,
  events: events(...names),
});
const many = (count: number, prefix = 'e') => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

function stored(): string[] {
  const reader = openLogReader(folder);
  const all = places(reader.chunks(0, 1e9));
  reader.close();
  return all;
}

describe('the log writer', () => {
  it('puts the events of one group that belong to one stream side by side and answers each request with its own place', () => {
    const writer = new SqliteLogWriter({ folder });
    const results = writer.commit([
      request('a', 'any', '1', '2'),
      request('b', 'noStream', '3'),
      request('a', { revision: 1 }, '4'),
    ]);
    expect(results).toMatchObject([
      { ok: true, firstPosition: 1, firstRevision: 0 },
      { ok: true, firstPosition: 4, firstRevision: 0 },
      { ok: true, firstPosition: 3, firstRevision: 2 },
    ]);
    expect(stored()).toEqual(['1 a@0 1', '2 a@1 2', '3 a@2 4', '4 b@0 3']);
    writer.close();
  });

  it('lets a conflict fail alone', () => {
    const writer = new SqliteLogWriter({ folder });
    writer.commit([request('a', 'noStream', 'x')]);
    const results = writer.commit([
      request('a', 'noStream', 'no'),
      request('a', { revision: 5 }, 'no'),
      request('b', { revision: 0 }, 'no'),
      request('a', { revision: 0 }, 'yes'),
      request('a', { revision: 0 }, 'late'),
    ]);
    expect(results).toMatchObject([
      { ok: false, reason: 'wrongExpectedRevision', actual: 0 },
      { ok: false, reason: 'wrongExpectedRevision', actual: 0 },
      { ok: false, reason: 'wrongExpectedRevision', actual: -1 },
      { ok: true, firstPosition: 2, firstRevision: 1 },
      { ok: false, reason: 'wrongExpectedRevision', actual: 1 },
    ]);
    expect(stored()).toEqual(['1 a@0 x', '2 a@1 yes']);
    writer.close();
  });

  it('goes on after a restart where it left off', () => {
    const first = new SqliteLogWriter({ folder });
    first.commit([request('a', 'any', '1', '2'), request('b', 'any', '3')]);
    const { chain, head } = first;
    first.close();
    const second = new SqliteLogWriter({ folder });
    expect(second.chain).toEqual(chain);
    expect(second.head).toEqual(head);
    expect(second.commit([request('a', { revision: 1 }, '4'), request('c', 'noStream', '5')])).toMatchObject([
      { firstPosition: 4, firstRevision: 2 },
      { firstPosition: 5, firstRevision: 0 },
    ]);
    second.close();
    expect(stored()).toHaveLength(5);
  });

  it('cuts long runs into chunks between events, and reads from inside them', () => {
    const writer = new SqliteLogWriter({ folder });
    writer.commit([
      request('a', 'any', ...many(700)),
      request('b', 'any', 'x'),
      request('a', 'any', ...many(700, 'f')),
    ]);
    writer.commit([request('big', 'any', 'y'.repeat(200_000), 'z'.repeat(100_000), 'w'.repeat(900_000), 'v')]);
    writer.close();
    const reader = openLogReader(folder);
    const chunks = reader.chunks(0, 1e9);
    const ofA = Array.from({ length: 22 }, (_, i) => ['a', 1 + i * 64, i === 21 ? 1400 - 21 * 64 : 64]);
    expect(chunks.map((c) => [c.stream, c.firstPosition, c.count])).toEqual([
      ...ofA,
      ['b', 1401, 1],
      ['big', 1402, 1],
      ['big', 1403, 1],
      ['big', 1404, 1],
      ['big', 1405, 1],
    ]);
    const all = places(chunks);
    for (const after of [0, 1, 63, 64, 65, 1024, 1400, 1401, 1403])
      expect(places(reader.chunks(after, 1e9))).toEqual(all.slice(after));
    expect(reader.chunks(1405, 1e9)).toEqual([]);
    for (const [revision, limit] of [
      [0, 5],
      [3, 600],
      [63, 1],
      [64, 2],
      [1399, 10],
      [1400, 10],
    ] as const)
      expect(places(reader.streamChunks('a', revision, limit))).toEqual(
        all.slice(0, 1400).slice(revision, revision + limit),
      );
    expect(reader.chunks(0, 1, { streamPrefixes: ['b'] }).map((c) => c.stream)).toEqual(['b']);
    expect(reader.chunks(0, 1e9, { streamPrefixes: ['b'] }).map((c) => c.stream)).toEqual([
      'b',
      'big',
      'big',
      'big',
      'big',
    ]);
    expect(reader.at([1405, 0, 2, 9999, 1, 513, 2, 0.5]).map((e) => e?.position)).toEqual([
      1405,
      undefined,
      2,
      undefined,
      1,
      513,
      2,
      undefined,
    ]);
    expect([reader.streamHead('a'), reader.streamHead('b'), reader.streamHead('?')]).toEqual([1399, 0, -1]);
    reader.close();
  });

  it('visits the positions asked for, in their order, as reading them would', () => {
    const writer = new SqliteLogWriter({ folder });
    writer.commit([request('a', 'any', ...many(1400)), request('b', 'any', 'x')]);
    writer.commit([request('big', 'any', 'y'.repeat(200_000), 'z'.repeat(100_000), 'w'.repeat(900_000), 'v')]);
    writer.close();
    const reader = openLogReader(folder);
    const wanted = [0, 1, 2, 63, 64, 65, 513, 1399, 1401, 1405, 9999];
    const seen: [number, string][] = [];
    reader.visit(wanted, (cursor) => seen.push([cursor.position, cursor.data]));
    expect(seen).toEqual(
      reader.at(wanted).flatMap((one) => (one ? [[one.position, Buffer.from(one.data).toString()]] : [])),
    );
    expect(seen).toHaveLength(9);
    reader.close();
  });

  it('stamps commits with a clock that never goes back', () => {
    let clock = 1000;
    const writer = new SqliteLogWriter({ folder, now: () => clock });
    writer.commit([request('a', 'any', '1')]);
    clock = 400;
    expect(writer.commit([request('a', 'any', '2')])).toMatchObject([{ recordedAt: 1000 }]);
    writer.close();
  });

  it('refuses bytes that do not hold what they announce, alone', () => {
    const writer = new SqliteLogWriter({ folder });
    const bad = { ...request('a', 'any', '1', '2'), events: { ...events('1', '2'), count: 3 } };
    expect(
      writer.commit([bad, request('a', 'any', 'good'), { ...bad, events: { count: 0, bytes: Buffer.alloc(0) } }]),
    ).toMatchObject([
      { ok: false, reason: 'unavailable', detail: expect.stringContaining('3 records announced') as string },
      { ok: true, firstPosition: 1 },
      { ok: true, firstRevision: 1 },
    ]);
    expect(stored()).toEqual(['1 a@0 good']);
    writer.close();
  });
});
