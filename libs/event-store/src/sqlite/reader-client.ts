import type { Worker } from 'node:worker_threads';

import type { Chunk, Head, StoredEvent } from '../event-store';
import type { ChunkFilter } from '../log-reader';
import { startWorker } from '../worker-thread';
import { readFrames } from './log-frame';
import type { ReadAnswer, ReadRequest } from './reader-protocol';

interface Waiting {
  resolve: (answer: ReadAnswer & { ok: true }) => void;
  reject: (error: Error) => void;
}

/** The store's line to its reading thread. */
export class ReaderClient {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private readonly names = new Map<string, string>();
  private readonly ended: Promise<void>;
  private lastId = 0;
  private failure: Error | undefined;

  constructor(folder: string) {
    this.worker = startWorker('reader.worker', __dirname, { folder });
    this.worker.on('message', (answer: ReadAnswer) => this.receive(answer));
    this.worker.on('error', (error) => this.fail(error instanceof Error ? error : new Error(String(error))));
    this.ended = new Promise((resolve) =>
      this.worker.on('exit', () => {
        this.fail(new Error('The store is closed: nothing can be read any more.'));
        resolve();
      }),
    );
  }

  async head(): Promise<Head> {
    const answer = await this.ask({ op: 'head' });
    return 'head' in answer ? answer.head : { position: 0, recordedAt: 0 };
  }

  async chunks(position: number, maxBytes: number, filter: ChunkFilter): Promise<Chunk[]> {
    return this.decoded(await this.ask({ op: 'chunks', position, maxBytes, filter }));
  }

  async streamChunks(stream: string, fromRevision: number, maxEvents: number): Promise<Chunk[]> {
    return this.decoded(await this.ask({ op: 'streamChunks', stream, fromRevision, maxEvents }));
  }

  async at(positions: number[]): Promise<(StoredEvent | undefined)[]> {
    const answer = await this.ask({ op: 'at', positions });
    return 'events' in answer ? answer.events : [];
  }

  async streamHead(stream: string): Promise<number> {
    const answer = await this.ask({ op: 'streamHead', stream });
    return 'revision' in answer ? answer.revision : -1;
  }

  async close(): Promise<void> {
    this.worker.postMessage('close');
    await this.ended;
  }

  private ask(request: ReadRequest): Promise<ReadAnswer & { ok: true }> {
    const { failure } = this;
    if (failure) return Promise.reject(failure);
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ ...request, id });
    });
  }

  private receive(answer: ReadAnswer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (answer.ok) waiting?.resolve(answer);
    else waiting?.reject(new Error(answer.message));
  }

  private decoded(answer: ReadAnswer & { ok: true }): Chunk[] {
    return 'frames' in answer ? readFrames(answer.frames, this.names) : [];
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
