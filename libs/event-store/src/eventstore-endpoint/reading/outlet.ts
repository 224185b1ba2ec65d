/** What it needs of a call. */
interface WritableCall {
  readonly cancelled: boolean;
  write(answer: Buffer): boolean;
  once(event: 'cancelled' | 'close' | 'error', listener: () => void): unknown;
  on(event: 'drain', listener: () => void): unknown;
}

/** The writing end of a call, at the pace of who reads it: what is written and not taken is bounded by HTTP/2's windows. */
export class Outlet {
  private over = false;
  private draining: Promise<void> | undefined;
  private drained: () => void = () => undefined;
  private readonly tellOfEnd: (() => void)[] = [];

  constructor(private readonly call: WritableCall) {
    call.on('drain', () => this.goOn());
    for (const event of ['cancelled', 'close', 'error'] as const) call.once(event, () => this.end());
  }

  /** The client has gone, or has what it wanted. */
  get closed(): boolean {
    return this.over || this.call.cancelled;
  }

  /** Told once, when the call is over. */
  onEnd(tell: () => void): void {
    if (this.closed) tell();
    else this.tellOfEnd.push(tell);
  }

  /** Answers a promise where the reader must catch up first; settled also when the call ends. */
  write(answer: Buffer): Promise<void> | undefined {
    if (this.closed || this.call.write(answer)) return undefined;
    return (this.draining ??= new Promise((resolve) => (this.drained = resolve)));
  }

  private goOn(): void {
    this.draining = undefined;
    this.drained();
  }

  private end(): void {
    if (this.over) return;
    this.over = true;
    this.goOn();
    for (const tell of this.tellOfEnd.splice(0)) tell();
  }
}
