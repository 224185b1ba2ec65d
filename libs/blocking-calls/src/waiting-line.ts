/** The same asking end for a thread that can wait: answers come as promises. */
import { type Answer, type ArgsOf, BlockingCallFailed, type LineEnd, type MethodOf, type ValueOf } from './line';

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

export class WaitingLine<M> {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private closed = false;

  constructor(private readonly end: LineEnd) {
    end.port.on('message', (answer: Answer) => this.hear(answer));
    // When the other thread ends, its port closes: nobody will answer any more.
    end.port.on('close', () => this.ended());
    end.port.unref();
  }

  /** Rejects with BlockingCallFailed. While an answer is waited for the thread is kept alive. */
  ask<K extends MethodOf<M>>(method: K, ...args: ArgsOf<M, K>): Promise<ValueOf<M, K>> {
    if (this.closed) return Promise.reject(new BlockingCallFailed(`${method}: the line is closed`, 'LineClosed'));
    const id = ++this.lastId;
    this.end.port.ref();
    this.end.port.postMessage({ id, method, args });
    return new Promise<unknown>((resolve, reject) => this.waiting.set(id, { resolve, reject })) as Promise<
      ValueOf<M, K>
    >;
  }

  close(): void {
    this.end.port.close();
  }

  private hear(answer: Answer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (this.waiting.size === 0) this.end.port.unref();
    if ('failed' in answer) waiting?.reject(new BlockingCallFailed(answer.failed.message, answer.failed.name));
    else waiting?.resolve(answer.value);
  }

  private ended(): void {
    this.closed = true;
    for (const { reject } of this.waiting.values())
      reject(new BlockingCallFailed('the answering thread has ended', 'LineClosed'));
    this.waiting.clear();
  }
}
