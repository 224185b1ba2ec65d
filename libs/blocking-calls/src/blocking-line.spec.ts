import { Worker } from 'node:worker_threads';
import { answeredLine, answerOn, BlockingCallFailed, BlockingLine, newLine, WaitingLine } from './index';

interface Sums {
  add(a: number, b: number): Promise<number>;
  bytes(count: number): Promise<Uint8Array>;
  fail(): Promise<never>;
  never(): Promise<never>;
}

class Odd extends Error {}

const sums: Sums = {
  add: (a, b) => Promise.resolve(a + b),
  bytes: (count) => Promise.resolve(new Uint8Array(count).fill(7)),
  fail: () => Promise.reject(new Odd('the sum is odd')),
  never: () => new Promise(() => undefined),
};

/** Answers by itself, so that this thread may block. Plain text: nothing has to be built first. */
const ANSWERING = `
  const { workerData: { port, signal } } = require('node:worker_threads');
  const raised = new Int32Array(signal);
  port.on('message', ({ id, method, args }) => {
    if (method === 'never') return;
    const answer = method === 'add' ? { id, value: args[0] + args[1] } : method === 'bytes' ? { id, value: new Uint8Array(args[0]).fill(7) }
      : { id, failed: { name: 'Odd', message: 'the sum is odd' } };
    setTimeout(() => { port.postMessage(answer); Atomics.add(raised, 0, 1); Atomics.notify(raised, 0); }, 5);
  });`;

describe('a line to a thread that can wait', () => {
  let worker: Worker;
  let line: BlockingLine<Sums>;
  beforeEach(() => {
    const { asks, answers } = newLine();
    worker = new Worker(ANSWERING, { eval: true, workerData: answers, transferList: [answers.port] });
    line = new BlockingLine<Sums>(asks, 2_000);
  });
  afterEach(async () => {
    line.close();
    await worker.terminate();
  });

  it('blocks until the answer is there, also while the thread is only starting', () => {
    for (let i = 0; i < 50; i++) expect(line.ask('add', i, 1)).toBe(i + 1);
    expect(line.ask('bytes', 3)).toEqual(Uint8Array.of(7, 7, 7));
  });

  it('throws what went wrong there, with the name of the error, and goes on', () => {
    expect(() => line.ask('fail')).toThrow(new BlockingCallFailed('the sum is odd'));
    try {
      line.ask('fail');
    } catch (error) {
      expect((error as BlockingCallFailed).reason).toBe('Odd');
    }
    expect(line.ask('add', 1, 1)).toBe(2);
  });

  it('gives up when no answer comes in time', () => {
    expect(() => line.ask('never')).toThrow('never was not answered within 2000 ms');
  });
});

describe('the same line, waited for', () => {
  it('answers in any order, and rejects with what went wrong', async () => {
    const line = new WaitingLine<Sums>(answeredLine(sums));
    const never = line.ask('never');
    expect(await Promise.all([line.ask('add', 1, 2), line.ask('add', 3, 4)])).toEqual([3, 7]);
    await expect(line.ask('fail')).rejects.toMatchObject({ message: 'the sum is odd', reason: 'Odd' });
    line.close();
    await expect(never).rejects.toMatchObject({ reason: 'LineClosed' });
    await expect(line.ask('add', 1, 1)).rejects.toThrow('the line is closed');
  });

  it('tells the answering end that the asking end has closed, and what no method has the name of', async () => {
    const { asks, answers } = newLine();
    const closed = new Promise<void>((resolve) => answerOn(answers, sums, resolve));
    const line = new WaitingLine<{ other(): Promise<void> }>(asks);
    await expect(line.ask('other')).rejects.toThrow('there is no method other');
    line.close();
    await closed;
  });
});
