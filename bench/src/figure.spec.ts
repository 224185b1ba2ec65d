import { judge, median, percentile, readable } from './figure';

describe('the figures', () => {
  it('take the middle of the runs, and what stands beside it from that run', () => {
    const spec = {
      key: 'rate',
      title: 'rate',
      unit: '/s',
      atLeast: 50,
      beside: (m: { cpu?: number }) => `cpu ${m.cpu}`,
    };
    const result = judge(spec, [
      { rate: 90, cpu: 1 },
      { rate: 10, cpu: 2 },
      { rate: 60, cpu: 3 },
    ]);
    expect(result).toMatchObject({ median: 60, all: [90, 10, 60], beside: 'cpu 3', ok: true });
  });

  it.each([
    [{ atLeast: 50 }, 49, false],
    [{ atMost: 50 }, 50, true],
    [{ atMost: 50 }, 51, false],
    [{}, 1, undefined],
    [{ atMost: 50 }, NaN, false],
  ])('judge %j by %d: %s', (goal, value, ok) => {
    expect(judge({ key: 'a', title: 'a', unit: '', ...goal }, [{ a: value }]).ok).toBe(ok);
  });

  it('count percentiles from sorted values', () => {
    const values = Array.from({ length: 100 }, (_, i) => 99 - i);
    expect([percentile(values, 0.5), percentile(values, 0.99), percentile(values, 1)]).toEqual([50, 99, 99]);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(percentile([], 0.5)).toBeNaN();
  });

  it('are printed short', () => {
    expect([readable(52_345.6), readable(123.4), readable(0.98765), readable(NaN)]).toEqual([
      '52,346',
      '123',
      '0.988',
      'none',
    ]);
  });
});
