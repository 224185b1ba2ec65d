/** The process's end of its threads that fold partitions. */
import type { Worker } from 'node:worker_threads';
import { startWorker } from '@rapport/event-store';
import type { LogEntry } from '../../rapport.types';
import type { PartitionStanding } from '../run/engine-host';
import type { Ownership } from '../run/ownership';
import type { EngineThreadData, FromEngineThread, ToEngineThread } from './engine-protocol';

export interface ThreadEvents {
  say(entry: LogEntry): void;
  unfit(detail: string): void;
  failed(error: Error): void;
}

export class EngineThreads {
  private readonly threads: OneThread[];

  constructor(data: EngineThreadData[], events: ThreadEvents) {
    this.threads = data.map((one) => new OneThread(one, events));
  }

  get standing(): PartitionStanding[] {
    return this.threads.flatMap((thread) => thread.standing);
  }

  own({ partition, token, until }: Ownership): void {
    this.of(partition).post({ kind: 'own', partition, token, until });
  }

  renewed(partition: number, until: number): void {
    this.of(partition).post({ kind: 'renewed', partition, until });
  }

  lost(partition: number): void {
    this.of(partition).post({ kind: 'lost', partition });
  }

  giveBack(partition: number): Promise<void> {
    return this.of(partition).giveBack(partition);
  }

  async stop(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.stop()));
  }

  private of(partition: number): OneThread {
    return this.threads[partition % this.threads.length]!;
  }
}

class OneThread {
  standing: PartitionStanding[] = [];
  private readonly worker: Worker;
  private readonly given = new Map<number, () => void>();
  private readonly ended: Promise<void>;
  private lastId = 0;

  constructor(data: EngineThreadData, events: ThreadEvents) {
    this.worker = startWorker('cluster-engine.worker', __dirname, data, [data.log.port]);
    this.ended = new Promise((resolve) => this.worker.once('exit', () => resolve()));
    void this.ended.then(() => this.nobodyAnswers());
    this.worker.on('error', (error) => events.failed(error));
    this.worker.on('message', (message: FromEngineThread) => this.hear(message, events));
  }

  post(message: ToEngineThread): void {
    this.worker.postMessage(message);
  }

  giveBack(partition: number): Promise<void> {
    const id = ++this.lastId;
    const gone = new Promise<void>((resolve) => this.given.set(id, resolve));
    this.post({ kind: 'giveBack', partition, id });
    return gone;
  }

  async stop(): Promise<void> {
    this.post({ kind: 'stop' });
    await this.ended;
  }

  private hear(message: FromEngineThread, events: ThreadEvents): void {
    switch (message.kind) {
      case 'standing':
        this.standing = message.standing;
        return;
      case 'gaveBack':
        this.given.get(message.id)?.();
        this.given.delete(message.id);
        return;
      case 'log':
        return events.say(message.entry);
      case 'unfit':
        return events.unfit(message.detail);
      case 'failed':
        events.failed(new Error(`the engine stopped: ${message.message}`));
        void this.worker.terminate();
        return;
      case 'stopped':
        void this.worker.terminate();
    }
  }

  private nobodyAnswers(): void {
    this.standing = [];
    for (const done of this.given.values()) done();
    this.given.clear();
  }
}
