/** The main thread's end of the query thread. */
import type { Worker } from 'node:worker_threads';
import { startWorker } from '@rapport/event-store';
import { BadQuery, type EntriesQuery, type Query, type QueryAnswer } from '../rapport.types';
import type { OutcomesQuery } from '../cluster/threads/outcomes';
import type { FromQueries, QueryWorkerData, ToQueries } from './query.worker';

/** Queries asked and not answered yet; more are refused. */
export const QUERIES_WAITING_MAX = 1_000;

export class QueriesOverloaded extends Error {
  constructor() {
    super(`more than ${QUERIES_WAITING_MAX} queries wait; ask again after a moment`);
  }
}

interface Waiting {
  resolve: (answer: QueryAnswer) => void;
  reject: (error: Error) => void;
}

export class QueryThread {
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;

  private readonly ended: Promise<void>;

  private constructor(private readonly worker: Worker) {
    this.ended = new Promise((resolve) => worker.once('exit', () => resolve()));
    worker.on('message', (message: FromQueries) => this.hear(message));
    worker.on('error', (error) => this.failAll(error));
  }

  static start(data: QueryWorkerData): QueryThread {
    return new QueryThread(startWorker('query.worker', __dirname, data, []));
  }

  /** Over a worker that answers in the same way. */
  static over(worker: Worker): QueryThread {
    return new QueryThread(worker);
  }

  /** Outcomes are asked of a cluster's queries only. */
  ask(query: Query | EntriesQuery | OutcomesQuery): Promise<QueryAnswer> {
    if (this.waiting.size >= QUERIES_WAITING_MAX) return Promise.reject(new QueriesOverloaded());
    const id = this.nextId++;
    this.worker.postMessage({ id, query });
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  async stop(): Promise<void> {
    this.worker.postMessage({ close: true } satisfies ToQueries);
    await this.ended;
    this.failAll(new Error('the store is closing'));
  }

  private hear(message: FromQueries): void {
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (!waiting) return;
    if ('answer' in message) waiting.resolve(message.answer);
    else if ('bad' in message) waiting.reject(new BadQuery(message.bad.parameter, message.bad.message));
    else waiting.reject(new Error(message.failed));
  }

  private failAll(error: Error): void {
    for (const waiting of this.waiting.values()) waiting.reject(error);
    this.waiting.clear();
  }
}
