/**
 * `npm run bench [-- --only name[,name] --quick --long --cpu-prof --list]`: measures the figures of docs/benchmarks.md on this
 * machine, each as the median of its runs, beside its goal and beside what the machine itself can do.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BENCHES } from './benches';
import { judge, readable, type Bench, type FigureResult, type Measurement } from './figure';
import { describeMachine, ForeignShare } from './machine';

/** A run in which other processes took more than this share of the machine says little. */
const FOREIGN_SHARE_MAX = 0.12;
const REPEATS_MAX = 3;
const RUNS = 3;

interface Options {
  only?: string[];
  quick: boolean;
  long: boolean;
  profile: boolean;
  folder: string;
}

interface Finished {
  bench: string;
  figures: FigureResult[];
  runs: (Measurement & { foreignShare: number })[];
}

function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      long: { type: 'boolean', default: false },
      'cpu-prof': { type: 'boolean', default: false },
      folder: { type: 'string', default: tmpdir() },
      list: { type: 'boolean', default: false },
    },
  });
  if (values.list) {
    for (const bench of BENCHES) console.log(`${bench.name.padEnd(16)} ${bench.title}${bench.long ? ' (--long)' : ''}`);
    return undefined;
  }
  const only = values.only?.split(',');
  const unknown = only?.filter((name) => !BENCHES.some((bench) => bench.name === name)) ?? [];
  if (unknown.length > 0) throw new Error(`No bench is called ${unknown.join(', ')}. Call with --list to see them.`);
  return { only, quick: values.quick, long: values.long, profile: values['cpu-prof'], folder: values.folder };
}

async function runOnce(bench: Bench, options: Options): Promise<Measurement & { foreignShare: number }> {
  const folder = mkdtempSync(join(options.folder, 'rapport-bench-'));
  const profileFolder = options.profile ? join('bench', 'results', `profile-${bench.name}`) : undefined;
  if (profileFolder !== undefined) mkdirSync(profileFolder, { recursive: true });
  const note = (text: string) => console.log(`    ${text}`);
  const share = new ForeignShare();
  try {
    const { quick, long } = options;
    const measured = await bench.run({ quick, long, profileFolder, folder, note });
    return { ...measured, foreignShare: share.read() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Repeats a disturbed run; where every try was disturbed, the least disturbed one counts. */
async function runUndisturbed(bench: Bench, options: Options): Promise<Measurement & { foreignShare: number }> {
  const tries: (Measurement & { foreignShare: number })[] = [];
  while (tries.length < REPEATS_MAX) {
    const run = await runOnce(bench, options);
    tries.push(run);
    const percent = (run.foreignShare * 100).toFixed(1);
    const disturbed = run.foreignShare > FOREIGN_SHARE_MAX;
    const numbers = bench.figures.map((figure) => `${figure.key} ${readable(run[figure.key] ?? NaN)}`).join(', ');
    console.log(`  ${numbers}; other processes took ${percent} %${disturbed ? ': disturbed' : ''}`);
    if (!disturbed || options.quick) return run;
  }
  return tries.sort((a, b) => a.foreignShare - b.foreignShare)[0]!;
}

async function runBench(bench: Bench, options: Options): Promise<Finished> {
  console.log(`\n${bench.name}: ${bench.title}`);
  const runs: Finished['runs'] = [];
  const wanted = options.quick || options.profile ? 1 : (bench.runs ?? RUNS);
  for (let i = 0; i < wanted; i++) runs.push(await runUndisturbed(bench, options));
  return { bench: bench.name, figures: bench.figures.map((spec) => judge(spec, runs)), runs };
}

function goalText({ goal, unit }: FigureResult): string {
  if (goal.atLeast !== undefined) return `>= ${readable(goal.atLeast)} ${unit}`;
  return goal.atMost === undefined ? '' : `<= ${readable(goal.atMost)} ${unit}`;
}

function table(finished: Finished[]): string {
  const lines = ['| figure | goal | measured (median) | beside it, in the same run | ok |', '|---|---|---|---|---|'];
  for (const figure of finished.flatMap((bench) => bench.figures)) {
    const verdict = figure.ok === undefined ? '' : figure.ok ? 'yes' : 'NO';
    const measured = `${readable(figure.median)} ${figure.unit}`.trim();
    lines.push(`| ${figure.title} | ${goalText(figure)} | ${measured} | ${figure.beside} | ${verdict} |`);
  }
  return lines.join('\n');
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) return;
  const machine = describeMachine(options.folder);
  console.log(machine);
  const finished: Finished[] = [];
  const failed: string[] = [];
  for (const bench of BENCHES) {
    if (options.only === undefined ? bench.long && !options.long : !options.only.includes(bench.name)) continue;
    try {
      finished.push(await runBench(bench, options));
    } catch (error) {
      failed.push(bench.name);
      console.error(`  ${bench.name} FAILED: ${(error as Error).stack}`);
    }
  }
  console.log(`\n${table(finished)}`);
  const at = new Date().toISOString();
  mkdirSync(join('bench', 'results'), { recursive: true });
  const file = join('bench', 'results', `${at.replaceAll(':', '-')}.json`);
  writeFileSync(file, JSON.stringify({ at, machine, options, finished, failed }, null, 2));
  console.log(`\nEvery run is in ${file}.`);
  if (failed.length > 0) console.log(`Failed: ${failed.join(', ')}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

// Ends through `exit`, so that servers are ended with it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGPIPE'] as const) process.once(signal, () => process.exit(1));
void main();
