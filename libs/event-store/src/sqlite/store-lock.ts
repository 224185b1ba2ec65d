import { DatabaseSync } from '@photostructure/sqlite';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { isBusy } from './sqlite-errors';
import { StoreRefused } from './store-refused';

const LOCK_FILE = 'lock.sqlite';
/** Only for the message of whoever comes second; the lock itself is the kernel's and ends with its process, however that ends. */
const HOLDER_FILE = 'lock.pid';

export interface StoreLock {
  release(): void;
}

/** Makes this process the folder's only writer until `release`, or its end. Throws StoreRefused where another one is. Readers need no lock. */
export function acquireStoreLock(folder: string): StoreLock {
  const db = new DatabaseSync(join(folder, LOCK_FILE), { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (isBusy(error)) throw inUse(folder);
    throw error;
  }
  writeFileSync(join(folder, HOLDER_FILE), `${process.pid}\n`);
  return {
    release: () => {
      if (db.isOpen) db.close();
    },
  };
}

function inUse(folder: string): StoreRefused {
  const file = join(folder, HOLDER_FILE);
  const pid = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  const holder = pid === '' ? 'another process' : `the process ${pid}`;
  return new StoreRefused(
    'locked',
    `${folder} is in use by ${holder}: a store has one writer. Stop that one first, or give this one a folder of its own.`,
  );
}
