/** Seeded random numbers (xoshiro128** seeded by splitmix32): the same seed gives the same numbers on every machine. */
export class Prng {
  private readonly s: Uint32Array;

  /** Streams of different `stream` under one seed have nothing to do with each other. */
  constructor(seed: number, stream = 0) {
    const mix = splitmix32(seed ^ Math.imul(stream, 0x9e3779b1));
    mix();
    this.s = Uint32Array.from([mix(), mix(), mix(), mix() | 1]);
  }

  /** From 0 included to 1 excluded. */
  next(): number {
    const s = this.s;
    const [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = s;
    const result = Math.imul(rotate(Math.imul(s1, 5), 7), 9) >>> 0;
    s[2] = s2 ^ s0;
    s[3] = s3 ^ s1;
    s[1] = s1 ^ (s[2] ?? 0);
    s[0] = s0 ^ (s[3] ?? 0);
    s[2] = (s[2] ?? 0) ^ (s1 << 9);
    s[3] = rotate(s[3] ?? 0, 11);
    return result / 0x1_0000_0000;
  }

  /** Whole numbers from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)] as T;
  }

  weighted<T>(list: readonly (readonly [T, number])[]): T {
    let at = this.next() * list.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [value, weight] of list) {
      at -= weight;
      if (at < 0) return value;
    }
    return (list[list.length - 1] as readonly [T, number])[0];
  }

  /** Around `mean`, from 0.4 to 1.9 times: people keep a rhythm, but not to the day. */
  around(mean: number): number {
    return mean * (0.4 + 0.5 * this.next() + 0.5 * this.next() + 0.5 * this.next());
  }
}

function rotate(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k));
}

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}
