/** One customer for tests: feeds inputs to advance as an engine would, and keeps what came out. */
import type { Input } from '../advance.types';
import type { Decision } from '../decision';
import type { Definition } from '../definition';
import { CATALOGUE } from '../language/catalogue/catalogue';
import { DEFAULT_DEFINITION_TEXT } from '../language/definition/default-definition';
import { parseDefinition } from '../language/definition/parse-definition';
import type { FoldedTouchpoint, TimelineItem } from '../touchpoint';
import { advance } from './advance';
import { compileDefinition, type CompiledDefinition } from './compile-definition';
import { Num } from './facts-layout';
import { emptyState, type JourneyState } from './journey-state';

export const DAY = 86_400_000;
export const START = Date.UTC(2024, 0, 1);

export function parsed(text: string): Definition {
  const result = parseDefinition(text, 'test');
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result.definition;
}

export const DEFAULT_DEFINITION = parsed(DEFAULT_DEFINITION_TEXT);

export function compiled(definition: Definition = DEFAULT_DEFINITION, version = 1): CompiledDefinition {
  return compileDefinition(definition, version, CATALOGUE);
}

export interface Sent extends Partial<FoldedTouchpoint> {
  type: string;
}

let nextId = 0;

export function touchpoint(sent: Sent, occurredAt: number): FoldedTouchpoint {
  return {
    ...{ touchpointId: `t${String(nextId++).padStart(6, '0')}`, channel: 'web', direction: 'inbound', source: 'shop' },
    ...{ occurredAt, properties: {}, history: false },
    ...sent,
  };
}

/** What came of one input. `counted`: how many touchpoints of the timeline stood before it. */
export interface Step {
  input: Input;
  decisions: Decision[];
  counted: number;
  settled: number;
  askedForTimeline: boolean;
}

export class Customer {
  state: JourneyState;
  readonly timeline: TimelineItem[] = [];
  readonly steps: Step[] = [];

  constructor(public definition: CompiledDefinition = compiled()) {
    this.state = emptyState(definition);
  }

  get decisions(): Decision[] {
    return this.steps.flatMap((step) => step.decisions);
  }

  /** Offers the timeline only where advance asks for it. */
  take(input: Input): Decision[] {
    const settled = this.state.nums[Num.Settled]!;
    let result = advance(this.definition, this.state, input);
    const askedForTimeline = result.needs === 'timeline';
    if (askedForTimeline) result = advance(this.definition, this.state, input, [...this.timeline]);
    if (result.needs === 'timeline') throw new Error('It asked for the timeline twice.');
    this.state = result.state;
    const { decisions } = result;
    this.steps.push({ input, decisions, counted: this.timeline.length, settled, askedForTimeline });
    if (input.kind === 'touchpoint') this.timeline.push({ touchpoint: input.touchpoint, at: input.at });
    return decisions;
  }

  /** A live touchpoint that arrives as it happens. */
  live(sent: Sent, at: number): Decision[] {
    return this.take({ kind: 'touchpoint', touchpoint: touchpoint({ occurredAt: at, ...sent }, at), at });
  }

  history(sent: Sent, occurredAt: number, at: number): Decision[] {
    return this.take({ kind: 'touchpoint', touchpoint: touchpoint({ ...sent, history: true }, occurredAt), at });
  }

  tick(at: number): Decision[] {
    return this.take({ kind: 'timer', at });
  }

  settle(at: number): Decision[] {
    return this.take({ kind: 'settle', at });
  }

  adopt(definition: CompiledDefinition, at: number): Decision[] {
    this.tick(at);
    this.definition = definition;
    return this.take({ kind: 'definition', at });
  }
}

/** `2024-01-05 lead -> customer`, with `e:` for engagement; chains and joining changes are marked. */
export function told(decisions: Decision[]): string[] {
  return decisions.flatMap((decision) => {
    switch (decision.type) {
      case 'StageChanged':
      case 'EngagementChanged': {
        const axis = decision.type === 'StageChanged' ? '' : 'e:';
        return [`${decision.joining ? `${decision.joining} ` : ''}${axis}${line(decision)}`];
      }
      case 'HistoryRestated':
        return decision.changes.map((one) => `chain ${one.axis === 'stage' ? '' : 'e:'}${line(one)}`);
      case 'InputParked':
        return [`parked ${decision.touchpointId}`];
      default:
        return [decision.type];
    }
  });
}

/** Only the changes of stage. */
export function stages(decisions: Decision[]): string[] {
  return told(decisions).filter((one) => !one.includes('e:'));
}

function line(change: { from: string | null; to: string; at: number }): string {
  return `${new Date(change.at).toISOString().slice(0, 10)} ${change.from ?? 'none'} -> ${change.to}`;
}
