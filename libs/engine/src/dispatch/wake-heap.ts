/**
 * A binary heap of things to look at when their moment has come. The same thing may stand in it more than once. What nobody wants any
 * more is taken out whenever it has grown to twice what was wanted last: so it is bounded by that, however far off the moments are.
 */
interface Due<T> {
  at: number;
  what: T;
}

/** Entries below which nothing is taken out. */
export const WAKE_PRUNE_MIN = 1_024;

export class WakeHeap<T> {
  private heap: Due<T>[] = [];
  private pruneAt = WAKE_PRUNE_MIN;

  constructor(private readonly wanted: (what: T) => boolean) {}

  get size(): number {
    return this.heap.length;
  }

  /** Infinity = nothing. */
  get next(): number {
    return this.heap[0]?.at ?? Infinity;
  }

  add(at: number, what: T): void {
    if (at === Infinity) return;
    this.heap.push({ at, what });
    this.rise(this.heap.length - 1);
    if (this.heap.length > this.pruneAt) this.prune();
  }

  /** Takes the first one out where it is due. */
  take(now: number): T | undefined {
    const first = this.heap[0];
    if (!first || first.at > now) return undefined;
    const last = this.heap.pop()!;
    if (this.heap.length > 0) {
      this.heap[0] = last;
      this.sink(0);
    }
    return first.what;
  }

  /** Sorted by their moments, the rest is a heap again. */
  private prune(): void {
    const moments = new Map<T, Set<number>>();
    const first = ({ at, what }: Due<T>): boolean => {
      const known = moments.get(what);
      if (known?.has(at)) return false;
      if (known) known.add(at);
      else moments.set(what, new Set([at]));
      return true;
    };
    this.heap = this.heap.filter((due) => this.wanted(due.what) && first(due)).sort((a, b) => a.at - b.at);
    this.pruneAt = Math.max(WAKE_PRUNE_MIN, 2 * this.heap.length);
  }

  private rise(from: number): void {
    const { heap } = this;
    for (let i = from; i > 0;) {
      const parent = (i - 1) >> 1;
      if (heap[parent]!.at <= heap[i]!.at) return;
      [heap[parent], heap[i]] = [heap[i]!, heap[parent]!];
      i = parent;
    }
  }

  private sink(from: number): void {
    const { heap } = this;
    for (let i = from; ;) {
      const left = 2 * i + 1;
      if (left >= heap.length) return;
      const least = left + 1 < heap.length && heap[left + 1]!.at < heap[left]!.at ? left + 1 : left;
      if (heap[i]!.at <= heap[least]!.at) return;
      [heap[least], heap[i]] = [heap[i]!, heap[least]!];
      i = least;
    }
  }
}
