/** The writer of the port: packs each flush into one buffer and hands it to the thread that owns the file. */
import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Flush, ReadModelWriter } from '../read-models';
import { packFlush } from './flush-pack';
import type { FromWriter, ToWriter, WriterData } from './writer-protocol';

export interface ReadModelWriterOptions {
  /** Called when the disk refuses writes, with the reason, and with null when they go on. Nothing is lost meanwhile. */
  onStall?: (detail: string | null) => void;
}

/** The read models can no longer be written; the process must open them again, or rebuild. */
export class ReadModelWriteError extends Error {}

/** Opens (or makes) the read models of a generation for writing. Rejects with ReadModelFormatError's words where it cannot. */
export function openReadModelWriter(
  folder: string,
  generation: number,
  options: ReadModelWriterOptions = {},
): Promise<SqliteReadModelWriter> {
  const data: WriterData = { folder, generation };
  const worker = new Worker(workerFile(), { workerData: data, name: 'read-models' });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', () => {
      worker.off('error', reject);
      resolve(new SqliteReadModelWriter(worker, options));
    });
  });
}

/** Under a test runner the sources run, and the thread is the built one. */
function workerFile(): string {
  const beside = join(__dirname, 'writer.worker.js');
  if (existsSync(beside)) return beside;
  const built = beside.replace(`${sep}libs${sep}`, `${sep}dist${sep}libs${sep}`);
  if (existsSync(built)) return built;
  throw new Error(`${built} is missing. Run \`npm run build\` first.`);
}

interface Waiting {
  resolve: () => void;
  reject: (error: Error) => void;
}

export class SqliteReadModelWriter extends ReadModelWriter {
  private readonly waiting: Waiting[] = [];
  private ended: Error | undefined;
  private stalled = false;
  private flushes = 0;
  private lastMs = 0;
  private readonly closed: Promise<void>;

  constructor(
    private readonly worker: Worker,
    private readonly options: ReadModelWriterOptions,
  ) {
    super();
    worker.on('message', (message: FromWriter) => this.hear(message));
    worker.on('error', (error) => this.end(new ReadModelWriteError(`Read models: ${error.message}`)));
    this.closed = new Promise((resolve) => worker.once('exit', () => resolve()));
    void this.closed.then(() => this.end(new ReadModelWriteError('Read models: the writer is closed.')));
  }

  /** How many flushes were written, and how long the last one took (ms). */
  get figures(): { flushes: number; lastMs: number } {
    return { flushes: this.flushes, lastMs: this.lastMs };
  }

  write(flush: Flush): Promise<void> {
    if (this.ended !== undefined) return Promise.reject(this.ended);
    const packed = packFlush(flush);
    const message: ToWriter = { kind: 'write', flush: packed };
    this.worker.postMessage(message, [packed.buffer]);
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  /** Writes what waits, then closes the file. */
  async close(): Promise<void> {
    if (this.ended === undefined) {
      const message: ToWriter = { kind: 'close' };
      this.worker.postMessage(message);
    }
    await this.closed;
  }

  private hear(message: FromWriter): void {
    switch (message.kind) {
      case 'opened':
      case 'closed':
        return;
      case 'written':
        this.flushes++;
        this.lastMs = message.ms;
        this.stall(null);
        this.waiting.shift()?.resolve();
        return;
      case 'stalled':
        this.stall(message.detail);
        return;
      case 'failed':
        this.end(new ReadModelWriteError(`Read models: ${message.detail}`));
        return;
    }
  }

  private stall(detail: string | null): void {
    if (detail === null && !this.stalled) return;
    this.stalled = detail !== null;
    this.options.onStall?.(detail);
  }

  private end(error: Error): void {
    this.ended ??= error;
    for (const waiting of this.waiting.splice(0)) waiting.reject(this.ended);
  }
}
