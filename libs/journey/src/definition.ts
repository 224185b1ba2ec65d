/**
 * The definition: the versioned document that a marketer owns. These are its types after parsing: defaults filled in,
 * durations in milliseconds. The document's own shape is definition.schema.json.
 */
import type { PlaysPart } from './plays/play';
import type { Direction, JsonValue } from './touchpoint';

export type Engagement = 'active' | 'cooling' | 'at risk' | 'lapsed';
export const ENGAGEMENTS: readonly Engagement[] = ['active', 'cooling', 'at risk', 'lapsed'];

/** A test on one value. All the given comparisons must hold; a missing value fails unless `orMissing`. */
export interface ValueTest {
  equals?: JsonValue;
  oneOf?: JsonValue[];
  atLeast?: number;
  atMost?: number;
  exists?: boolean;
  orMissing?: boolean;
}

/** Which touchpoints a measure looks at. Neither meaning nor type = every touchpoint (`any`). */
export interface Selector {
  meaning?: string;
  type?: string;
  where?: { [property: string]: ValueTest };
  channel?: string[];
  direction?: Direction;
  source?: string[];
}

export interface Comparison {
  atLeast?: number;
  atMost?: number;
}

/** One measure for each condition. `within`, and the comparison of since and tenure, are milliseconds. */
export type Condition =
  | { measure: 'count'; of: Selector; compare: Comparison; within?: number }
  | { measure: 'distinctDays'; of: Selector; compare: Comparison; within?: number }
  | { measure: 'sum'; of: Selector; property: string; compare: Comparison; within?: number }
  | { measure: 'since'; of: Selector; compare: Comparison }
  | { measure: 'tenure'; of: Selector; compare: Comparison }
  | { measure: 'last'; of: Selector; property: string; test: ValueTest }
  /** Share (0 to 1) of the touchpoints of `among` that are also of `of`. False while there are none. */
  | { measure: 'share'; of: Selector; among: Selector; compare: Comparison; within?: number }
  | { measure: 'engagement'; oneOf: Engagement[] };

export type Rule = Condition | { all: Rule[] } | { any: Rule[] } | { not: Rule };

export interface Stage {
  name: string;
  /** Absent = holds for everybody with a touchpoint. */
  enter?: Rule;
  /** Once on the rung, a customer stays while enter or keep holds. */
  keep?: Rule;
}

export interface EngagementStep {
  /** Median gap times this factor, ... */
  factor: number;
  /** ... but never sooner than this (ms). */
  floor: number;
  /** With fewer than `gapsAtLeast` gaps: this limit (ms). */
  fixed: number;
}

export interface EngagementLimits {
  /** Gaps that the median is taken of (8) and the fewest that make a rhythm (3). */
  gaps: number;
  gapsAtLeast: number;
  cooling: EngagementStep;
  atRisk: EngagementStep;
  lapsed: EngagementStep;
}

export interface Definition {
  name: string;
  /** IANA name; days are days of this zone. */
  timeZone: string;
  /** Lowest first. */
  stages: Stage[];
  engagement: EngagementLimits;
  /** Absent = no plays: everything about them costs nothing then. */
  plays?: PlaysPart;
}

/** One fault of a document: where (JSON pointer), what, and how to mend it. */
export interface Fault {
  path: string;
  problem: string;
  mend: string;
}
