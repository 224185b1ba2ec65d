/** One customer under a definition with plays, for tests: inputs go to advance as an engine would hand them in. */
import type { Advanced, Input } from '../../advance.types';
import type { Decision } from '../../decision';
import type { Definition } from '../../definition';
import { advance } from '../../core/advance';
import { compileDefinition, type CompiledDefinition } from '../../core/compile-definition';
import { DAY, DEFAULT_DEFINITION, START, touchpoint, type Sent } from '../../core/customer.fixture';
import { emptyState, type JourneyState } from '../../core/journey-state';
import { CATALOGUE } from '../../language/catalogue/catalogue';
import { emptyProfile, foldProfile, isProfileType, type ProfileState } from '../../language/profile/profile';
import type { FoldedTouchpoint, TimelineItem } from '../../touchpoint';
import type { EarlierPlays } from '../compile/compile-plays';
import type { GuardsDefinition } from '../guards.types';
import type { ActStep, Play, PlaysPart, Step } from '../play';
import type { CustomerFacts } from '../play-core.types';
import type { PlayDecision } from '../play-decisions';
import type { ActionResult, PlayCommand } from '../play-inputs';

export { DAY, START };
export const HOUR = 3_600_000;

/** Nothing is limited but what a test says. */
export const OPEN_GUARDS: GuardsDefinition = {
  consentUnknown: { relationship: true },
  caps: [],
  quiet: { from: 0, until: 0, weekdays: [0, 1, 2, 3, 4, 5, 6] },
  asks: {
    ...{ cooldown: 30 * DAY, atMost: 3, within: 180 * DAY, answerWithin: 14 * DAY, afterBadExperience: 30 * DAY },
    prior: { rate: 0.15, weight: 4 },
  },
};

export function act(path: string, step: Partial<ActStep> = {}): ActStep {
  return {
    ...{ step: 'act', path, verb: 'give', what: 'thanks', by: 'email', template: 'thanks' },
    ...{ staleAfter: 7 * DAY, sendWithin: 4 * HOUR },
    ...step,
  };
}

export function play(name: string, steps: Step[], more: Partial<Play> = {}): Play {
  return {
    ...{ name, why: 'a test', owner: 'care', purpose: 'relationship', trigger: { on: 'manual' }, again: 'always' },
    ...{ holdout: 0, salt: name, priority: 0, steps, migrate: false },
    ...more,
  };
}

export function part(plays: Play[], guards: Partial<GuardsDefinition> = {}): PlaysPart {
  const hours = { weekdays: [1, 2, 3, 4, 5], from: 9 * 60, until: 17 * 60 } satisfies PlaysPart['teams'][0]['hours'];
  return {
    plays,
    guards: { ...OPEN_GUARDS, ...guards },
    teams: [
      { name: 'care', hours, claimFor: 4 * HOUR },
      { name: 'sales', hours, claimFor: 4 * HOUR },
    ],
    templates: [{ name: 'thanks', text: 'Thank you.' }],
  };
}

export function compiledWith(plays: PlaysPart | undefined, version = 1, earlier: EarlierPlays[] = []) {
  const definition: Definition = plays === undefined ? DEFAULT_DEFINITION : { ...DEFAULT_DEFINITION, plays };
  return compileDefinition(definition, version, CATALOGUE, earlier);
}

export interface TakenInput {
  input: Input;
  decisions: Decision[];
  /** The first timer that was due before it; Infinity = none. */
  firstDue: number;
  /** Whether history is left that is not settled. */
  unsettledAfter: boolean;
}

export class PlayCustomer implements CustomerFacts {
  state: JourneyState;
  readonly timeline: TimelineItem[] = [];
  readonly all: Decision[] = [];
  readonly inputs: TakenInput[] = [];
  readonly pauses: { play: string; from: number; until: number }[] = [];
  private readonly known: ProfileState = emptyProfile();
  private commands = 0;

  constructor(
    public definition: CompiledDefinition,
    readonly customerId = 'customer-1',
  ) {
    this.state = emptyState(definition);
  }

  profile(): ProfileState {
    return this.known;
  }

  learn(folded: FoldedTouchpoint): void {
    if (isProfileType(folded.type)) foldProfile(this.known, folded, undefined);
  }

  paused(name: string, at: number, timer: boolean): boolean {
    return this.pauses.some(
      ({ play: of, from, until }) => of === name && at < until && (timer ? from < at : from <= at),
    );
  }

  get plays(): PlayDecision[] {
    return this.all.filter(isPlayDecision);
  }

  take(input: Input): PlayDecision[] {
    const firstDue = this.state.dueMoment;
    let result = advance(this.definition, this.state, input, undefined, this);
    if (result.needs === 'timeline') result = advance(this.definition, this.state, input, [...this.timeline], this);
    this.keep(result, input, firstDue);
    return this.inputs[this.inputs.length - 1]!.decisions.filter(isPlayDecision);
  }

  private keep(result: Advanced<JourneyState>, input: Input, firstDue: number): void {
    if (result.needs === 'timeline') throw new Error('It asked for the timeline twice.');
    this.state = result.state;
    this.all.push(...result.decisions);
    this.inputs.push({ input, decisions: result.decisions, firstDue, unsettledAfter: result.state.unsettled });
    if (input.kind === 'touchpoint') this.timeline.push({ touchpoint: input.touchpoint, at: input.at });
  }

  live(sent: Sent, at: number): PlayDecision[] {
    return this.take({ kind: 'touchpoint', touchpoint: touchpoint({ occurredAt: at, ...sent }, at), at });
  }

  history(sent: Sent, occurredAt: number, at: number): PlayDecision[] {
    return this.take({ kind: 'touchpoint', touchpoint: touchpoint({ ...sent, history: true }, occurredAt), at });
  }

  tick(at: number): PlayDecision[] {
    return this.take({ kind: 'timer', at });
  }

  settle(at: number): PlayDecision[] {
    return this.take({ kind: 'settle', at });
  }

  adopt(definition: CompiledDefinition, at: number): PlayDecision[] {
    this.tick(at);
    this.definition = definition;
    return this.take({ kind: 'definition', at });
  }

  command(command: CommandBody, at: number, by = 'ann'): PlayDecision[] {
    const commandId = `c-${this.commands++}`;
    return this.take({ kind: 'command', command: { commandId, by, ...command }, at });
  }

  /** Says what became of the newest request. */
  outcome(result: ActionResult, at: number, more: { action?: string; reason?: string } = {}): PlayDecision[] {
    return this.live(this.outcomeOf(result, more), at);
  }

  outcomeOf(result: ActionResult, more: { action?: string; reason?: string } = {}): Sent {
    const requested = this.plays.filter((one) => one.type === 'ActionRequested');
    const request = requested.find((one) => one.action === more.action) ?? requested[requested.length - 1]!;
    const { action, verb, what, purpose, play: of, channel } = request;
    return {
      ...{ type: `action.${result}`, touchpointId: `${action}-${result}`, direction: 'outbound', source: 'rapport' },
      ...{ channel, properties: { action, verb, what, purpose, play: of, attempts: 1 } },
      ...(more.reason !== undefined && {
        properties: { action, verb, what, purpose, play: of, attempts: 1, reason: more.reason },
      }),
    };
  }
}

type CommandBody = PlayCommand extends infer C ? (C extends PlayCommand ? Omit<C, 'commandId' | 'by'> : never) : never;

function isPlayDecision(decision: Decision): decision is PlayDecision {
  return !['StageChanged', 'EngagementChanged', 'HistoryRestated', 'InputParked'].includes(decision.type);
}

/** `PlayEntered welcome`, `ActionWithheld welcome 0 cap` ...: what happened, without the moments. */
export function lines(decisions: readonly Decision[]): string[] {
  return decisions.filter(isPlayDecision).map(line);
}

function line(decision: PlayDecision): string {
  switch (decision.type) {
    case 'PlayEntered':
      return `entered ${decision.play}${decision.held ? ' held' : ''}`;
    case 'EntryWithheld':
      return `not entered ${decision.play}: ${decision.reason}`;
    case 'PlayStepped':
      return `stepped ${decision.step} ${decision.kind} ${decision.took}`;
    case 'PlayWaiting':
      return `waiting ${decision.step} ${decision.kind}`;
    case 'ActionRequested':
      return `requested ${decision.step} ${decision.verb} ${decision.what} round ${decision.round}`;
    case 'ActionWithheld':
      return `withheld ${decision.step} ${decision.reason}, ${decision.then}${decision.final ? ' for good' : ''}`;
    case 'ActionSettled':
      return `settled ${decision.step} ${decision.result}`;
    case 'ActionInDoubt':
      return `in doubt ${decision.step}`;
    case 'TaskChanged':
      return `task ${decision.change}`;
    case 'PlayConverted':
      return `converted ${decision.play}`;
    case 'PlayExited':
      return `exited ${decision.play} ${decision.reason}`;
    case 'PlayMigrated':
      return `migrated ${decision.play} to ${decision.playVersion}`;
    case 'CommandRefused':
      return `refused ${decision.command}: ${decision.because}`;
  }
}
