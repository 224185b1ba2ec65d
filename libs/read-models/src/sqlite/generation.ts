/**
 * Generations: each rebuild writes a read-model file of its own, `read-models-<generation>.sqlite`, beside the live one.
 * The text file `read-models-current` names the one in use; replacing it by a rename is the switch.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { ReadModelFormatError } from './schema';

export const CURRENT_FILE = 'read-models-current';
const FILE_NAME = /^read-models-(\d+)\.sqlite(?:-wal|-shm|-journal)?$/;

export function readModelPath(folder: string, generation: number): string {
  return join(folder, `read-models-${generation}.sqlite`);
}

/** The generation in use; null where the store has none yet. */
export function currentGeneration(folder: string): number | null {
  const path = join(folder, CURRENT_FILE);
  if (!existsSync(path)) return null;
  const text = readFileSync(path, 'utf8').trim();
  const generation = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(generation)) {
    throw new ReadModelFormatError(
      `${path} should hold the number of a generation, but holds "${text.slice(0, 40)}". Run \`rapport rebuild\`.`,
    );
  }
  return generation;
}

/** Makes `generation` the one in use: all or nothing, also at a power cut. */
export function switchGeneration(folder: string, generation: number): void {
  const path = join(folder, CURRENT_FILE);
  const fresh = `${path}.new`;
  const file = openSync(fresh, 'w');
  try {
    writeSync(file, `${generation}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(fresh, path);
  syncFolder(folder);
}

/** Every generation that has a file in the folder, in use or not, lowest first. */
export function generations(folder: string): number[] {
  const found = new Set<number>();
  for (const name of readdirSync(folder)) {
    const match = FILE_NAME.exec(name);
    if (match?.[1] !== undefined) found.add(Number(match[1]));
  }
  return [...found].sort((a, b) => a - b);
}

/** Greater than every generation in the folder. */
export function nextGeneration(folder: string): number {
  return Math.max(0, currentGeneration(folder) ?? 0, ...generations(folder)) + 1;
}

export function removeGeneration(folder: string, generation: number): void {
  const path = readModelPath(folder, generation);
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
}

/** Removes every generation but the one in use and `keep`. Answers with those removed. */
export function removeOldGenerations(folder: string, keep: readonly number[] = []): number[] {
  const current = currentGeneration(folder);
  const old = generations(folder).filter((generation) => generation !== current && !keep.includes(generation));
  for (const generation of old) removeGeneration(folder, generation);
  return old;
}

/** Renames and new files in a folder are durable only once the folder itself is synced. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
