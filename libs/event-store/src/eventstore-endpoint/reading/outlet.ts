/** What it needs of a call. */
interface WritableCall {
  readonly cancelled: boolean;
  write(answer: Buffer): boolean;
  once(event: 'cancelled' | 'close' | 'error' | 'drain', listener: () => void): unknown;
  off(event: 'drain', listener: () => void): unknown;
}

/** The writing end of a call, at the pace of who reads it: what is written and not taken is bounded by HTTP/2's windows. */
export class Outlet {
  private readonly ended: Promise<void>;
  private over = false;

  constructor(private readonly call: WritableCall) {
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        this.over = true;
        resolve();
      };
      for (const event of ['cancelled', 'close', 'error'] as const) call.once(event, end);
    });
  }

  /** The client has gone, or has what it wanted. */
  get closed(): boolean {
    return this.over || this.call.cancelled;
  }

  /** Told once, when the call is over. */
  onEnd(tell: () => void): void {
    void this.ended.then(tell);
  }

  /** Answers a promise where the reader must catch up first. */
  write(answer: Buffer): Promise<void> | undefined {
    if (this.closed || this.call.write(answer)) return undefined;
    return this.drained();
  }

  private async drained(): Promise<void> {
    await new Promise<void>((resolve) => {
      const go = (): void => {
        this.call.off('drain', go);
        resolve();
      };
      this.call.once('drain', go);
      void this.ended.then(go);
    });
  }
}
