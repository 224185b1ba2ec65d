/** What appends may hold at one time, over all calls; a call that wants more is not read on until there is room. */
const BYTES_MAX = 16 * 1024 * 1024;
const EVENTS_MAX = 16_384;

interface Share {
  events: number;
  bytes: number;
}

export class AppendBudget {
  private held: Share = { events: 0, bytes: 0 };
  private readonly waiting: { share: Share; go: () => void }[] = [];

  /** In the order in which it was asked for. Something larger than all of it comes in alone. */
  take(share: Share): Promise<void> | undefined {
    if (this.waiting.length === 0 && this.fits(share)) {
      this.hold(share);
      return undefined;
    }
    return new Promise((go) => this.waiting.push({ share, go }));
  }

  giveBack({ events, bytes }: Share): void {
    this.held.events -= events;
    this.held.bytes -= bytes;
    for (let next = this.waiting[0]; next !== undefined && this.fits(next.share); next = this.waiting[0]) {
      this.waiting.shift();
      this.hold(next.share);
      next.go();
    }
  }

  private fits({ events, bytes }: Share): boolean {
    if (this.held.events === 0 && this.held.bytes === 0) return true;
    return this.held.events + events <= EVENTS_MAX && this.held.bytes + bytes <= BYTES_MAX;
  }

  private hold({ events, bytes }: Share): void {
    this.held.events += events;
    this.held.bytes += bytes;
  }
}
