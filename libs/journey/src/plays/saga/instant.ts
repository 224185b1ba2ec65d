/** One instant of one customer, while plays step: what came, what is decided, and who still wants to act. */
import type { JourneyState } from '../../core/journey-state';
import type { Decision } from '../../decision';
import type { CompiledPlay } from '../compile/compiled-play';
import type { Candidate } from '../guards.types';
import type { CompiledPlays, CustomerFacts, PlayMoment } from '../play-core.types';
import type { PlayDecision } from '../play-decisions';
import type { Enrolment, OpenAction, PlayState } from '../play-state';
import { without } from '../state/play-states';

/** The heads of most decisions. */
export interface OfPlay {
  play: string;
  enrolment: number;
  playVersion: number;
  at: number;
}

export class Instant {
  /** Requests of this instant, in order. */
  readonly taken: Candidate[] = [];
  /** Whether this instant brought anything that guards look at. */
  news: boolean;

  constructor(
    readonly state: JourneyState,
    readonly compiled: CompiledPlays,
    readonly plays: PlayState,
    readonly moment: PlayMoment,
    readonly facts: CustomerFacts,
    private readonly decisions: Decision[],
  ) {
    this.news = moment.command !== null || bringsNews(state, moment);
  }

  get at(): number {
    return this.moment.at;
  }

  get cause(): PlayMoment['cause'] {
    return this.moment.cause;
  }

  /** Whether a timer set it off: one that is due exactly when a pause began still enters. */
  get byTimer(): boolean {
    return this.moment.cause.kind === 'timer';
  }

  say(decision: PlayDecision): void {
    this.decisions.push(decision);
  }

  head(of: Enrolment | OpenAction): OfPlay {
    return { play: of.play, enrolment: of.enrolment, playVersion: of.version, at: this.moment.at };
  }

  /** Of an enrolment that stands in the state there always is one: who is too far behind was retired. */
  playOf(of: Enrolment | OpenAction): CompiledPlay {
    const found = this.compiled.of(of.play, of.version);
    if (found === undefined) throw new Error(`Play ${of.play} of version ${of.version} is not kept any more.`);
    return found;
  }

  enrolmentOf(action: OpenAction): Enrolment | undefined {
    return this.plays.enrolments.find((one) => isOf(action, one) && one.phase === 'acting' && one.step === action.step);
  }

  drop(enrolment: Enrolment): void {
    this.plays.enrolments = without(this.plays.enrolments, enrolment);
  }
}

/** For the ledger, the profile or the open complaints. */
function bringsNews(state: JourneyState, { touchpoint, plan }: PlayMoment): boolean {
  if (touchpoint === null) return false;
  if (plan !== null && (plan.ledger !== null || plan.profile)) return true;
  const { complaint, resolution } = state.compiled.plan(touchpoint.type);
  return complaint || resolution;
}

function isOf(action: OpenAction, enrolment: Enrolment): boolean {
  return action.play === enrolment.play && action.enrolment === enrolment.enrolment;
}

/** Requested and not settled: it counts as if it were sent now. */
export function isUnsettled(action: OpenAction): boolean {
  return action.phase === 'requested' || action.phase === 'inDoubt';
}
