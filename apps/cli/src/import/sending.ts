/** Keeps a bounded number of batches under way and knows up to which line everything is on disk. */
import { BATCHES_IN_FLIGHT_MAX, type BatchAnswer, type BatchItem, type SendBatch } from './batch';

interface UnderWay {
  lastLine: number;
  done: boolean;
}

export class Sending {
  /** Rows up to this line are on disk, refused, or bad. */
  acknowledgedLine: number;
  accepted = 0;
  position = 0;

  /** In the order of the file; done ones leave from the front. */
  private readonly order: UnderWay[] = [];
  private readonly running = new Set<Promise<void>>();
  private failure: Error | undefined;

  constructor(
    private readonly send: SendBatch,
    private readonly refused: (item: BatchItem, reason: string) => void,
    startLine: number,
  ) {
    this.acknowledgedLine = startLine;
  }

  /** Resolves when there is room for the next batch. @throws what an earlier batch failed with */
  async add(items: readonly BatchItem[]): Promise<void> {
    while (this.running.size >= BATCHES_IN_FLIGHT_MAX) await Promise.race(this.running);
    if (this.failure !== undefined) throw this.failure;
    const entry: UnderWay = { lastLine: items[items.length - 1]?.line ?? 0, done: false };
    this.order.push(entry);
    const batch = this.send(items).then(
      (answer) => this.acknowledged(entry, items, answer),
      (error: unknown) => void (this.failure ??= error instanceof Error ? error : new Error(String(error))),
    );
    this.running.add(batch);
    void batch.then(() => this.running.delete(batch));
  }

  /** Resolves when nothing is under way any more. @throws what a batch failed with */
  async finish(): Promise<void> {
    await Promise.all(this.running);
    if (this.failure !== undefined) throw this.failure;
  }

  private acknowledged(entry: UnderWay, items: readonly BatchItem[], answer: BatchAnswer): void {
    for (const { index, reason } of answer.rejected) {
      const item = items[index];
      if (item !== undefined) this.refused(item, reason);
    }
    this.accepted += items.length - answer.rejected.length;
    this.position = Math.max(this.position, answer.position);
    entry.done = true;
    while (this.order[0]?.done === true) this.acknowledgedLine = (this.order.shift() as UnderWay).lastLine;
  }
}
