/** Which touchpoints a measure looks at, prepared: what the type decides apart from what each touchpoint decides. */
import type { Selector, ValueTest } from '../definition';
import type { Direction, FoldedTouchpoint, JsonValue, Properties } from '../touchpoint';

interface PropertyTest {
  property: string;
  test: ValueTest;
}

export class CompiledSelector {
  private readonly meaning: string | null;
  private readonly type: string | null;
  private readonly where: PropertyTest[];
  private readonly channels: string[] | null;
  private readonly direction: Direction | null;
  private readonly sources: string[] | null;
  /** True where the type alone does not decide. */
  readonly depends: boolean;
  /** True where it asks for a meaning or a type: a cancelled purchase is none of these any more. */
  readonly leavesOutCancelled: boolean;

  /** With `also`, a touchpoint must match both. */
  constructor(
    readonly selector: Selector,
    private readonly also: CompiledSelector | null = null,
  ) {
    this.meaning = selector.meaning ?? null;
    this.type = selector.type ?? null;
    this.where = Object.entries(selector.where ?? {}).map(([property, test]) => ({ property, test }));
    this.channels = selector.channel ?? null;
    this.direction = selector.direction ?? null;
    this.sources = selector.source ?? null;
    const own = this.where.length > 0 || this.channels !== null || this.direction !== null || this.sources !== null;
    this.depends = own || (also?.depends ?? false);
    this.leavesOutCancelled = this.meaning !== null || this.type !== null || (also?.leavesOutCancelled ?? false);
  }

  /** The part that the type decides. */
  matchesType(type: string, meanings: readonly string[]): boolean {
    if (this.meaning !== null && !meanings.includes(this.meaning)) return false;
    if (this.type !== null && this.type !== type) return false;
    return this.also === null || this.also.matchesType(type, meanings);
  }

  /** The part that each touchpoint decides. */
  matchesRest(touchpoint: FoldedTouchpoint): boolean {
    if (this.direction !== null && this.direction !== touchpoint.direction) return false;
    if (this.channels !== null && !this.channels.includes(touchpoint.channel)) return false;
    if (this.sources !== null && !this.sources.includes(touchpoint.source)) return false;
    for (let i = 0; i < this.where.length; i++) {
      const { property, test } = this.where[i] as PropertyTest;
      if (!passes(test, propertyOf(touchpoint.properties, property))) return false;
    }
    return this.also === null || this.also.matchesRest(touchpoint);
  }

  get wantsPurchases(): boolean {
    return this.meaning === 'purchase';
  }
}

/** A property's own value; what an object inherits is no property. Null is as good as missing. */
export function propertyOf(properties: Properties, name: string): JsonValue | undefined {
  const value = Object.prototype.hasOwnProperty.call(properties, name) ? properties[name] : undefined;
  return value === null ? undefined : value;
}

/** All the given comparisons must hold. A missing value holds for `orMissing`, `exists: false` and nothing else. */
export function passes(test: ValueTest, value: JsonValue | undefined): boolean {
  if (value === undefined) return test.orMissing === true || test.exists === false;
  if (test.exists === false) return false;
  if (test.atLeast !== undefined && !(typeof value === 'number' && value >= test.atLeast)) return false;
  if (test.atMost !== undefined && !(typeof value === 'number' && value <= test.atMost)) return false;
  if (test.equals !== undefined && !sameJson(test.equals, value)) return false;
  return test.oneOf === undefined || test.oneOf.some((one) => sameJson(one, value));
}

function sameJson(a: JsonValue, b: JsonValue): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((one, i) => sameJson(one, b[i] as JsonValue));
  }
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && sameJson(a[name] as JsonValue, b[name] as JsonValue));
}
