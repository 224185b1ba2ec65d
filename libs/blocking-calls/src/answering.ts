/** The end that answers: runs in a thread that may not block. */
import { MessageChannel } from 'node:worker_threads';
import { type Answer, failureOf, type LineEnd, type Question } from './line';

type Call = (...args: unknown[]) => Promise<unknown>;

/** A line whose ends are both free: hand one over, keep or hand over the other. */
export function newLine(): { asks: LineEnd; answers: LineEnd } {
  const { port1, port2 } = new MessageChannel();
  const signal = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  return { asks: { port: port2, signal }, answers: { port: port1, signal } };
}

/** A new line whose questions `methods` answers, in this thread. Returns the asking end. */
export function answeredLine(methods: object): LineEnd {
  const { asks, answers } = newLine();
  answerOn(answers, methods);
  return asks;
}

/** Answers the questions that come on this end, each as soon as it can; `closed` when the asking end has closed. */
export function answerOn({ port, signal }: LineEnd, methods: object, closed?: () => void): void {
  const raised = new Int32Array(signal);
  const send = (answer: Answer): void => {
    port.postMessage(answer);
    Atomics.add(raised, 0, 1);
    Atomics.notify(raised, 0);
  };
  port.on('message', ({ id, method, args }: Question) => {
    const call = (methods as Record<string, unknown>)[method];
    const answer =
      typeof call === 'function'
        ? (call as Call).apply(methods, args)
        : Promise.reject(new Error(`there is no method ${method}`));
    answer.then(
      (value) => send({ id, value }),
      (error: unknown) => send({ id, failed: failureOf(error) }),
    );
  });
  if (closed) port.on('close', closed);
}
