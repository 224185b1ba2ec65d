import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { checkImage } from './check-image';
import { imageAt, writeImage } from './disk-image';
import { makePlan, randomFrom, type Plan, type Sabotage } from './plan';
import { type Operation, record } from './recording';

export interface PowerLossRun {
  images: number;
  failures: { seed: number; image: number; cut: number; problem: string }[];
}

export interface PowerLossOptions {
  /** Of the workload, and of what the power cuts do. */
  seed: number;
  images: number;
  /** Only this one image, for replaying a failure. */
  only?: number;
  sabotage?: Sabotage;
  /** Stop at the first failure. */
  first?: boolean;
}

/** Memory is as good as a disk for an image, and quicker. */
const IMAGES_FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Each image opens files that the binding frees with their statements, and those only when they are collected. */
const IMAGES_BETWEEN_COLLECTIONS = 50;

export async function runPowerLoss(options: PowerLossOptions): Promise<PowerLossRun> {
  const plan = makePlan(options.seed, options.sabotage);
  const operations = sabotaged(record(plan), options.sabotage);
  const run: PowerLossRun = { images: 0, failures: [] };
  const first = options.only ?? 0;
  const last = options.only ?? options.images - 1;
  for (let image = first; image <= last; image++) {
    run.images++;
    if (run.images % IMAGES_BETWEEN_COLLECTIONS === 0) await freeFiles();
    const { cut, problem } = tryImage(options.seed, image, plan, operations);
    if (problem !== undefined) run.failures.push({ seed: options.seed, image, cut, problem });
    if (problem !== undefined && options.first) break;
  }
  return run;
}

function tryImage(
  seed: number,
  image: number,
  plan: Plan,
  operations: Operation[],
): { cut: number; problem: string | undefined } {
  const random = randomFrom(seed * 1_000_003 + image);
  const cut = Math.floor(random() * (operations.length + 1));
  const { files, acknowledged } = imageAt(operations, cut, random);
  const folder = mkdtempSync(join(IMAGES_FOLDER, 'rapport-image-'));
  try {
    writeImage({ files, acknowledged }, folder);
    return { cut, problem: checkImage(folder, plan, acknowledged) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A sync that is taken out of the recording is one that the disk never heard of. */
function sabotaged(operations: Operation[], sabotage: Sabotage | undefined): Operation[] {
  const without = (name: string) =>
    operations.filter((operation) => operation.kind !== 'sync' || operation.name !== name);
  if (sabotage === 'noWalSync') return without('log.sqlite-wal');
  if (sabotage === 'noDatabaseSync') return without('log.sqlite');
  return operations;
}

async function freeFiles(): Promise<void> {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  await setImmediate();
}
