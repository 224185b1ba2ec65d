/**
 * advance alone: a million touchpoints in log order over 100,000 customers whose states are all in memory, decisions with their
 * evidence included, against JSON.parse of one touchpoint in the same minute.
 */
import {
  advance,
  CATALOGUE,
  type CompiledDefinition,
  compileDefinition,
  DEFAULT_DEFINITION_TEXT,
  emptyState,
  type FoldedTouchpoint,
  type JourneyState,
  parseDefinition,
  type Properties,
} from '@rapport/journey';
import { median, type Measurement } from './figure';
import { seeded, template } from './touchpoints';

const CUSTOMERS = 100_000;
const TOUCHPOINTS = 1_000_000;
const ROUNDS = 3;
const BEGIN = Date.UTC(2024, 0, 1);
/** Each customer is in touch about every 9 days. */
const SPAN_MS = 90 * 86_400_000;
/** Kinds of touchpoints to draw from; their properties are parsed once. */
const KINDS = 200;
/** Touchpoints are made this many at a time, outside the measured time. */
const SLICE = 2_000;
/** Touchpoints between two measurements of JSON.parse. */
const TURN = 100_000;

export interface AdvanceFigures extends Measurement {
  /** advance of one touchpoint / JSON.parse of one touchpoint. */
  ratio: number;
  advanceMicroseconds: number;
  parseMicroseconds: number;
  decisionsPerTouchpoint: number;
}

/** Medians of ROUNDS; each round starts with customers nobody knows. */
export function runAdvanceBench(touchpoints = TOUCHPOINTS, rounds = ROUNDS): AdvanceFigures {
  const results = Array.from({ length: rounds }, (_, round) => oneRound(touchpoints, round));
  const middle = (key: keyof AdvanceFigures) => median(results.map((one) => one[key] as number));
  return {
    ratio: middle('ratio'),
    advanceMicroseconds: middle('advanceMicroseconds'),
    parseMicroseconds: middle('parseMicroseconds'),
    decisionsPerTouchpoint: middle('decisionsPerTouchpoint'),
  };
}

function oneRound(touchpoints: number, round: number): AdvanceFigures {
  const parsed = parseDefinition(DEFAULT_DEFINITION_TEXT, 'the default definition');
  if (!parsed.ok) throw new Error('The default definition has faults.');
  const compiled = compileDefinition(parsed.definition, 1, CATALOGUE);
  const states = Array.from({ length: CUSTOMERS }, () => emptyState(compiled));
  const maker = new TouchpointMaker(seeded(round + 1), touchpoints);
  let advanceMicros = 0;
  let parseMicros = 0;
  let decisions = 0;
  for (let done = 0; done < touchpoints; done += SLICE) {
    const made = maker.make(done, Math.min(touchpoints, done + SLICE));
    advanceMicros += microsecondsOf(() => {
      decisions += advanceAll(compiled, states, made);
    });
    // In turns, so that both meet the same machine; in long ones, so that each pays for its own garbage.
    if ((done + SLICE) % TURN === 0) parseMicros += microsecondsOf(() => maker.parseTexts(TURN));
  }
  const figures = { advanceMicroseconds: advanceMicros / touchpoints, parseMicroseconds: parseMicros / touchpoints };
  return { ...figures, ratio: advanceMicros / parseMicros, decisionsPerTouchpoint: decisions / touchpoints };
}

/** Processor time of the whole process, its collector's threads included. */
function microsecondsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const used = process.cpuUsage(before);
  return used.user + used.system;
}

/** Returns how many decisions came out. */
function advanceAll(compiled: CompiledDefinition, states: JourneyState[], made: Made): number {
  let decisions = 0;
  for (let i = 0; i < made.touchpoints.length; i++) {
    const touchpoint = made.touchpoints[i] as FoldedTouchpoint;
    const customer = made.customers[i] as number;
    const input = { kind: 'touchpoint', touchpoint, at: touchpoint.occurredAt + 50 } as const;
    const result = advance(compiled, states[customer] as JourneyState, input);
    if (result.needs !== undefined) throw new Error('A plain touchpoint asked for the timeline.');
    states[customer] = result.state;
    decisions += result.decisions.length;
  }
  return decisions;
}

interface Made {
  customers: number[];
  touchpoints: FoldedTouchpoint[];
}

interface Kind {
  type: string;
  channel: string;
  direction: 'inbound' | 'outbound';
  source: string;
  properties: Properties;
}

/** Touchpoints in log order: moments rise, customers come at random. */
class TouchpointMaker {
  private readonly texts: string[];
  private readonly kinds: Kind[];
  private parsed = 0;

  constructor(
    private readonly random: () => number,
    private readonly all: number,
  ) {
    this.texts = Array.from({ length: KINDS }, () => template(random).text);
    this.kinds = this.texts.map((text) => JSON.parse(text) as Kind);
  }

  make(first: number, end: number): Made {
    const customers: number[] = [];
    const touchpoints: FoldedTouchpoint[] = [];
    const ids = idsFrom(first, end);
    for (let i = first; i < end; i++) {
      const { type, channel, direction, source, properties } = this.kinds[this.draw(KINDS)] as Kind;
      const touchpointId = ids[i - first] as string;
      const occurredAt = BEGIN + Math.floor((i / this.all) * SPAN_MS);
      touchpoints.push({ touchpointId, type, channel, direction, occurredAt, source, properties, history: false });
      customers.push(this.draw(CUSTOMERS));
    }
    return { customers, touchpoints };
  }

  parseTexts(count: number): void {
    for (let i = 0; i < count; i++) this.parsed += (JSON.parse(this.texts[i % KINDS] as string) as Kind).type.length;
  }

  private draw(below: number): number {
    return Math.floor(this.random() * below);
  }
}

const ID_LENGTH = 36;

/** Cut from one text of bytes, so that they are laid out in memory as parsed ones are. */
function idsFrom(first: number, end: number): string[] {
  const text = Buffer.alloc((end - first) * ID_LENGTH, '00000000-0000-4000-8000-000000000000', 'latin1');
  const ids: string[] = [];
  for (let i = first; i < end; i++) {
    const place = (i - first) * ID_LENGTH;
    for (let digit = 1, rest = i; rest > 0; digit++, rest = Math.floor(rest / 10))
      text[place + ID_LENGTH - digit] = 48 + (rest % 10);
    ids.push(text.toString('latin1', place, place + ID_LENGTH));
  }
  return ids;
}

if (require.main === module) process.stdout.write(`${JSON.stringify(runAdvanceBench())}\n`);
