/** A consistent copy of the read models in use, also while their writer is at work. */
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { currentGeneration, readModelPath, switchGeneration } from './generation';
import { openLive, openReadOnly } from './schema';

/**
 * Copies the generation in use into `target` (an existing folder) and makes it the one in use there. Answers with its number; null
 * where the store has no read models yet: they are folded anew when the copy is opened.
 */
export function backupReadModels(folder: string, target: string): number | null {
  const generation = currentGeneration(folder);
  if (generation === null) return null;
  const copy = readModelPath(target, generation);
  const db = openReadOnly(readModelPath(folder, generation));
  try {
    // SQLite counts the copy as a write; the file itself stays open for reading only.
    db.exec('PRAGMA query_only = OFF');
    db.prepare('VACUUM INTO ?').run(copy);
  } finally {
    db.close();
  }
  // A copy is made in rollback mode; readers of a store expect the WAL.
  openLive(copy).close();
  const file = openSync(join(copy), 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  switchGeneration(target, generation);
  return generation;
}
