import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { HeadFile } from './head-file';
import { asDamage, checkLog } from './log-checks';
import { LOG_FILE } from './log-schema';
import { type LogWriterOptions, SqliteLogWriter } from './log-writer';
import { acquireStoreLock, type StoreLock } from './store-lock';
import { syncFolder } from './sync-folder';

/** How often the head is saved beside the log. */
export const HEAD_SAVE_INTERVAL_MS = 1000;

/**
 * A log that is open for writing, as a server opens it: locked, checked, with its head saved beside it. Synchronous, for a thread of its own.
 * Throws StoreRefused, and then has changed nothing.
 */
export class RunningLog {
  readonly writer: SqliteLogWriter;
  private readonly lock: StoreLock;
  private readonly headFile: HeadFile;
  private readonly instanceId: string;
  private savedPosition = -1;

  constructor(options: LogWriterOptions) {
    const { folder } = options;
    if (mkdirSync(folder, { recursive: true }) !== undefined) syncFolder(dirname(resolve(folder)));
    this.lock = acquireStoreLock(folder);
    try {
      checkLog(folder);
      this.writer = asDamage(join(folder, LOG_FILE), () => new SqliteLogWriter(options));
      syncFolder(folder);
      this.instanceId = this.writer.meta.instanceId;
      this.headFile = HeadFile.open(folder, this.head(false));
      this.writer.beginRun();
      this.headFile.save(this.head(true));
      this.writer.aroundReset = (reset) => this.around(reset);
    } catch (error) {
      this.lock.release();
      throw error;
    }
  }

  /** To be called every HEAD_SAVE_INTERVAL_MS. */
  saveHead(): void {
    if (this.writer.head.position === this.savedPosition) return;
    this.headFile.save(this.head(true));
  }

  close(): void {
    this.headFile.save(this.head(false));
    this.writer.close();
    this.headFile.close();
    this.lock.release();
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
