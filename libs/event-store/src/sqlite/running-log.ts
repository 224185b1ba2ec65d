import { mkdirSync } from 'node:fs';
import { isNativeError } from 'node:util/types';
import { dirname, join, resolve } from 'node:path';

import { HEAD_FILE, HeadFile } from './head-file';
import { asDamage, checkLog } from './log-checks';
import { LOG_FILE } from './log-schema';
import { type LogWriterOptions, SqliteLogWriter } from './log-writer';
import { acquireStoreLock, type StoreLock } from './store-lock';
import { StoreRefused } from './store-refused';
import { syncFolder } from './sync-folder';

/** How often the head is saved beside the log. */
export const HEAD_SAVE_INTERVAL_MS = 1000;

/**
 * A log that is open for writing, as a server opens it: locked, checked, with its head saved beside it. Synchronous, for a thread of its own.
 * Throws StoreRefused, and then has changed nothing.
 */
export class RunningLog {
  readonly writer: SqliteLogWriter;
  /** Present while the head cannot be saved. */
  headProblem: string | undefined;
  private readonly lock: StoreLock;
  private readonly headFile: HeadFile;
  private readonly instanceId: string;
  private savedPosition = -1;

  constructor(options: LogWriterOptions) {
    const { folder } = options;
    const undo: (() => void)[] = [];
    try {
      if (mkdirSync(folder, { recursive: true }) !== undefined) syncFolder(dirname(resolve(folder)));
      this.lock = acquireStoreLock(folder);
      undo.push(() => this.lock.release());
      checkLog(folder);
      this.writer = asDamage(join(folder, LOG_FILE), () => new SqliteLogWriter(options));
      undo.push(() => this.writer.close());
      syncFolder(folder);
      this.instanceId = this.writer.meta.instanceId;
      this.headFile = HeadFile.open(folder, this.head(false));
      this.writer.beginRun();
      this.headFile.save(this.head(true));
      this.writer.aroundReset = (reset) => this.around(reset);
    } catch (error) {
      for (const step of undo.reverse()) step();
      throw unwritable(folder, error);
    }
  }

  /** To be called every HEAD_SAVE_INTERVAL_MS. Where it fails the log goes on: the older head stays true. */
  saveHead(): void {
    if (this.writer.head.position === this.savedPosition) return;
    const before = this.savedPosition;
    try {
      this.headFile.save(this.head(true));
      this.headProblem = undefined;
    } catch (error) {
      this.savedPosition = before;
      this.headProblem = `the file ${HEAD_FILE} could not be written: ${String(error)}`;
    }
  }

  close(): void {
    try {
      this.headFile.save(this.head(false));
    } finally {
      this.writer.close();
      this.headFile.close();
      this.lock.release();
    }
  }

  /** While the WAL is emptied, an empty WAL must not look like a lost one. */
  private around(reset: () => void): void {
    this.headFile.save(this.head(false));
    reset();
    this.headFile.save(this.head(true));
  }

  private head(running: boolean) {
    const { position } = this.writer.head;
    this.savedPosition = position;
    return { instanceId: this.instanceId, position, chain: this.writer.chain, running };
  }
}

/** A disk that does not let us write is the operator's to mend, and says so; faults of ours pass unchanged. */
function unwritable(folder: string, error: unknown): unknown {
  if (error instanceof StoreRefused || !isNativeError(error) || !('code' in error)) return error;
  return new StoreRefused(
    'unwritable',
    `${folder} cannot be opened for writing: ${error.message}. Check that its disk is writable and has room, and who owns the files.`,
  );
}
