/** advance with all default plays against advance with the stages alone, both living the default simulation, in turns. */
import { type Bench, type BenchContext, median, type Measurement } from '../figure';
import { compileDefault, liveOnce, type Lives, Living } from './lived-simulation';

const CUSTOMERS = 6_000;
const QUICK_CUSTOMERS = 1_500;
const ROUNDS = 5;

interface Lap {
  /** Processor time, us, the collector's threads included. */
  micros: number;
  decisions: number;
  /** Requested and withheld. */
  actions: number;
}

function lap({ compiled, customers, inputs }: Lives): Lap {
  const living = new Living(compiled, customers);
  global.gc?.();
  let decisions = 0;
  let actions = 0;
  const before = process.cpuUsage();
  for (let i = 0; i < inputs.length; i++) {
    const decided = living.take(inputs[i]!);
    decisions += decided.length;
    for (const { type } of decided) if (type === 'ActionRequested' || type === 'ActionWithheld') actions += 1;
  }
  const used = process.cpuUsage(before);
  return { micros: used.user + used.system, decisions, actions };
}

export function runAdvancePlays(customers = CUSTOMERS, rounds = ROUNDS): Measurement {
  const alone = liveOnce(compileDefault(false), customers);
  const played = liveOnce(compileDefault(true), customers);
  lap(alone);
  lap(played);
  const laps = Array.from({ length: rounds }, () => ({ alone: lap(alone), played: lap(played) }));
  const middle = (of: (one: (typeof laps)[number]) => number) => median(laps.map(of));
  const { touchpoints } = played;
  return {
    ratio: middle(({ alone, played }) => played.micros / alone.micros),
    played: middle(({ played }) => played.micros) / touchpoints,
    alone: middle(({ alone }) => alone.micros) / touchpoints,
    inputs: played.inputs.length / touchpoints,
    inputsAlone: alone.inputs.length / touchpoints,
    decisions: middle(({ played }) => played.decisions) / touchpoints,
    decisionsAlone: middle(({ alone }) => alone.decisions) / touchpoints,
    actionsPerSecond: middle(({ played }) => (played.actions * 1e6) / played.micros),
    actions: middle(({ played }) => played.actions) / touchpoints,
  };
}

export const ADVANCE_PLAYS: Bench = {
  name: 'advance-plays',
  title: 'advance with all default plays against the stages alone, the default simulation lived for 18 months',
  runs: 1,
  figures: [
    {
      key: 'ratio',
      title: 'advance with all default plays, the default simulation',
      unit: 'x stages alone',
      atMost: 3,
      beside: (m) =>
        `${m.played!.toFixed(2)} us for each touchpoint, alone ${m.alone!.toFixed(2)} us; ${m.inputs!.toFixed(2)} inputs and ${m.decisions!.toFixed(2)} decisions for each touchpoint, alone ${m.inputsAlone!.toFixed(2)} and ${m.decisionsAlone!.toFixed(2)}`,
    },
    {
      key: 'actionsPerSecond',
      title: 'actions decided, advance alone',
      unit: '/s',
      beside: (m) => `${m.actions!.toFixed(2)} for each touchpoint, requested or withheld`,
    },
  ],
  run: (context: BenchContext) => Promise.resolve(runAdvancePlays(context.quick ? QUICK_CUSTOMERS : CUSTOMERS)),
};

if (require.main === module)
  process.stdout.write(`${JSON.stringify(runAdvancePlays(Number(process.argv[2] ?? CUSTOMERS)))}\n`);
