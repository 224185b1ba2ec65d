/** The process's end of the thread that makes the asynchronous calls. */
import type { Worker } from 'node:worker_threads';
import { type LineEnd, newLine } from '@rapport/blocking-calls';
import { startWorker } from '@rapport/event-store';
import type { FromStores, StoresThreadData, ToStores } from './stores.worker';

export class StoresThread {
  private readonly ended: Promise<void>;

  private constructor(private readonly worker: Worker) {
    this.ended = new Promise((resolve) => worker.once('exit', () => resolve()));
  }

  static async start(data: StoresThreadData, trouble: (detail: string) => void): Promise<StoresThread> {
    const worker = startWorker('stores.worker', __dirname, data, []);
    const thread = new StoresThread(worker);
    await new Promise<void>((resolve, reject) => {
      worker.on('error', reject);
      worker.on('message', (message: FromStores) => {
        if (message.kind === 'ready') resolve();
        if (message.kind === 'trouble') trouble(message.detail);
        if (message.kind === 'failed') reject(new Error(message.message));
      });
    });
    return thread;
  }

  /** The asking end of a new line; it goes to another thread with its port in the transfer list. */
  line(): LineEnd {
    const { asks, answers } = newLine();
    this.worker.postMessage({ kind: 'line', end: answers } satisfies ToStores, [answers.port]);
    return asks;
  }

  async stop(): Promise<void> {
    this.worker.postMessage({ kind: 'stop' } satisfies ToStores);
    await this.ended;
  }
}
