/**
 * The default simulation, lived: its touchpoints come one after the other as they happen, timers fire when they are due, messages are
 * delivered moments after they were asked for, and people finish their tasks. Made once, so that it can be lived again and measured.
 */
import {
  advance,
  CATALOGUE,
  type CompiledDefinition,
  compileDefinition,
  composeDocument,
  type CustomerFacts,
  type Decision,
  DEFAULT_DEFINITION_TEXT,
  emptyProfile,
  emptyState,
  foldProfile,
  type FoldedTouchpoint,
  type Input,
  isProfileType,
  type JourneyState,
  OUTCOME_TYPE_PREFIX,
  parseDefinition,
  type ProfileState,
  RAPPORT_SOURCE,
  type TimelineItem,
  type Touchpoint,
} from '@rapport/journey';
import { defaultPlayFiles } from '@rapport/engine';
import { simulate } from '../../../apps/cli/src/simulation/simulation';

/** What `rapport simulate` plays unless it is told otherwise; only the customers are more. */
const MONTHS = 18;
const SEED = 1;
const UNTIL = Date.UTC(2026, 0, 1);

/** How long after it happened a touchpoint is recorded, and after a request the message is out. */
const RECORDED_AFTER_MS = 50;
const DELIVERED_AFTER_MS = 2_000;
/** When a person is done with a task. */
const FINISHED_AFTER_MS = 5 * 3_600_000;

/** One input of one customer, in log order. */
export interface Lived {
  customer: number;
  input: Input;
}

export interface Lives {
  customers: number;
  compiled: CompiledDefinition;
  inputs: Lived[];
  /** Of the simulation; timers, outcomes and finished tasks are not among them. */
  touchpoints: number;
}

export function compileDefault(withPlays: boolean): CompiledDefinition {
  const parsed = parseDefinition(withPlays ? documentWithPlays() : DEFAULT_DEFINITION_TEXT, 'the default definition');
  if (!parsed.ok) throw new Error(`The default definition has faults: ${JSON.stringify(parsed.faults)}`);
  return compileDefinition(parsed.definition, 1, CATALOGUE);
}

function documentWithPlays(): string {
  const composed = composeDocument({ name: 'definition.yaml', text: DEFAULT_DEFINITION_TEXT }, defaultPlayFiles());
  if (!composed.ok) throw new Error(`The default plays have faults: ${JSON.stringify(composed.faults)}`);
  return composed.document;
}

/** Everybody under one definition, from nobody known. */
export class Living {
  readonly states: JourneyState[] = [];
  readonly counts = new Map<string, number>();
  private readonly timelines: TimelineItem[][] = [];
  private readonly facts: SimulatedFacts[] = [];

  constructor(
    private readonly compiled: CompiledDefinition,
    customers: number,
  ) {
    for (let i = 0; i < customers; i++) {
      this.states.push(emptyState(compiled));
      this.timelines.push([]);
      this.facts.push(new SimulatedFacts(`c-${i}`));
    }
  }

  take({ customer, input }: Lived): readonly Decision[] {
    const state = this.states[customer]!;
    const facts = this.facts[customer]!;
    const timeline = this.timelines[customer]!;
    let result = advance(this.compiled, state, input, undefined, facts);
    if (result.needs) result = advance(this.compiled, state, input, timeline.slice(), facts);
    if (result.needs) throw new Error('advance asked twice for the timeline.');
    this.states[customer] = result.state;
    if (input.kind === 'touchpoint') timeline.push({ touchpoint: input.touchpoint, at: input.at });
    return result.decisions;
  }
}

class SimulatedFacts implements CustomerFacts {
  private known: ProfileState | null = null;

  constructor(readonly customerId: string) {}

  profile(): ProfileState {
    return (this.known ??= emptyProfile());
  }

  learn(touchpoint: FoldedTouchpoint): void {
    if (isProfileType(touchpoint.type)) foldProfile(this.profile(), touchpoint, undefined);
  }

  paused(): boolean {
    return false;
  }
}

/** Lives the simulation once and writes down every input in its order. */
export function liveOnce(compiled: CompiledDefinition, customers: number): Lives {
  const living = new Living(compiled, customers);
  const inputs: Lived[] = [];
  const agenda = new Agenda();
  const numbers = new Map<string, number>();
  const live = (lived: Lived): void => {
    inputs.push(lived);
    for (const decision of living.take(lived)) agenda.answer(lived.customer, decision);
    agenda.timer(lived.customer, living.states[lived.customer]!.dueMoment);
  };
  let touchpoints = 0;
  for (const simulated of simulate({ customers, months: MONTHS, seed: SEED, until: UNTIL })) {
    for (
      let next = agenda.before(simulated.occurredAt);
      next !== undefined;
      next = agenda.before(simulated.occurredAt)
    ) {
      const { input, customer } = next;
      if (input.kind === 'timer' && living.states[customer]!.dueMoment > input.at) continue;
      live(next);
    }
    const customer = numbers.get(simulated.customerId) ?? numbers.size;
    numbers.set(simulated.customerId, customer);
    const touchpoint = liveTouchpoint(simulated);
    live({ customer, input: { kind: 'touchpoint', touchpoint, at: touchpoint.occurredAt + RECORDED_AFTER_MS } });
    touchpoints += 1;
  }
  return { customers, compiled, inputs, touchpoints };
}

/** All in one shape, as the log's reader makes them. */
function liveTouchpoint(simulated: Omit<Touchpoint, 'customerId' | 'history'>): FoldedTouchpoint {
  const { touchpointId, type, channel, direction, occurredAt, source, properties } = simulated;
  return { touchpointId, type, channel, direction, occurredAt, source, properties, history: false };
}

/** What comes by itself, the earliest first. */
class Agenda {
  private readonly heap: Lived[] = [];

  timer(customer: number, at: number): void {
    if (at !== Infinity) this.add({ customer, input: { kind: 'timer', at } });
  }

  /** What a dispatcher and a person make of a request. */
  answer(customer: number, decision: Decision): void {
    if (decision.type !== 'ActionRequested') return;
    const { action, verb, what, purpose, play, channel, notBefore, team } = decision;
    const occurredAt = notBefore + DELIVERED_AFTER_MS;
    const touchpoint = liveTouchpoint({
      ...{ touchpointId: `${action}-delivered`, type: `${OUTCOME_TYPE_PREFIX}delivered`, channel, occurredAt },
      ...{ direction: 'outbound', source: RAPPORT_SOURCE },
      properties: { action, verb, what, purpose, play, attempts: 1 },
    });
    this.add({ customer, input: { kind: 'touchpoint', touchpoint, at: occurredAt } });
    if (team === undefined) return;
    const command = { command: 'finish', action, outcome: 'done', commandId: `f-${action}`, by: 'ann' } as const;
    this.add({ customer, input: { kind: 'command', command, at: notBefore + FINISHED_AFTER_MS } });
  }

  before(moment: number): Lived | undefined {
    const first = this.heap[0];
    if (first === undefined || first.input.at > moment) return undefined;
    const last = this.heap.pop()!;
    if (this.heap.length > 0) this.sink(last);
    return first;
  }

  private add(one: Lived): void {
    let place = this.heap.push(one) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.heap[parent]!.input.at <= one.input.at) break;
      this.heap[place] = this.heap[parent]!;
      place = parent;
    }
    this.heap[place] = one;
  }

  private sink(one: Lived): void {
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.heap.length) break;
      if (child + 1 < this.heap.length && this.heap[child + 1]!.input.at < this.heap[child]!.input.at) child++;
      if (this.heap[child]!.input.at >= one.input.at) break;
      this.heap[place] = this.heap[child]!;
      place = child;
    }
    this.heap[place] = one;
  }
}
