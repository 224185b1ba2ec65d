/**
 * Answers for code that cannot wait: a thread that may block asks another one, which makes the asynchronous calls. A line serves one asking thread; one
 * thread may answer many lines. Never block a thread that serves others by it.
 */
import { receiveMessageOnPort } from 'node:worker_threads';
import {
  type Answer,
  ANSWER_MS_MAX,
  type ArgsOf,
  BlockingCallFailed,
  type LineEnd,
  type MethodOf,
  type Question,
  type ValueOf,
} from './line';

export { ANSWER_MS_MAX, BlockingCallFailed, type LineEnd, type Methods } from './line';

/** The asking end, typed by the interface of what answers: `new BlockingLine<LogAnswers>(end)`. */
export class BlockingLine<M = Record<string, (...args: never[]) => Promise<unknown>>> {
  private readonly signal: Int32Array;
  private lastId = 0;

  constructor(
    private readonly end: LineEnd,
    private readonly answerMsMax = ANSWER_MS_MAX,
  ) {
    this.signal = new Int32Array(end.signal);
    // It must not keep a thread alive that has nothing else to do.
    end.port.unref();
  }

  /** Blocks the thread until the answer is there. Throws BlockingCallFailed with what the other end says went wrong. */
  ask<K extends MethodOf<M>>(method: K, ...args: ArgsOf<M, K>): ValueOf<M, K> {
    const id = ++this.lastId;
    const until = performance.now() + this.answerMsMax;
    this.end.port.postMessage({ id, method, args } satisfies Question);
    for (;;) {
      const before = Atomics.load(this.signal, 0);
      const answer = this.answerTo(id);
      if (answer && 'failed' in answer) throw new BlockingCallFailed(answer.failed.message, answer.failed.name);
      if (answer) return answer.value as ValueOf<M, K>;
      const left = until - performance.now();
      if (left <= 0)
        throw new BlockingCallFailed(`${method} was not answered within ${this.answerMsMax} ms`, 'NoAnswer');
      Atomics.wait(this.signal, 0, before, left);
    }
  }

  close(): void {
    this.end.port.close();
  }

  private answerTo(id: number): Answer | undefined {
    for (;;) {
      const received: { message: Answer } | undefined = receiveMessageOnPort(this.end.port);
      if (!received || received.message.id === id) return received?.message;
      // An answer that came too late for who asked.
    }
  }
}
