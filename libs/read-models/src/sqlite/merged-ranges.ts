/** One ordered list out of several: each range is read only as far as the page needs. */

/** Where a row stands in a list. */
export interface Key {
  value: number | string;
  no: number;
}

export interface RangePart {
  keys: Key[];
  /** False where nothing comes after these. */
  more: boolean;
}

/** Reads on after a key: about `wanted` keys, more where they come at no further cost. */
export type Range = (after: Key | undefined, wanted: number) => RangePart;

/** Keys that each range is asked for at first; then twice as many each time. */
const FIRST_KEYS = 4;

class OpenRange {
  private part: RangePart;
  private next = 0;
  private wanted: number;

  constructor(
    private readonly range: Range,
    after: Key | undefined,
    wanted: number,
  ) {
    this.wanted = wanted;
    this.part = range(after, wanted);
  }

  get first(): Key | undefined {
    if (this.next === this.part.keys.length && this.part.more) {
      const last = this.part.keys.at(-1);
      this.wanted *= 2;
      this.part = this.range(last, this.wanted);
      this.next = 0;
    }
    return this.part.keys[this.next];
  }

  skip(): void {
    this.next++;
  }
}

/** The first `limit` keys of all ranges after a key, in order. */
export function merged(ranges: readonly Range[], after: Key | undefined, limit: number, descending: boolean): Key[] {
  if (ranges.length === 1) return (ranges[0] as Range)(after, limit).keys.slice(0, limit);
  const open = ranges.map((range) => new OpenRange(range, after, Math.min(limit, FIRST_KEYS)));
  const sign = descending ? -1 : 1;
  const found: Key[] = [];
  while (found.length < limit) {
    let best: OpenRange | undefined;
    let bestKey: Key | undefined;
    for (const range of open) {
      const key = range.first;
      if (key === undefined || (bestKey !== undefined && sign * compareKeys(key, bestKey) > 0)) continue;
      best = range;
      bestKey = key;
    }
    if (best === undefined || bestKey === undefined) return found;
    found.push(bestKey);
    best.skip();
  }
  return found;
}

function compareKeys(a: Key, b: Key): number {
  return compareValues(a.value, b.value) || a.no - b.no;
}

/** Texts in the order of their bytes, as the file has them. */
function compareValues(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}
