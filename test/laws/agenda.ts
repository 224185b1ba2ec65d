/** What is still to happen to one customer, the earliest first; at one moment in the order in which it was put down. */
export class Agenda<T extends { at: number }> {
  private readonly ahead: T[];

  constructor(planned: readonly T[]) {
    this.ahead = [...planned].sort((a, b) => b.at - a.at);
  }

  get nextAt(): number {
    return this.ahead[this.ahead.length - 1]?.at ?? Infinity;
  }

  add(one: T): void {
    let place = this.ahead.length;
    while (place > 0 && this.ahead[place - 1]!.at <= one.at) place -= 1;
    this.ahead.splice(place, 0, one);
  }

  take(): T | undefined {
    return this.ahead.pop();
  }
}
