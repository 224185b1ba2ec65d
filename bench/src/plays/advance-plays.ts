/**
 * advance with all default plays against advance with the stages alone, both living the default simulation. Each is a process of its own
 * that lives it a few times before it is measured, as a server has after its first minute; they take turns.
 */
import { fork } from 'node:child_process';
import { type Bench, type BenchContext, median, type Measurement } from '../figure';
import { compileDefault, liveOnce, type Lives, Living } from './lived-simulation';

const CUSTOMERS = 3_000;
const QUICK_CUSTOMERS = 1_000;
const TURNS = 3;
const WARM_UP_LAPS = 5;
const LAPS = 5;

/** What one process says, each for one touchpoint of the simulation. */
interface Arm {
  /** Processor time, us, the collector's threads included: the median of its laps. */
  micros: number;
  inputs: number;
  decisions: number;
  /** Requested and withheld. */
  actions: number;
}

/** Processor time of living once, us. */
function lap({ compiled, customers, inputs }: Lives): number {
  const living = new Living(compiled, customers);
  const before = process.cpuUsage();
  for (let i = 0; i < inputs.length; i++) living.take(inputs[i]!);
  const used = process.cpuUsage(before);
  return used.user + used.system;
}

function measureArm(withPlays: boolean, customers: number): Arm {
  const lives = liveOnce(compileDefault(withPlays), customers);
  for (let i = 0; i < WARM_UP_LAPS; i++) lap(lives);
  const micros = median(Array.from({ length: LAPS }, () => lap(lives)));
  const living = new Living(lives.compiled, customers);
  const decided = lives.inputs.flatMap((one) => living.take(one).map(({ type }) => type));
  const actions = decided.filter((type) => type === 'ActionRequested' || type === 'ActionWithheld').length;
  const { touchpoints, inputs } = lives;
  return {
    micros: micros / touchpoints,
    inputs: inputs.length / touchpoints,
    decisions: decided.length / touchpoints,
    actions: actions / touchpoints,
  };
}

function inOwnProcess(withPlays: boolean, customers: number): Promise<Arm> {
  return new Promise((resolve, reject) => {
    const child = fork(__filename, [String(withPlays), String(customers)], { execArgv: [] });
    child.once('message', (said) => resolve(said as Arm));
    child.once('exit', (code) => reject(new Error(`The process that lives the simulation ended with ${code}.`)));
  });
}

async function runAdvancePlays({ quick }: BenchContext): Promise<Measurement> {
  const turns: { alone: Arm; played: Arm }[] = [];
  for (let i = 0; i < TURNS; i++) {
    const customers = quick ? QUICK_CUSTOMERS : CUSTOMERS;
    turns.push({ alone: await inOwnProcess(false, customers), played: await inOwnProcess(true, customers) });
  }
  const middle = (of: (one: (typeof turns)[number]) => number) => median(turns.map(of));
  const { alone, played } = turns[0]!;
  return {
    ratio: middle((one) => one.played.micros / one.alone.micros),
    played: middle((one) => one.played.micros),
    alone: middle((one) => one.alone.micros),
    actionsPerSecond: middle((one) => (one.played.actions * 1e6) / one.played.micros),
    ...{ inputs: played.inputs, inputsAlone: alone.inputs, actions: played.actions },
    ...{ decisions: played.decisions, decisionsAlone: alone.decisions },
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
        `${m.played!.toFixed(2)} us for each touchpoint, alone ${m.alone!.toFixed(2)} us; ${m.inputs!.toFixed(2)} inputs and ${m.decisions!.toFixed(2)} decisions each, alone ${m.inputsAlone!.toFixed(2)} and ${m.decisionsAlone!.toFixed(2)}`,
    },
    {
      key: 'actionsPerSecond',
      title: 'actions decided, advance alone',
      unit: '/s',
      beside: (m) => `${m.actions!.toFixed(2)} for each touchpoint, requested or withheld`,
    },
  ],
  run: runAdvancePlays,
};

if (require.main === module) process.send?.(measureArm(process.argv[2] === 'true', Number(process.argv[3])));
