/**
 * Settling: all of a customer's history, sorted, folded from the start with every timer at its moment. What changed before
 * the customer went live is the chain, a fact that supersedes earlier chains; the pass then goes on through the live inputs
 * without a word, so that the state it ends in is the one the customer would have, had the history been known all along.
 */
import type { ChainChange, Decision } from '../decision';
import type { Engagement } from '../definition';
import type { CustomerFacts } from '../plays/play-core.types';
import { settlePlays } from '../plays/saga/settle-plays';
import type { FoldedTouchpoint, TimelineItem } from '../touchpoint';
import type { CompiledDefinition } from './compile-definition';
import { engagementEvidence, joiningEvidence, stageEvidence } from './evidence';
import { ENGAGEMENT_CHANGED, evaluate, STAGE_CHANGED } from './evaluate';
import { Num } from './facts-layout';
import { copyRecord, emptyState, type JourneyState, type StandingChange } from './journey-state';
import { standing } from './publish';
import { foldNext, needsTimeline, refold } from './returns';

/** Changes in one HistoryRestated; a longer chain comes in parts. */
export const CHAIN_PART_CHANGES = 64;

export interface Settling {
  timeline: TimelineItem[];
  /** The moment of the settling; history dated later is folded here. */
  moment: number;
  /** Whether timers due exactly at the moment belong to the pass; else they are left to fire live. */
  timersAtMoment: boolean;
  /** Where the definition has plays. */
  facts: CustomerFacts | undefined;
}

/** Returns the corrected state; `state` stays as it is. */
export function settle(state: JourneyState, settling: Settling, decisions: Decision[]): JourneyState {
  const pass = new ChainPass(state.compiled, state.nums[Num.WentLiveAt]!);
  for (const step of stepsOf(settling)) pass.take(step.touchpoint, step.at);
  pass.finish(settling.moment, settling.timersAtMoment);
  const { moment } = settling;
  restate(pass.chain, state, moment, decisions);
  const corrected = pass.state;
  copyRecord(state, corrected);
  corrected.nums[Num.Settled] = corrected.nums[Num.Touchpoints]!;
  corrected.nums[Num.EngagementSince] = engagementSince(state, pass, moment);
  corrected.nums[Num.StageSince] = stageSince(state, pass, moment);
  if (state.wentLiveAt !== null) join(state, pass, moment, decisions);
  if (settling.facts !== undefined && state.compiled.plays !== null) {
    const { timeline, facts } = settling;
    const newly = timeline.slice(state.nums[Num.Settled]).map((item) => item.touchpoint);
    settlePlays(state.plays, corrected, timeline, newly, moment, facts, decisions);
  }
  return corrected;
}

interface Step {
  touchpoint: FoldedTouchpoint;
  at: number;
}

/** History by (occurredAt, touchpointId), live inputs by engine time in log order; history first where moments are equal. */
function stepsOf({ timeline, moment }: Settling): Step[] {
  const history: Step[] = [];
  const live: Step[] = [];
  for (const { touchpoint, at } of timeline) {
    if (touchpoint.history) history.push({ touchpoint, at: touchpoint.occurredAt });
    else live.push({ touchpoint, at });
  }
  history.sort(byMomentAndId);
  const steps: Step[] = [];
  let next = 0;
  for (const one of history) {
    one.at = Math.min(one.at, moment);
    while (next < live.length && live[next]!.at < one.at) steps.push(live[next++]!);
    steps.push(one);
  }
  return steps.concat(live.slice(next));
}

function byMomentAndId(a: Step, b: Step): number {
  return a.at - b.at || (a.touchpoint.touchpointId < b.touchpoint.touchpointId ? -1 : 1);
}

/** The last change of one axis in a chain. */
interface ChainEnd {
  value: string | null;
  at: number;
}

class ChainPass {
  readonly state: JourneyState;
  readonly chain: ChainChange[] = [];
  readonly stageEnd: ChainEnd = { value: null, at: 0 };
  /** Everybody starts active, with the first step of the pass. */
  readonly engagementEnd: ChainEnd;
  private readonly folded: FoldedTouchpoint[] = [];

  constructor(
    private readonly compiled: CompiledDefinition,
    private readonly wentLiveAt: number,
  ) {
    this.state = emptyState(compiled);
    this.engagementEnd = { value: 'active', at: wentLiveAt };
  }

  take(touchpoint: FoldedTouchpoint, at: number): void {
    this.fireTimers(at, true);
    const plan = this.compiled.plan(touchpoint.type);
    this.folded.push(touchpoint);
    if (needsTimeline(this.state, touchpoint, plan)) refold(this.state, this.folded);
    else foldNext(this.state, touchpoint, plan);
    this.evaluate(at);
  }

  finish(moment: number, timersAtMoment: boolean): void {
    this.fireTimers(moment, timersAtMoment);
  }

  private fireTimers(until: number, included: boolean): void {
    const n = this.state.nums;
    while (n[Num.Due]! < until || (included && n[Num.Due] === until)) this.evaluate(n[Num.Due]!);
  }

  private evaluate(at: number): void {
    const changed = evaluate(this.state, at);
    if (changed === 0 || at >= this.wentLiveAt) return;
    if (this.stageEnd.value === null) this.engagementEnd.at = at;
    if ((changed & ENGAGEMENT_CHANGED) !== 0) {
      const to = this.state.engagement as Engagement;
      this.add('engagement', this.engagementEnd, to, at);
    }
    if ((changed & STAGE_CHANGED) !== 0) this.add('stage', this.stageEnd, this.state.stage as string, at);
  }

  private add(axis: 'stage' | 'engagement', end: ChainEnd, to: string, at: number): void {
    const from = end.value;
    const evidence = axis === 'stage' ? stageEvidence(this.state, from, at) : engagementEvidence(this.state, at);
    this.chain.push({ axis, from, to, at, definitionVersion: this.compiled.version, evidence });
    end.value = to;
    end.at = at;
  }
}

function restate(chain: ChainChange[], state: JourneyState, at: number, decisions: Decision[]): void {
  const parts = Math.max(1, Math.ceil(chain.length / CHAIN_PART_CHANGES));
  for (let part = 0; part < parts; part++) {
    const changes = chain.slice(part * CHAIN_PART_CHANGES, (part + 1) * CHAIN_PART_CHANGES);
    const { wentLiveAt } = state;
    decisions.push({
      ...{ type: 'HistoryRestated', at, part, parts, wentLiveAt, changes },
      cause: { kind: 'settling' },
    });
  }
}

/** The joining changes of a customer that has gone live: each change starts where the one before it ended. */
function join(state: JourneyState, pass: ChainPass, moment: number, decisions: Decision[]): void {
  const corrected = pass.state;
  const cause = { kind: 'settling' } as const;
  const wentLiveAt = state.wentLiveAt!;
  const definitionVersion = corrected.compiled.version;
  const whereLive = { at: wentLiveAt, definitionVersion, cause, history: true, joining: 'wentLive' } as const;
  const engagement = liveFrom(state.firstEngagement, state.engagement) as Engagement | null;
  if (engagement !== null && engagement !== pass.engagementEnd.value) {
    const from = pass.engagementEnd.value as Engagement | null;
    const evidence = joiningEvidence(corrected, wentLiveAt);
    decisions.push({ type: 'EngagementChanged', from, to: engagement, evidence, ...whereLive });
  }
  const stage = liveFrom(state.firstStage, state.stage);
  if (stage !== null && stage !== pass.stageEnd.value) {
    const evidence = joiningEvidence(corrected, wentLiveAt);
    decisions.push({ type: 'StageChanged', from: pass.stageEnd.value, to: stage, evidence, ...whereLive });
  }
  // A timer of the corrected state that is due at this very moment has not fired yet: its answer is that of just before.
  const shownAt = corrected.nums[Num.Due]! <= moment ? moment - 1 : moment;
  const atSettling = { at: moment, definitionVersion, cause, history: true, joining: 'settling' } as const;
  if (corrected.engagement !== state.engagement) {
    const to = corrected.engagement as Engagement;
    const evidence = engagementEvidence(corrected, shownAt);
    decisions.push({ type: 'EngagementChanged', from: state.engagement, to, evidence, ...atSettling });
    corrected.firstEngagement = standing(corrected.firstEngagement, state.engagement, to, moment);
  }
  if (corrected.stage !== state.stage) {
    const to = corrected.stage as string;
    const evidence = stageEvidence(corrected, state.stage, shownAt);
    decisions.push({ type: 'StageChanged', from: state.stage, to, evidence, ...atSettling });
    corrected.firstStage = standing(corrected.firstStage, state.stage, to, moment);
  }
}

/** Where the changes after going live start: null = with a first entry, which readers join to the chain themselves. */
function liveFrom(first: StandingChange | null, present: string | null): string | null {
  return first === null ? present : first.from;
}

function stageSince(state: JourneyState, pass: ChainPass, moment: number): number {
  const own = pass.state.nums[Num.StageSince]!;
  if (state.wentLiveAt === null) return own;
  if (pass.state.stage !== state.stage) return moment;
  return sinceInForce(state.firstStage, state.stage, state.nums[Num.StageSince]!, pass.stageEnd, state.wentLiveAt);
}

function engagementSince(state: JourneyState, pass: ChainPass, moment: number): number {
  const own = pass.state.nums[Num.EngagementSince]!;
  if (state.wentLiveAt === null) return own;
  if (pass.state.engagement !== state.engagement) return moment;
  const published = state.nums[Num.EngagementSince]!;
  return sinceInForce(state.firstEngagement, state.engagement, published, pass.engagementEnd, state.wentLiveAt);
}

/** The moment of the last change in force, where the settling itself adds none. */
function sinceInForce(
  first: StandingChange | null,
  present: string | null,
  published: number,
  end: ChainEnd,
  wentLiveAt: number,
): number {
  if (first === null) return end.value === present ? end.at : wentLiveAt;
  if (first.more) return published;
  return first.from === null && end.value === first.to ? end.at : first.at;
}
