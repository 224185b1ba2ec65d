import { newcombe, wilson } from './newcombe';
import { shareOf } from './share-of';
import { actionIdOf } from '../action-id';

describe('the share of a customer', () => {
  const customers = Array.from({ length: 20_000 }, (_, i) => `customer-${i}`);

  it('is uniform within the binomial bounds, and who is held out at 10 % is so at 20 %', () => {
    for (const share of [0.01, 0.1, 0.2, 0.5]) {
      const held = customers.filter((id) => shareOf(id, 'after-the-deed', 'holdout') < share).length;
      const deviation = Math.sqrt(customers.length * share * (1 - share));
      expect(Math.abs(held - customers.length * share)).toBeLessThan(4 * deviation);
    }
    expect(customers.every((id) => shareOf(id, 'a', 'holdout') >= 0 && shareOf(id, 'a', 'holdout') < 1)).toBe(true);
  });

  it('of one play and purpose says nothing about another', () => {
    const held = customers.filter((id) => shareOf(id, 'a', 'holdout') < 0.5);
    for (const [salt, purpose] of [
      ['b', 'holdout'],
      ['a', '2'],
    ] as const) {
      const both = held.filter((id) => shareOf(id, salt, purpose) < 0.5).length;
      expect(Math.abs(both - held.length / 2)).toBeLessThan(4 * Math.sqrt(held.length / 4));
    }
  });

  it('stays what it is', () => {
    expect(shareOf('c', 's', 'holdout')).toBeCloseTo(SHARE_OF_C, 12);
  });
});

/** The first 8 hex digits of sha256sum over ["c","s","holdout"], divided by 2^32. */
const SHARE_OF_C = 0x8efece83 / 2 ** 32;

describe('the id of an action', () => {
  it('is the start of the SHA-256 of its cause', () => {
    expect(actionIdOf('c', 'p', 1, '2.0.1', 0)).toBe('9e91b8ffe12f19eafe243cf21ecc5e60');
  });

  it('differs by each part of the cause', () => {
    const ids = [
      actionIdOf('c', 'p', 1, '0', 0),
      actionIdOf('d', 'p', 1, '0', 0),
      actionIdOf('c', 'q', 1, '0', 0),
      actionIdOf('c', 'p', 2, '0', 0),
      actionIdOf('c', 'p', 1, '1', 0),
      actionIdOf('c', 'p', 1, '0', 1),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the interval of a difference', () => {
  // Newcombe 1998, Statistics in Medicine 17, table II, method 10.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('of %i of %i and %i of %i is as published', (a, n, b, m, low, high) => {
    const found = newcombe(a, n, b, m);
    expect(found?.difference).toBeCloseTo(a / n - b / m, 12);
    expect(found?.low).toBeCloseTo(low, 4);
    expect(found?.high).toBeCloseTo(high, 4);
  });

  it('is none where a group is empty', () => {
    expect([newcombe(0, 0, 1, 2), newcombe(1, 2, 0, 0)]).toEqual([null, null]);
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });

  it('of one share is that of Wilson', () => {
    expect(wilson(81, 263).low).toBeCloseTo(0.2553, 4);
    expect(wilson(81, 263).high).toBeCloseTo(0.3662, 4);
    expect(wilson(0, 20)).toMatchObject({ low: 0, high: expect.closeTo(0.1611, 4) as number });
  });
});
