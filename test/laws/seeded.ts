/** Chance that comes out the same each time: one stream of numbers for each seed (mulberry32). */
const UINT32 = 4_294_967_296;
const GOLDEN = 0x9e3779b9;

export class Seeded {
  private state: number;

  constructor(seed: number) {
    this.state = Math.imul(seed + 1, GOLDEN) >>> 0;
  }

  /** In [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / UINT32;
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  /** Whole, from 0 to `below` - 1. */
  whole(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** A whole moment between two, both included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  /** How long until something that happens every `mean` on average. */
  gap(mean: number): number {
    return Math.ceil(-Math.log(1 - this.next()) * mean);
  }

  pick<T>(list: readonly T[]): T {
    const found = list[this.whole(list.length)];
    if (found === undefined) throw new Error('There is nothing to pick from.');
    return found;
  }
}
