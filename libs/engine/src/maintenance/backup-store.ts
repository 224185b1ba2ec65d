/** `rapport backup`: a copy of log and read models that opens and verifies, taken while the server runs. */
import { mkdirSync, readdirSync } from 'node:fs';
import { backupLog, openLogReader } from '@rapport/event-store';
import { backupReadModels } from '@rapport/read-models';

export interface BackupSummary {
  target: string;
  /** Of the copied log's last event. */
  position: number;
  /** Null where the store had no read models: the copy folds them when it is opened. */
  generation: number | null;
}

/** Throws where the target holds anything: a copy never mixes with what is there. */
export async function backupStore(data: string, target: string): Promise<BackupSummary> {
  mkdirSync(target, { recursive: true });
  const found = readdirSync(target);
  if (found.length > 0)
    throw new Error(
      `${target} is not empty (it holds ${found.slice(0, 3).join(', ')}): name a new folder for the copy`,
    );
  // Read models first: the log that is copied after them holds at least what they show.
  const generation = backupReadModels(data, target);
  await backupLog(data, target);
  const log = openLogReader(target);
  try {
    return { target, position: log.head().position, generation };
  } finally {
    log.close();
  }
}
