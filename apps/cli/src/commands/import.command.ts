/** `rapport import`: rows of a file become touchpoints, as history unless told otherwise. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { CommandFailed, EXIT, type ExitCode } from '../exit-code';
import { ErrorFile } from '../import/error-file';
import { ImportRun } from '../import/import-run';
import { importReport, reportText, type ImportReport } from '../import/import-report';
import { ProgressFile } from '../import/progress-file';
import { readMapping } from '../import/mapping/read-mapping';
import type { Mapping } from '../import/mapping/mapping.types';
import { TOUCHPOINT_LINES } from '../import/mapping/touchpoint-lines';
import { STDIN } from '../import/rows/file-lines';
import { openRows } from '../import/rows/open-rows';
import { RowIdentity } from '../import/rows/row-identity';
import { interruptSignal } from '../output/interrupt';
import { note, say } from '../output/notes';
import { Progress } from '../output/progress';
import type { StageReport } from '../output/stage-table';
import { formatCount } from '../output/table';
import { openTarget } from '../target/open-target';
import type { StoreFlags } from '../target/store-options';
import { settleAndWait, type StageCounts, type Target } from '../target/target';

export interface ImportFlags extends StoreFlags {
  map?: string;
  live?: boolean;
  dryRun?: boolean;
  errors?: string;
  resume: boolean;
  settle: boolean;
  json?: boolean;
}

const PROGRESS_SAVED_EVERY_MS = 1_000;
/** Where a store keeps how far its imports came. */
const PROGRESS_FOLDER = 'imports';

interface Source {
  file: string;
  mapping: Mapping;
  mappingFile: string;
  mappingText: string;
}

export async function importFile(file: string, flags: ImportFlags): Promise<ExitCode> {
  const source = readSource(file, flags.map);
  if (flags.dryRun) return dryRun(source, flags);
  // The mapping is checked against the file before the store is touched.
  const open = await openRows(source.file, source.mapping, source.mappingFile);
  const target = await openTarget(flags, true);
  try {
    return await importInto(target, source, open, flags);
  } finally {
    await target.close();
  }
}

function readSource(file: string, map: string | undefined): Source {
  if (file !== STDIN && !existsSync(file)) throw new CommandFailed(EXIT.notFound, `There is no file ${file}.`);
  if (map === undefined) {
    if (/\.(ndjson|jsonl)(\.gz)?$/.test(file) || file === STDIN) {
      return { file, mapping: TOUCHPOINT_LINES, mappingFile: '', mappingText: '' };
    }
    const mend = 'Name one with --map; docs/mappings has examples. NDJSON files of touchpoints (.ndjson) need none.';
    throw new CommandFailed(EXIT.usage, `How do the rows of ${file} become touchpoints? ${mend}`);
  }
  if (!existsSync(map)) throw new CommandFailed(EXIT.notFound, `There is no mapping file ${map}.`);
  const text = readFileSync(map, 'utf8');
  return { file, mapping: readMapping(map, text), mappingFile: map, mappingText: text };
}

async function dryRun(source: Source, flags: ImportFlags): Promise<ExitCode> {
  note('A dry run: nothing is sent, and no store is opened.');
  const open = await openRows(source.file, source.mapping, source.mappingFile);
  const progress = new Progress('Reading');
  const run = new ImportRun(open, {
    identity: new RowIdentity(source.mapping.name),
    errors: new ErrorFile(flags.errors),
    live: flags.live === true,
    resumeAfterLine: 0,
    signal: interruptSignal('Stopping.'),
    onStep: ({ tally, bytesRead }) => progress.show(tally.rows, 'rows', share(bytesRead, open.bytesTotal)),
  });
  const outcome = await run.run();
  progress.end();
  const report = importReport({ file: source.file, dryRun: true, outcome, run, seconds: 0 });
  return answer(report, flags);
}

async function importInto(
  target: Target,
  source: Source,
  open: Awaited<ReturnType<typeof openRows>>,
  flags: ImportFlags,
): Promise<ExitCode> {
  const started = performance.now();
  const before = await target.figures();
  const signal = interruptSignal('Stopping: waiting for what is under way. Ctrl-C again ends at once.');
  const memory = await progressMemory(target, source, flags);
  const errors = new ErrorFile(flags.errors ?? join(process.cwd(), `${basename(source.file)}.errors.ndjson`));
  const run = new ImportRun(open, {
    identity: new RowIdentity(source.mapping.name),
    errors,
    live: flags.live === true,
    resumeAfterLine: await resumeLine(target, memory),
    send: target.send,
    signal,
    onStep: steps(memory, source, open.bytesTotal),
  });
  let outcome: 'finished' | 'interrupted';
  try {
    outcome = await run.run();
  } catch (error) {
    memory?.save(run, source);
    throw error;
  }
  if (outcome === 'interrupted') memory?.save(run, source);
  else memory?.file.remove();
  if (outcome === 'finished' && flags.settle && !flags.live) note('Settling the history.');
  const counts = outcome === 'finished' && flags.settle ? await settled(target, signal) : undefined;
  const overTime = counts === undefined || run.tally.good === 0 ? undefined : await stagesOverTime(target, run);
  const after = await target.figures();
  const report = importReport({
    ...{ file: source.file, dryRun: false, outcome, run, counts, overTime, target: target.name },
    seconds: (performance.now() - started) / 1_000,
    repeats: after.duplicates - before.duplicates,
    newlyParked: after.parked - before.parked,
    ...(run.tally.bad > 0 ? { errorFile: errors.path } : {}),
  });
  return answer(report, flags);
}

async function settled(target: Target, signal: AbortSignal): Promise<StageCounts> {
  const progress = new Progress('Settling');
  let most = 0;
  const counts = await settleAndWait(target, signal, (unsettled) => {
    most = Math.max(most, unsettled);
    progress.show(most - unsettled, 'customers', (most - unsettled) / most);
  });
  progress.end();
  return counts;
}

/** Old rows say little about today: what the stages did while the rows happened says more. */
async function stagesOverTime(target: Target, { tally }: ImportRun): Promise<StageReport> {
  const params = { from: tally.firstAt, until: tally.lastAt + 1 };
  return JSON.parse((await target.query({ name: 'stagesReport', params })).json) as StageReport;
}

class ProgressMemory {
  private savedAt = performance.now();
  private writable = true;

  constructor(readonly file: ProgressFile) {}

  saveNowAndThen(run: ImportRun, source: Source): void {
    if (performance.now() - this.savedAt < PROGRESS_SAVED_EVERY_MS) return;
    this.save(run, source);
    this.savedAt = performance.now();
  }

  save(run: ImportRun, source: Source): void {
    const {
      acknowledgedLine: line,
      position,
      accepted,
    } = run.sending ?? { acknowledgedLine: 0, position: 0, accepted: 0 };
    if (!this.writable || line === 0) return;
    this.writable = this.file.write({
      file: resolve(source.file),
      mapping: source.mapping.name,
      line,
      position,
      accepted,
    });
    if (!this.writable)
      note('The progress cannot be written: an interrupted import would start over (repeats are dropped).');
  }
}

async function progressMemory(target: Target, source: Source, flags: ImportFlags): Promise<ProgressMemory | undefined> {
  // Without the store's folder there is no place that certainly belongs to the same store.
  if (source.file === STDIN || target.data === undefined || !flags.resume) return undefined;
  const folder = join(target.data, PROGRESS_FOLDER);
  return new ProgressMemory(await ProgressFile.of(folder, source.file, source.mappingText, flags.live === true));
}

async function resumeLine(target: Target, memory: ProgressMemory | undefined): Promise<number> {
  const found = memory?.file.read();
  if (found === undefined) return 0;
  // The log decides, not the read models: after a crash they come to it only a while later.
  const { head } = await target.figures();
  if (head < found.position) return 0;
  note(`Going on after line ${formatCount(found.line)}: an earlier run brought everything up to there.`);
  return found.line;
}

function steps(
  memory: ProgressMemory | undefined,
  source: Source,
  total: number | undefined,
): (run: ImportRun) => void {
  const progress = new Progress('Importing');
  return (run) => {
    progress.show(run.tally.rows, 'rows', share(run.bytesRead, total));
    if (total !== undefined && run.bytesRead >= total) progress.end();
    memory?.saveNowAndThen(run, source);
  };
}

const share = (done: number, total: number | undefined): number | undefined =>
  total === undefined || total === 0 ? undefined : Math.min(1, done / total);

function answer(report: ImportReport, flags: ImportFlags): ExitCode {
  say(flags.json ? JSON.stringify(report) : reportText(report));
  if (report.outcome === 'interrupted') return EXIT.interrupted;
  return report.bad > 0 ? EXIT.partial : EXIT.ok;
}
