/** Three years of one customer through the real core, as an engine would hand in what happens; what comes out is the log. */
import {
  advance,
  CATALOGUE,
  type CheckPlayLaws,
  type CompiledDefinition,
  type CustomerFacts,
  type Decision,
  decodeState,
  emptyProfile,
  emptyState,
  encodeState,
  foldProfile,
  type FoldedTouchpoint,
  type Input,
  isProfileType,
  type JourneyState,
  type PlayDecision,
  type TimelineItem,
} from '@rapport/journey';
import { Agenda } from './agenda';
import { type Deed, deedsOf } from './behaviour';
import { type Reaction, reactionsTo, toldAfter } from './sender';
import { Seeded } from './seeded';
import { ADOPTED_AT, DAY_MS, END, HOUR_MS, PAUSE, START, type World } from './world';

export type LifeLog = Parameters<CheckPlayLaws>[2];
type Happening = { at: number } & (
  { deed: Deed } | { reaction: Reaction } | { settles: true } | { adopts: true } | { audience: number }
);

const AUDIENCE_EVERY_MS = 28 * DAY_MS;
const AUDIENCE_OFFSET_MS = 8 * HOUR_MS;
/** How often the state goes through its bytes. */
const PACKED_SHARE = 0.1;

class SimulatedLife implements CustomerFacts {
  readonly log: LifeLog;
  private state: JourneyState;
  private definition: CompiledDefinition;
  private readonly random: Seeded;
  private readonly agenda: Agenda<Happening>;
  private readonly timeline: TimelineItem[] = [];
  private readonly known = emptyProfile();
  private unsettled: FoldedTouchpoint[] = [];
  private position = 0;
  private named = 0;
  private readonly answers = new Map<string, string>();
  private readonly requests = new Map<string, Extract<PlayDecision, { type: 'ActionRequested' }>>();

  constructor(
    private readonly world: World,
    readonly customerId: string,
    seed: number,
  ) {
    this.random = new Seeded(seed);
    this.definition = world.first;
    this.state = emptyState(this.definition);
    this.log = { customerId, inputs: [], decisions: [] };
    this.agenda = new Agenda(planned(deedsOf(this.random), this.random));
  }

  profile() {
    return this.known;
  }

  learn(folded: FoldedTouchpoint): void {
    if (isProfileType(folded.type)) foldProfile(this.known, folded, undefined);
  }

  paused(play: string, at: number, timer: boolean): boolean {
    if (play !== PAUSE.play || at > PAUSE.until) return false;
    return timer ? PAUSE.from < at : PAUSE.from <= at && at < PAUSE.until;
  }

  live(): LifeLog {
    for (;;) {
      const at = Math.min(this.agenda.nextAt, this.state.dueMoment);
      if (at >= END) return this.log;
      if (this.state.dueMoment <= at) this.take({ kind: 'timer', at });
      else this.happen(this.agenda.take()!);
    }
  }

  private happen(what: Happening): void {
    const { at } = what;
    if ('deed' in what) return this.done(what.deed);
    if ('settles' in what) return this.take({ kind: 'settle', at });
    if ('audience' in what) return this.take({ kind: 'audience', play: 'monday-news', run: what.audience, at });
    if ('adopts' in what) {
      this.definition = this.world.second;
      return this.take({ kind: 'definition', at });
    }
    const { reaction } = what;
    if ('say' in reaction) return this.told(reaction);
    const { by = 'eve', ...command } = reaction.command;
    this.take({ kind: 'command', command: { commandId: `c${this.named++}`, by, ...command }, at });
  }

  private done({ at, type, properties, occurredAt, history }: Deed): void {
    const entry = CATALOGUE.entry(type);
    const [channel, direction] = [entry?.channel ?? 'email', entry?.direction ?? 'inbound'];
    const touchpointId = `t${this.named++}`;
    const head = { touchpointId, type, channel, direction, source: 'crm', properties, occurredAt, history };
    this.take({ kind: 'touchpoint', touchpoint: head, at });
  }

  private told({ at, say, channel, properties, occurredAt, outcome }: Extract<Reaction, { say: string }>): void {
    const action = typeof properties.action === 'string' ? properties.action : '';
    const touchpointId = outcome ? `${action}-${say}` : `t${this.named++}`;
    const direction = outcome ? ('outbound' as const) : ('inbound' as const);
    const source = outcome ? 'rapport' : 'crm';
    const head = { touchpointId, type: say, channel, direction, source, properties, occurredAt, history: false };
    if (outcome && this.hasEnded(touchpointId, action)) return;
    this.take({ kind: 'touchpoint', touchpoint: head, at });
  }

  /** Whoever sends says one last word of each action. */
  private hasEnded(touchpointId: string, action: string): boolean {
    return this.timeline.some(({ touchpoint: { touchpointId: id, type, properties } }) => {
      return id === touchpointId || (properties.action === action && /^action\.(?!in-doubt)/.test(type));
    });
  }

  private take(input: Input): void {
    const due = this.state.dueMoment;
    let result = advance(this.definition, this.state, input, undefined, this);
    if (result.needs) result = advance(this.definition, this.state, input, [...this.timeline], this);
    if (result.needs) throw new Error('It asked for the timeline twice.');
    this.state = result.state;
    if (due <= input.at) this.logSettled(due);
    else if (!this.state.unsettled) this.logSettled(input.at);
    this.logInput(input);
    for (const decision of result.decisions) this.logDecision(decision);
    if (this.random.chance(PACKED_SHARE)) this.state = decodeState(this.definition, encodeState(this.state));
  }

  /** History stands in the log where it was settled; what is of the profile counts from where it was read. */
  private logInput(input: Input): void {
    const { at } = input;
    const position = this.position++;
    if (input.kind === 'command') this.log.inputs.push({ position, at, command: input.command });
    else if (input.kind !== 'touchpoint') this.log.inputs.push({ position, at });
    else {
      const { touchpoint } = input;
      this.timeline.push({ touchpoint, at });
      if (touchpoint.history && !isProfileType(touchpoint.type)) this.unsettled.push(touchpoint);
      else this.log.inputs.push({ position, at, touchpoint });
    }
  }

  private logSettled(at: number): void {
    for (const touchpoint of this.unsettled) this.log.inputs.push({ position: this.position++, at, touchpoint });
    this.unsettled = [];
  }

  private logDecision(decision: Decision): void {
    this.log.decisions.push({ position: this.position++, decision });
    if (decision.type === 'TaskChanged' && decision.outcome !== undefined)
      this.answers.set(decision.action, decision.outcome);
    if (decision.type === 'ActionRequested') {
      this.requests.set(decision.action, decision);
      this.react(reactionsTo(decision, this.random));
    }
    const request = decision.type === 'ActionSettled' ? this.requests.get(decision.action) : undefined;
    if (decision.type === 'ActionSettled' && request !== undefined)
      this.react(toldAfter(decision, request, this.answers.get(decision.action)));
  }

  private react(reactions: readonly Reaction[]): void {
    for (const reaction of reactions) this.agenda.add({ at: reaction.at, reaction });
  }
}

function planned(deeds: readonly Deed[], random: Seeded): Happening[] {
  const all: Happening[] = deeds.map((deed) => ({ at: deed.at, deed }));
  const last = deeds.filter((one) => one.history).at(-1);
  if (last !== undefined && random.chance(0.7)) all.push({ at: last.at + HOUR_MS, settles: true });
  all.push({ at: ADOPTED_AT, adopts: true });
  const joined = deeds[0]?.at ?? END;
  for (let run = START + AUDIENCE_OFFSET_MS; run < END; run += AUDIENCE_EVERY_MS) {
    if (run > joined) all.push({ at: run, audience: run });
  }
  return all;
}

export function simulate(world: World, no: number): LifeLog {
  return new SimulatedLife(world, `customer-${no}`, no).live();
}
