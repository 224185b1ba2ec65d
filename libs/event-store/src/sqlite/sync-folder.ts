import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Puts on disk which files the folder has. Windows cannot, and does not need it. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
