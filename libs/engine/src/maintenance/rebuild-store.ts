/** `rapport rebuild`: a fresh generation of the read models beside the live ones, compared with them, then switched in. */
import { createHash } from 'node:crypto';
import { openLogReader } from '@rapport/event-store';
import {
  type Checkpoint,
  currentGeneration,
  nextGeneration,
  openReadModelQueries,
  removeGeneration,
  removeOldGenerations,
  SqliteReadModelFile,
  switchGeneration,
} from '@rapport/read-models';
import { hashKeyNumber } from '../embedded/hash-key';
import { openRapport } from '../embedded/rapport';
import { isQuiet, rebuildInto, type RebuildProgress, type RebuildReport } from '../rebuild/rebuild';
import { storeIsServed } from './store-in-use';

/** How long a rebuild beside a running server waits for a moment in which no settling or adoption is under way. */
export const QUIET_WAIT_MS_MAX = 60_000;
const QUIET_LOOK_MS = 100;

export interface RebuildSummary extends RebuildReport {
  generation: number;
  /** SHA-256 of the canonical dump at `position`, live and rebuilt. */
  liveDump: string | null;
  rebuiltDump: string;
  equal: boolean;
  seconds: number;
  /** True where a running server takes the generation over by itself. */
  served: boolean;
}

export interface RebuildStoreOptions {
  /** False = do not compare with the live read models (which may be damaged). */
  compare?: boolean;
  progress?: (progress: RebuildProgress) => void;
}

/** The live and the rebuilt read models are not the same; nothing was switched. */
export class RebuildNotEqual extends Error {
  constructor(readonly summary: RebuildSummary) {
    super(
      `the rebuilt read models differ from the live ones at position ${summary.position} (dump ${summary.rebuiltDump} against ${summary.liveDump}). ` +
        'The live ones stay in use. Run again with --no-compare to switch to the rebuilt ones, which are what the log says.',
    );
  }
}

export async function rebuildStore(data: string, options: RebuildStoreOptions = {}): Promise<RebuildSummary> {
  const served = await storeIsServed(data);
  if (!served) await bringToHead(data);
  const live = await quietCheckpoint(data, options.compare !== false);
  const generation = nextGeneration(data);
  const started = performance.now();
  const report = build(data, generation, live.checkpoint, options);
  const seconds = (performance.now() - started) / 1_000;
  const rebuiltDump = dumpHash(data, generation);
  const equal = live.dump === null || live.dump === rebuiltDump;
  const summary = { ...report, generation, liveDump: live.dump, rebuiltDump, equal, seconds, served };
  if (!equal) {
    removeGeneration(data, generation);
    throw new RebuildNotEqual(summary);
  }
  switchGeneration(data, generation);
  if (!served) removeOldGenerations(data);
  return summary;
}

/** Opens the store once, so that everything in the log is decided and shown. */
async function bringToHead(data: string): Promise<void> {
  const rapport = await openRapport({ data, settleQuietMs: Number.MAX_SAFE_INTEGER, dispatch: 'off' });
  const until = performance.now() + QUIET_WAIT_MS_MAX;
  while (rapport.status().readModels < rapport.status().head && performance.now() < until) await pause(QUIET_LOOK_MS);
  await rapport.close();
}

async function quietCheckpoint(data: string, dump: boolean): Promise<{ checkpoint: Checkpoint; dump: string | null }> {
  const until = performance.now() + QUIET_WAIT_MS_MAX;
  for (;;) {
    const found = readQuiet(data, dump);
    if (found) return found;
    if (performance.now() > until) {
      throw new Error(
        `${data}: a settling or adoption has been under way for ${QUIET_WAIT_MS_MAX / 1_000} s; rebuild when it is through (rapport status shows it)`,
      );
    }
    await pause(QUIET_LOOK_MS);
  }
}

function readQuiet(data: string, dump: boolean): { checkpoint: Checkpoint; dump: string | null } | null {
  const generation = currentGeneration(data);
  if (generation === null) return null;
  const queries = openReadModelQueries(data, generation);
  try {
    return queries.snapshot(() => {
      const checkpoint = queries.checkpoint();
      if (!checkpoint || !isQuiet(checkpoint)) return null;
      return { checkpoint, dump: dump ? hashOf(queries.dump()) : null };
    });
  } finally {
    queries.close();
  }
}

function build(data: string, generation: number, checkpoint: Checkpoint, options: RebuildStoreOptions): RebuildReport {
  const log = openLogReader(data);
  const file = SqliteReadModelFile.openBulk(data, generation);
  try {
    const report = rebuildInto({
      log,
      hashKey: hashKeyNumber(log.meta().hashKey),
      checkpoint,
      write: (flush) => file.write(flush),
      progress: options.progress,
    });
    file.finishBulk();
    return report;
  } catch (error) {
    file.close();
    removeGeneration(data, generation);
    throw error;
  } finally {
    log.close();
  }
}

function dumpHash(data: string, generation: number): string {
  const queries = openReadModelQueries(data, generation);
  try {
    return queries.snapshot(() => hashOf(queries.dump()));
  } finally {
    queries.close();
  }
}

function hashOf(lines: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const line of lines) hash.update(line).update('\n');
  return hash.digest('hex');
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
