/**
 * What is known of one customer: bounded, whatever the length of the history. `nums` and `strings` are laid out by
 * FactsLayout; lists that most customers do not have stand beside them and are null.
 */
import type { Engagement } from '../definition';
import { ENGAGEMENTS } from '../definition';
import type { PlayState } from '../plays/play-state';
import { clonePlays } from '../plays/state/play-states';
import type { CompiledDefinition } from './compile-definition';
import { Num } from './facts-layout';
import { SUM_SCALE } from './scaled-number';

/** The first change after a customer went live, of one axis: where later chains of its history are joined on. */
export interface StandingChange {
  from: string | null;
  to: string;
  at: number;
  /** True once another change of the axis stands after it. */
  more: boolean;
}

export interface OpenComplaint {
  id: string;
  at: number;
  /** '' = it names none. Longer ones are cut after TICKET_CHARACTERS_KEPT and then only the timeline can tell them apart. */
  ticket: string;
}

/** Counts over all touchpoints that were recorded, unsettled history included. Amounts are those of the `value` property. */
export interface Totals {
  touchpoints: number;
  inbound: number;
  outbound: number;
  /** Every purchase, returned ones too, and what they came to (a whole number of 1/10,000). */
  purchases: number;
  purchaseValue: number;
  returns: number;
  unnamedReturns: number;
  firstTouchpointAt: number | null;
  lastTouchpointAt: number | null;
  lastChannel: string;
}

export class JourneyState {
  /** These two change with most touchpoints; standing here they spare the way to `strings`. */
  lastChannel = '';
  newestInboundId = '';
  complaints: OpenComplaint[] | null = null;
  /** Hashes of names in returns that no touchpointId answers to, ascending; one of -1 = more than are remembered. */
  returned: number[] | null = null;
  firstStage: StandingChange | null = null;
  firstEngagement: StandingChange | null = null;
  /** Null = nothing is or was under way: most customers. */
  plays: PlayState | null = null;

  constructor(
    readonly compiled: CompiledDefinition,
    readonly nums: number[],
    readonly strings: string[],
    /** Day, amount, day, amount, ...; one list for each windowed sum or count by day. */
    readonly daily: number[][] | null,
  ) {}

  /** Null until the first settled or live touchpoint. */
  get stage(): string | null {
    return this.compiled.rungs[this.nums[Num.Stage]!]?.stage ?? null;
  }
  get stageSince(): number | null {
    return this.stage === null ? null : this.nums[Num.StageSince]!;
  }
  get engagement(): Engagement | null {
    return ENGAGEMENTS[this.nums[Num.Engagement]!] ?? null;
  }
  get engagementSince(): number | null {
    return this.engagement === null ? null : this.nums[Num.EngagementSince]!;
  }
  /** The earliest moment at which time alone may change an answer or move a play. */
  get due(): number | null {
    return orNull(this.dueMoment);
  }
  /** The same; Infinity = none. */
  get dueMoment(): number {
    const due = this.nums[Num.Due]!;
    return this.plays === null || due <= this.plays.due ? due : this.plays.due;
  }
  get unsettled(): boolean {
    return this.nums[Num.Touchpoints] !== this.nums[Num.Settled];
  }
  get definitionVersion(): number {
    return this.compiled.version;
  }
  get wentLiveAt(): number | null {
    return orNull(this.nums[Num.WentLiveAt]!);
  }
  get firstLive(): { stage?: StandingChange; engagement?: StandingChange } {
    return {
      ...(this.firstStage && { stage: this.firstStage }),
      ...(this.firstEngagement && { engagement: this.firstEngagement }),
    };
  }
  /** Recorded touchpoints, and the moment of the latest; null where there is none. */
  get touchpoints(): number {
    return this.nums[Num.Touchpoints]!;
  }
  get lastTouchpointAt(): number | null {
    return orNull(this.nums[Num.LastAt]!);
  }
  get totals(): Totals {
    const n = (place: Num) => this.nums[place]!;
    return {
      touchpoints: n(Num.Touchpoints),
      inbound: n(Num.Inbound),
      outbound: n(Num.Touchpoints) - n(Num.Inbound),
      purchases: n(Num.Purchases),
      purchaseValue: n(Num.PurchaseValue),
      returns: n(Num.Returns),
      unnamedReturns: n(Num.UnnamedReturns),
      firstTouchpointAt: orNull(n(Num.FirstAt)),
      lastTouchpointAt: orNull(n(Num.LastAt)),
      lastChannel: this.lastChannel,
    };
  }
}

/** What `purchaseValue` is counted in. */
export const PURCHASE_VALUE_SCALE = SUM_SCALE;

export function emptyState(compiled: CompiledDefinition): JourneyState {
  const { nums, strings, dailySpans } = compiled.layout;
  const daily = dailySpans.length === 0 ? null : dailySpans.map(() => []);
  return new JourneyState(compiled, nums.slice(), strings.slice(), daily);
}

function orNull(moment: number): number | null {
  return Number.isFinite(moment) ? moment : null;
}

/** A copy that can be changed without touching the first. */
export function cloneState(state: JourneyState): JourneyState {
  const { compiled, nums, strings, daily } = state;
  const clone = new JourneyState(compiled, nums.slice(), strings.slice(), daily && daily.map((list) => list.slice()));
  clone.lastChannel = state.lastChannel;
  clone.newestInboundId = state.newestInboundId;
  clone.complaints = state.complaints && state.complaints.slice();
  clone.returned = state.returned;
  clone.firstStage = state.firstStage && { ...state.firstStage };
  clone.firstEngagement = state.firstEngagement && { ...state.firstEngagement };
  clone.plays = state.plays && clonePlays(state.plays);
  return clone;
}

/** What is recorded of the customer, but is neither a fact of the rules nor their answer. */
const RECORD_NUMS = [
  ...[Num.WentLiveAt, Num.Touchpoints, Num.Inbound, Num.Purchases, Num.PurchaseValue, Num.Returns, Num.UnnamedReturns],
  ...[Num.FirstAt, Num.LastAt, Num.Settled],
];

export function copyRecord(from: JourneyState, to: JourneyState): void {
  for (const place of RECORD_NUMS) to.nums[place] = from.nums[place]!;
  to.lastChannel = from.lastChannel;
  to.firstStage = from.firstStage && { ...from.firstStage };
  to.firstEngagement = from.firstEngagement && { ...from.firstEngagement };
}
