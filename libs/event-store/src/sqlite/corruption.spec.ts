import fc from 'fast-check';
import {
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { HEAD_FILE } from './head-file';
import { WAL_FILE } from './log-checks';
import { openLogReader } from './log-reader';
import { LOG_FILE } from './log-schema';
import { RunningLog } from './running-log';
import { StoreRefused } from './store-refused';
import { copyAsKilled, fill, newFolder, removeFolders, storedIn } from './test-store';

jest.setTimeout(60_000);

const GROUPS = 30;
const EVENTS_IN_GROUP = 5;
const FRAME_BYTES = 4096 + 24;
const WAL_HEADER_BYTES = 32;
/** How many places of a file are zeroed, and at how many it is cut. */
const PLACES = 48;
const pagesUpTo = (bytes: number) => 4096 * Math.ceil(bytes / 4096);

/** A store that was killed, the same one closed, and one that was killed earlier in its life. */
let killed: string;
let closed: string;
let earlier: string;
let events: string[];

beforeAll(() => {
  const folder = newFolder();
  const first = new RunningLog({ folder });
  fill(first, GROUPS, 0);
  first.close();
  const log = new RunningLog({ folder });
  fill(log, GROUPS, 0, GROUPS);
  earlier = copyAsKilled(folder);
  fill(log, GROUPS, 1, 2 * GROUPS);
  killed = copyAsKilled(folder);
  log.close();
  closed = copyAsKilled(folder);
  events = storedIn(closed);
});
afterAll(removeFolders);

type Outcome = 'refused' | 'reported' | 'whole' | 'last group lost' | 'SERVED A FALSE LOG';

/** The real start, then the full verification, then a comparison of every event. */
function outcome(folder: string): Outcome {
  try {
    new RunningLog({ folder }).close();
  } catch (error) {
    if (error instanceof StoreRefused) return 'refused';
    throw error;
  }
  const reader = openLogReader(folder);
  const { problems } = reader.verify();
  reader.close();
  if (problems.length > 0) return 'reported';
  const found = storedIn(folder);
  if (JSON.stringify(found) === JSON.stringify(events)) return 'whole';
  return JSON.stringify(found) === JSON.stringify(events.slice(0, -EVENTS_IN_GROUP))
    ? 'last group lost'
    : 'SERVED A FALSE LOG';
}

function damaged(from: string, damage: (folder: string) => void): Outcome {
  const folder = newFolder();
  cpSync(from, folder, { recursive: true });
  damage(folder);
  const result = outcome(folder);
  rmSync(folder, { recursive: true });
  return result;
}

function alter(file: string, change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(file);
  change(bytes);
  writeFileSync(file, bytes);
}

/** Only the last commit group of the WAL may be lost unseen: nobody can tell its damage from a torn write. */
function acceptable(file: string): Outcome[] {
  return file === WAL_FILE ? ['refused', 'reported', 'whole', 'last group lost'] : ['refused', 'reported', 'whole'];
}

describe('a damaged store', () => {
  it('is whole where nothing was damaged', () => {
    expect(readdirSync(killed).sort()).toEqual([HEAD_FILE, LOG_FILE, WAL_FILE].sort());
    expect(events).toHaveLength(3 * GROUPS * EVENTS_IN_GROUP);
    expect([damaged(killed, () => undefined), damaged(closed, () => undefined)]).toEqual(['whole', 'whole']);
  });

  it.each([
    ['killed', LOG_FILE, 60],
    ['killed', WAL_FILE, 90],
    ['killed', HEAD_FILE, 20],
    ['closed', LOG_FILE, 60],
    ['closed', HEAD_FILE, 20],
  ] as const)('%s: no flipped bit in %s makes it serve a false log', (state, file, numRuns) => {
    const seen = new Map<Outcome, number>();
    fc.assert(
      fc.property(fc.nat(), fc.nat(7), (where, bit) => {
        const result = damaged(state === 'killed' ? killed : closed, (folder) =>
          alter(join(folder, file), (bytes) => {
            const at = where % bytes.length;
            bytes[at] = (bytes[at] as number) ^ (1 << bit);
          }),
        );
        seen.set(result, (seen.get(result) ?? 0) + 1);
        expect(acceptable(file)).toContain(result);
      }),
      { numRuns },
    );
    if (file !== HEAD_FILE)
      expect((seen.get('refused') ?? 0) + (seen.get('reported') ?? 0)).toBeGreaterThan(numRuns / 6);
  });

  it.each([
    ['killed', LOG_FILE],
    ['killed', WAL_FILE],
    ['closed', LOG_FILE],
  ] as const)('%s: no zeroed page and no cut of %s makes it serve a false log', (state, file) => {
    const from = state === 'killed' ? killed : closed;
    const size = readFileSync(join(from, file)).length;
    for (let at = 0; at < size; at += pagesUpTo(size / PLACES)) {
      const zeroed = damaged(from, (folder) =>
        alter(join(folder, file), (bytes) => bytes.fill(0, at, Math.min(at + 4096, size))),
      );
      expect({ at, zeroed, fits: acceptable(file).includes(zeroed) }).toMatchObject({ fits: true });
    }
    for (let at = 0; at < size; at += Math.ceil(size / PLACES)) {
      const cut = damaged(from, (folder) => truncateSync(join(folder, file), at));
      expect({ at, cut, fits: acceptable(file).includes(cut) }).toMatchObject({ fits: true });
    }
  });

  it('notices swapped frames of the WAL', () => {
    const frames = Math.floor((readFileSync(join(killed, WAL_FILE)).length - WAL_HEADER_BYTES) / FRAME_BYTES);
    fc.assert(
      fc.property(fc.nat(frames - 40), fc.nat(frames - 40), (a, b) => {
        fc.pre(a !== b);
        const result = damaged(killed, (folder) =>
          alter(join(folder, WAL_FILE), (bytes) => {
            const frame = (i: number) =>
              bytes.subarray(WAL_HEADER_BYTES + i * FRAME_BYTES, WAL_HEADER_BYTES + (i + 1) * FRAME_BYTES);
            const kept = Buffer.from(frame(a));
            frame(a).set(frame(b));
            frame(b).set(kept);
          }),
        );
        expect(result).toBe('refused');
      }),
      { numRuns: 20 },
    );
  });

  it('notices a WAL of an earlier day, a missing one, a missing log, a missing or foreign head file', () => {
    const other = newFolder();
    const log = new RunningLog({ folder: other });
    fill(log, 2, 0);
    log.close();
    const cases: [string, (folder: string) => void][] = [
      [killed, (folder) => copyFileSync(join(earlier, WAL_FILE), join(folder, WAL_FILE))],
      [closed, (folder) => copyFileSync(join(earlier, WAL_FILE), join(folder, WAL_FILE))],
      [killed, (folder) => copyFileSync(join(earlier, LOG_FILE), join(folder, LOG_FILE))],
      [closed, (folder) => copyFileSync(join(earlier, LOG_FILE), join(folder, LOG_FILE))],
      [killed, (folder) => rmSync(join(folder, WAL_FILE))],
      [killed, (folder) => rmSync(join(folder, LOG_FILE))],
      [closed, (folder) => rmSync(join(folder, LOG_FILE))],
      [closed, (folder) => rmSync(join(folder, HEAD_FILE))],
      [killed, (folder) => copyFileSync(join(other, HEAD_FILE), join(folder, HEAD_FILE))],
      [closed, (folder) => copyFileSync(join(other, LOG_FILE), join(folder, LOG_FILE))],
      [closed, (folder) => writeFileSync(join(folder, LOG_FILE), 'not a database at all'.repeat(100))],
    ];
    const results = cases.map(([from, damage]) => damaged(from, damage));
    // The earlier main file belongs to the killed store's WAL too, so that mixture may well be whole.
    expect(results.map((result, i) => (i === 2 && result === 'whole' ? 'refused' : result))).toEqual(
      cases.map(() => expect.stringMatching(/refused|reported/) as string),
    );
  });

  it('changes nothing on disk when it refuses', () => {
    const folder = newFolder();
    cpSync(killed, folder, { recursive: true });
    alter(join(folder, WAL_FILE), (bytes) => (bytes[WAL_HEADER_BYTES + FRAME_BYTES + 500] = 7));
    const bytes = () =>
      [LOG_FILE, WAL_FILE, HEAD_FILE].map((file) => readFileSync(join(folder, file)).toString('base64'));
    const before = bytes();
    expect(() => new RunningLog({ folder })).toThrow(/frame 2 of .* is damaged and \d+ commits/);
    expect(() => new RunningLog({ folder })).toThrow(StoreRefused);
    expect(bytes().map((now, i) => now === before[i])).toEqual([true, true, true]);
    cpSync(closed, folder, { recursive: true });
    rmSync(join(folder, WAL_FILE));
    const reader = openLogReader(folder);
    expect(reader.verify().problems).toEqual([]);
    reader.close();
    expect(existsSync(join(folder, HEAD_FILE))).toBe(true);
  });
});
