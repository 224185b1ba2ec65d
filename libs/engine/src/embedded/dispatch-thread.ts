/** The main thread's end of the dispatch thread. */
import type { MessagePort, Worker } from 'node:worker_threads';
import { startWorker } from '@rapport/event-store';
import type { LogEntry } from '../rapport.types';
import type { DispatchStatus, DispatchWorkerData, FromDispatch, ToDispatch } from './dispatch-protocol';
import { inTime } from './in-time';

export class DispatchThread {
  status: DispatchStatus | null = null;
  private readonly isReady: Promise<void>;
  private readonly ended: Promise<void>;
  private over = false;

  private constructor(
    private readonly worker: Worker,
    say: (entry: LogEntry) => void,
    onFailure: (error: Error) => void,
  ) {
    this.ended = new Promise((resolve) => worker.once('exit', () => resolve()));
    this.isReady = new Promise((resolve, reject) => {
      const fail = (message: string): void => {
        if (this.over) return;
        this.over = true;
        const error = new Error(`dispatch stopped: ${message}`);
        reject(error);
        onFailure(error);
      };
      worker.on('error', (error) => fail(error.message));
      worker.once('exit', (code) => fail(`its thread ended by itself with ${code}`));
      worker.on('message', (message: FromDispatch) => {
        if (message.kind === 'status') this.status = message.status;
        if (message.kind === 'log') say(message.entry);
        if (message.kind === 'ready') resolve();
        if (message.kind === 'failed') fail(message.message);
      });
    });
    // Who waits hears of a failure; without anybody waiting it must not bring the process down by itself.
    this.isReady.catch(() => undefined);
  }

  /** Nothing leaves the process when it fails: decisions go on, their requests expire. `onFailure` is told why. */
  static start(
    data: Omit<DispatchWorkerData, 'logPort'>,
    logPort: MessagePort,
    say: (entry: LogEntry) => void,
    onFailure: (error: Error) => void,
  ): DispatchThread {
    const worker = startWorker('dispatch.worker', __dirname, { ...data, logPort }, [logPort]);
    return new DispatchThread(worker, say, onFailure);
  }

  /** Resolves when everything that was in the log at the start is folded. */
  ready(): Promise<void> {
    return this.isReady;
  }

  /** Resolves when every attempt under way is written down. */
  async stop(): Promise<void> {
    this.over = true;
    this.worker.postMessage({ kind: 'stop' } satisfies ToDispatch);
    await this.ended;
  }

  /** Of one that has failed: what it does not write down in time is found in doubt by the next one. */
  async end(ms: number): Promise<void> {
    if (!(await inTime(this.stop(), ms))) await this.worker.terminate();
  }
}
