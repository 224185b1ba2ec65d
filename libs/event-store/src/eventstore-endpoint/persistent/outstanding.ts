/** Which of the events that were read are not done yet: the checkpoint is what stands before the first of them. */
export class Outstanding {
  private readonly numbers = new Map<number, number>();
  private last: number;

  /** `after`: everything up to it is done. */
  constructor(after: number) {
    this.last = after;
  }

  /** Numbers ascend. */
  read(number: number): void {
    this.numbers.set(number, this.last);
    this.last = number;
  }

  done(number: number): void {
    this.numbers.delete(number);
  }

  /** Everything up to it is done. */
  get checkpoint(): number {
    const first = this.numbers.values().next();
    return first.done ? this.last : first.value;
  }

  get newest(): number {
    return this.last;
  }
}
