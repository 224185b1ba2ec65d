/** Shares and their differences with intervals of 95 %. */

/** Two-sided 95 % of the normal distribution. */
const Z_95 = 1.959963984540054;

export interface Interval {
  low: number;
  high: number;
}

/** Wilson's score interval of `successes` of `trials`; nothing known = [0, 1]. */
export function wilson(successes: number, trials: number): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const share = successes / trials;
  const square = Z_95 * Z_95;
  const middle = (share + square / (2 * trials)) / (1 + square / trials);
  const half =
    (Z_95 * Math.sqrt((share * (1 - share)) / trials + square / (4 * trials * trials))) / (1 + square / trials);
  return {
    low: successes === 0 ? 0 : Math.max(0, middle - half),
    high: successes === trials ? 1 : Math.min(1, middle + half),
  };
}

export interface Difference extends Interval {
  difference: number;
}

/**
 * Difference of two independent shares, a of n less b of m, by Newcombe's hybrid score method (1998, method 10): no normal
 * approximation at shares near 0, and never outside of [-1, 1]. null = one of the groups is empty.
 */
export function newcombe(a: number, n: number, b: number, m: number): Difference | null {
  if (n === 0 || m === 0) return null;
  const first = a / n;
  const second = b / m;
  const one = wilson(a, n);
  const other = wilson(b, m);
  const difference = first - second;
  return {
    difference,
    low: difference - Math.hypot(first - one.low, other.high - second),
    high: difference + Math.hypot(one.high - first, second - other.low),
  };
}
