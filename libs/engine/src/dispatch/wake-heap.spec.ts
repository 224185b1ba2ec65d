import fc from 'fast-check';
import { WAKE_PRUNE_MIN, WakeHeap } from './wake-heap';

describe('the heap of moments', () => {
  it('gives what is wanted in the order of its moments, each moment of a thing at least once', () => {
    const entries = fc.array(fc.record({ at: fc.nat(50), what: fc.nat(20) }), { maxLength: 200 });
    fc.assert(
      fc.property(entries, fc.nat(20), fc.nat(3), (due, wantedFrom, copies) => {
        const wanted = (what: number): boolean => what >= wantedFrom;
        const heap = new WakeHeap<number>(wanted);
        // Enough repeats that it is pruned on the way.
        for (let i = 0; i <= copies * WAKE_PRUNE_MIN; i++) heap.add(1_000, 100);
        for (const { at, what } of due) heap.add(at, what);
        const taken: string[] = [];
        let before = 0;
        for (let at = heap.next; at !== Infinity; at = heap.next) {
          expect(at).toBeGreaterThanOrEqual(before);
          before = at;
          taken.push(`${at} ${heap.take(at)}`);
        }
        const expected = due.filter(({ what }) => wanted(what)).map(({ at, what }) => `${at} ${what}`);
        expect(expected.filter((entry) => !taken.includes(entry))).toEqual([]);
      }),
    );
  });

  it('grows to twice what is wanted, no further', () => {
    const open = new Set<number>();
    const heap = new WakeHeap<number>((what) => open.has(what));
    let largest = 0;
    for (let i = 0; i < 100_000; i++) {
      open.add(i);
      open.delete(i - 2_000);
      heap.add(1_000_000 + (i % 7), i);
      largest = Math.max(largest, heap.size);
    }
    expect(largest).toBeLessThanOrEqual(4_001);
  });
});
