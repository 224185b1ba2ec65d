/** A customer under the default plays: `advance` with a log in memory, and a sender that delivers at once. */
import {
  advance,
  CATALOGUE,
  type checkPlayLaws,
  compileDefinition,
  composeDocument,
  decodeState,
  DEFAULT_DEFINITION_TEXT,
  emptyProfile,
  emptyState,
  encodeState,
  foldProfile,
  isProfileType,
  parseDefinition,
  type CustomerFacts,
  type Definition,
  type FoldedTouchpoint,
  type Input,
  type JourneyState,
  type TimelineItem,
} from '@rapport/journey';
import { defaultPlayFiles } from './load';

function definitionWithPlays(): Definition {
  const composed = composeDocument({ name: 'definition.yaml', text: DEFAULT_DEFINITION_TEXT }, defaultPlayFiles());
  if (!composed.ok) throw new Error(JSON.stringify(composed.faults));
  const parsed = parseDefinition(composed.document, 'the default plays');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  return parsed.definition;
}

export const DEFINITION = definitionWithPlays();
const COMPILED = compileDefinition(DEFINITION, 1, CATALOGUE);

export class Life implements CustomerFacts {
  state: JourneyState = emptyState(COMPILED);
  largest = 0;
  readonly timeline: TimelineItem[] = [];
  readonly inputs: Parameters<typeof checkPlayLaws>[2]['inputs'] = [];
  readonly decisions: Parameters<typeof checkPlayLaws>[2]['decisions'] = [];
  private readonly known = emptyProfile();
  private position = 0;
  private told = 0;

  constructor(readonly customerId: string) {}

  profile() {
    return this.known;
  }

  learn(touchpoint: FoldedTouchpoint): void {
    if (isProfileType(touchpoint.type)) foldProfile(this.known, touchpoint, undefined);
  }

  paused(): boolean {
    return false;
  }

  take(input: Input): void {
    let result = advance(COMPILED, this.state, input, undefined, this);
    if (result.needs) result = advance(COMPILED, this.state, input, [...this.timeline], this);
    if (result.needs) throw new Error('It asked for the timeline twice.');
    if (input.kind === 'touchpoint') {
      this.timeline.push({ touchpoint: input.touchpoint, at: input.at });
      this.inputs.push({ position: this.position++, at: input.at, touchpoint: input.touchpoint });
    }
    for (const decision of result.decisions) this.decisions.push({ position: this.position++, decision });
    const bytes = encodeState(result.state);
    this.largest = Math.max(this.largest, bytes.length);
    this.state = decodeState(COMPILED, bytes);
  }

  /** What the dispatcher would say: every request is delivered at once. */
  deliver(at: number): void {
    for (; this.told < this.decisions.length; this.told++) {
      const decision = this.decisions[this.told]?.decision;
      if (decision?.type !== 'ActionRequested' || decision.team !== undefined) continue;
      const { action, verb, what, purpose, play, channel, sendBefore } = decision;
      const occurredAt = Math.min(at, sendBefore);
      const properties = { action, verb, what, purpose, play, attempts: 1 };
      const head = { touchpointId: `${action}-delivered`, type: 'action.delivered', channel, source: 'rapport' };
      this.take({
        kind: 'touchpoint',
        touchpoint: { ...head, direction: 'outbound', occurredAt, properties, history: false },
        at,
      });
    }
  }

  /** Comes in at this moment; direction and channel are the catalogue's. */
  touch(type: string, at: number, properties: FoldedTouchpoint['properties'] = {}): void {
    const entry = CATALOGUE.entry(type);
    const direction = entry?.direction ?? 'inbound';
    const head = { touchpointId: `t${this.inputs.length}`, type, channel: entry?.channel ?? 'web', direction };
    const touchpoint = { ...head, source: 'feed', occurredAt: at, properties, history: false };
    this.learn(touchpoint);
    this.take({ kind: 'touchpoint', touchpoint, at });
    this.deliver(at);
  }
}
