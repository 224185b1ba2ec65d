/** The main thread's end of the engine thread. */
import type { MessagePort, Worker } from 'node:worker_threads';
import { startWorker } from '@rapport/event-store';
import type { Refusal } from '../loop/commands';
import type { Outcome } from '../rapport.types';
import type { EngineStatus, EngineWorkerData, FromEngine, ToEngine } from './engine-protocol';

type Unsent<T> = T extends { id: number } ? Omit<T, 'id'> : never;

/**
 * Twice V8's own: most of what a touchpoint makes is garbage before it is copied out of the young generation. A sixth less
 * processor time where customers are new; more brings little more and costs memory.
 */
const ENGINE_HEAP = { maxYoungGenerationSizeMb: 96 };

export class EngineThread {
  status: EngineStatus | null = null;
  private readonly asked = new Map<number, (message: FromEngine) => void>();
  private nextId = 1;
  private stopped: (() => void) | null = null;
  private readonly isReady: Promise<void>;
  private readonly isOpened: Promise<void>;
  private failure: Error | null = null;

  private constructor(
    private readonly worker: Worker,
    private readonly onFailure: (error: Error) => void,
  ) {
    let ready: () => void;
    let failed: (error: Error) => void;
    let opened: () => void;
    let notOpened: (error: Error) => void;
    this.isReady = new Promise((resolve, reject) => {
      ready = resolve;
      failed = reject;
    });
    this.isOpened = new Promise((resolve, reject) => {
      opened = resolve;
      notOpened = reject;
    });
    // Who waits hears of a failure; without anybody waiting it must not bring the process down by itself.
    this.isReady.catch(() => undefined);
    this.isOpened.catch(() => undefined);
    const fail = (detail: string): void => {
      const error = this.fail(detail);
      failed(error);
      notOpened(error);
    };
    worker.on('message', (message: FromEngine) => {
      if (message.kind === 'status') opened();
      if (message.kind === 'status' && message.status.ready) ready();
      if (message.kind === 'failed') fail(message.message);
      this.hear(message);
    });
    worker.on('error', (error) => fail(error.message));
  }

  static start(
    data: Omit<EngineWorkerData, 'logPort'>,
    logPort: MessagePort,
    onFailure: (error: Error) => void,
  ): EngineThread {
    const worker = startWorker('engine.worker', __dirname, { ...data, logPort }, [logPort], ENGINE_HEAP);
    return new EngineThread(worker, onFailure);
  }

  /** Resolves when the read models' file is there. */
  opened(): Promise<void> {
    return this.isOpened;
  }

  /** Resolves when everything that was in the log at the start is folded. */
  ready(): Promise<void> {
    return this.isReady;
  }

  async shown(position: number): Promise<void> {
    await this.ask({ kind: 'shown', position });
  }

  async outcomes(positions: Float64Array): Promise<Outcome[]> {
    const answer = await this.ask({ kind: 'outcomes', positions });
    return answer.kind === 'outcomes' ? answer.outcomes : [];
  }

  /** Of a command that the fold refused; null = it did not. */
  async refusal(position: number): Promise<Refusal | null> {
    const answer = await this.ask({ kind: 'refusal', position });
    return answer.kind === 'refusal' ? answer.refusal : null;
  }

  /** Ends the thread after a last flush. */
  async stop(): Promise<void> {
    if (!this.failure) {
      const stopped = new Promise<void>((resolve) => (this.stopped = resolve));
      this.post({ kind: 'stop' });
      await stopped;
    }
    await this.worker.terminate();
  }

  private ask(message: Unsent<ToEngine>): Promise<FromEngine> {
    const id = this.nextId++;
    this.post({ ...message, id });
    return new Promise((resolve) => this.asked.set(id, resolve));
  }

  private hear(message: FromEngine): void {
    switch (message.kind) {
      case 'status':
        this.status = message.status;
        return;
      case 'stopped':
        this.stopped?.();
        return;
      case 'failed':
        return;
      case 'shown':
      case 'outcomes':
      case 'refusal':
        this.asked.get(message.id)?.(message);
        this.asked.delete(message.id);
    }
  }

  private fail(detail: string): Error {
    const error = new Error(`the engine stopped: ${detail}`);
    if (!this.failure) {
      this.failure = error;
      this.stopped?.();
      this.onFailure(error);
    }
    return error;
  }

  private post(message: ToEngine): void {
    this.worker.postMessage(message);
  }
}
