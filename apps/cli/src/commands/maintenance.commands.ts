/** `rapport rebuild`, `verify` and `backup`: they read the store's files themselves, also while a server runs. */
import { resolve } from 'node:path';
import { backupStore, rebuildStore, verifyStore } from '@rapport/engine';
import { EXIT, type ExitCode } from '../exit-code';
import { note, say } from '../output/notes';
import { Progress } from '../output/progress';
import { formatCount, plural, printable } from '../output/table';
import { requireStore } from '../target/open-target';
import { readStoreOptions } from '../target/store-options';
import type { JsonFlags } from './operations.commands';

function storeOf(flags: JsonFlags): string {
  const { data } = readStoreOptions(flags);
  requireStore(data);
  note(`Reading the files of the store in ${data}.`);
  return data;
}

export async function rebuild(flags: JsonFlags & { compare: boolean }): Promise<ExitCode> {
  const progress = new Progress('Rebuilding');
  const summary = await rebuildStore(storeOf(flags), {
    compare: flags.compare,
    progress: ({ folded, total }) => progress.show(folded, 'inputs', folded / Math.max(total, 1)),
  });
  progress.end();
  if (flags.json) say(JSON.stringify(summary));
  else {
    const rate = formatCount(Math.round(summary.inputs / Math.max(summary.seconds, 0.001)));
    say(
      `${plural(summary.inputs, 'input')} of ${plural(summary.customers, 'customer')} folded in ${summary.seconds.toFixed(1)} s (${rate}/s), ` +
        `with ${plural(summary.decisions, 'decision')} compared.`,
    );
    const compared =
      summary.liveDump === null ? 'were not compared with the live ones' : 'are byte for byte what the live ones were';
    say(`The new read models (generation ${summary.generation}) ${compared} at position ${summary.position}.`);
    say(summary.served ? 'The running server takes them over by itself.' : 'They are in use from now on.');
  }
  return EXIT.ok;
}

export function verify(flags: JsonFlags): ExitCode {
  const log = new Progress('Checking the log');
  const evidence = new Progress('Checking the evidence');
  const report = verifyStore(storeOf(flags), ({ phase, done, total }) => {
    if (phase === 'log') log.show(done, 'events', done / Math.max(total, 1));
    else evidence.show(done, 'partitions', done / Math.max(total, 1));
  });
  log.end();
  evidence.end();
  if (flags.json) say(JSON.stringify(report));
  else {
    say(
      `${plural(report.events, 'event')} in ${plural(report.chunks, 'chunk')}, ${plural(report.decisions, 'decision')} about ` +
        `${plural(report.customers, 'customer')} checked in ${report.seconds.toFixed(1)} s.`,
    );
    for (const problem of report.problems) say(`  ${printable(problem)}`);
    const unnamed = report.problemCount - report.problems.length;
    if (unnamed > 0) say(`  and ${formatCount(unnamed)} more`);
    say(
      report.problemCount === 0
        ? 'The log is whole and all evidence holds.'
        : `${plural(report.problemCount, 'problem')} found.`,
    );
  }
  return report.problemCount === 0 ? EXIT.ok : EXIT.failure;
}

export async function backup(folder: string, flags: JsonFlags): Promise<ExitCode> {
  const summary = await backupStore(storeOf(flags), resolve(folder));
  if (flags.json) say(JSON.stringify(summary));
  else
    say(
      `Copied up to position ${summary.position} into ${summary.target}. Check it with: rapport verify --data ${folder}`,
    );
  return EXIT.ok;
}
