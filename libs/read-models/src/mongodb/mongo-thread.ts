/** Starts the thread that talks to MongoDB, and gives lines to it. Whoever blocks on a line must be another thread than the one that serves others. */
import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type LineEnd, newLine, WaitingLine } from '@rapport/blocking-calls';
import { MongoServerUnfit, type MongoSettings } from './mongo-settings';
import { MongoEngineReader } from './engine-reader';
import { MongoLeaseTable } from './lease-table';
import type { FromThread, Serves, ThreadData, ToThread } from './mongo-protocol';
import { MongoReadModelQueries } from './queries';
import type { StoreAnswers } from './store-answers';
import { MongoReadModelWriter } from './writer';
import type { WriterOwner } from './flush-writer';

/** Called when a writer cannot write now, with the reason, and with null when it goes on. Nothing is lost meanwhile. */
export type OnStall = (detail: string | null) => void;

/** Connects. Rejects with MongoServerUnfit where the server cannot be reached or cannot do what is needed. */
export function openMongoThread(settings: MongoSettings): Promise<MongoThread> {
  const data: ThreadData = { settings };
  const worker = new Worker(workerFile(), { workerData: data, name: 'mongodb' });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (message: FromThread) => {
      worker.off('error', reject);
      if (message.kind === 'unfit') reject(new MongoServerUnfit(message.detail));
      else resolve(new MongoThread(worker));
    });
  });
}

/** Under a test runner the sources run, and the thread is the built one. */
function workerFile(): string {
  const beside = join(__dirname, 'mongo.worker.js');
  if (existsSync(beside)) return beside;
  const built = beside.replace(`${sep}libs${sep}`, `${sep}dist${sep}libs${sep}`);
  if (existsSync(built)) return built;
  throw new Error(`${built} is missing. Run \`npm run build\` first.`);
}

export class MongoThread {
  private lines = 0;
  private readonly stalls = new Map<number, OnStall>();
  private readonly store: WaitingLine<StoreAnswers>;
  /** Resolves when the thread is over: with what went wrong, or null after close(). */
  readonly ended: Promise<string | null>;

  constructor(private readonly worker: Worker) {
    worker.on('message', (message: FromThread) => {
      if (message.kind === 'stalled') this.stalls.get(message.id)?.(message.detail);
    });
    this.ended = new Promise((resolve) => {
      worker.once('error', (error) => resolve(error.message));
      worker.once('exit', () => resolve(null));
    });
    this.store = new WaitingLine(this.line({ kind: 'store' }));
  }

  /** A line for another thread: hand it over with its port in the transfer list. */
  line(serves: Serves, onStall?: OnStall): LineEnd {
    const { asks, answers } = newLine();
    const id = ++this.lines;
    if (onStall) this.stalls.set(id, onStall);
    const message: ToThread = { kind: 'serve', id, serves, end: answers };
    this.worker.postMessage(message, [answers.port]);
    return asks;
  }

  /** Of one partition: its checkpoint, its counters, its customers; without one, of all. */
  engineReader(generation: number, partition?: number): MongoEngineReader {
    const part = partition === undefined ? {} : { partition };
    return new MongoEngineReader(this.line({ kind: 'engine', generation, ...part }));
  }

  queries(generation: number): MongoReadModelQueries {
    return new MongoReadModelQueries(this.line({ kind: 'queries', generation }));
  }

  /** Resolves once the partition is claimed. Rejects with FencedError where a newer token has claimed it. */
  async writer(generation: number, owner: WriterOwner = {}, onStall?: OnStall): Promise<MongoReadModelWriter> {
    const writer = new MongoReadModelWriter(this.line({ kind: 'writer', generation, ...owner }, onStall));
    await writer.claim();
    return writer;
  }

  /** Generations, indexes and checkpoints. */
  get ask(): WaitingLine<StoreAnswers>['ask'] {
    return this.store.ask.bind(this.store);
  }

  /** `role` = what the leases are for: engines and dispatchers lease the partitions each on their own. */
  leases(role: string, partitions: number): MongoLeaseTable {
    return new MongoLeaseTable(this.store, role, partitions);
  }

  async close(): Promise<void> {
    const message: ToThread = { kind: 'close' };
    this.worker.postMessage(message);
    await this.ended;
  }
}
