/** What an import says at its end: as JSON, and for people. */
import { formatCount, plural, printable, table } from '../output/table';
import { type StageReport, stageReportTable, stageTable } from '../output/stage-table';
import type { StageCounts } from '../target/target';
import type { BadRowEntry } from './error-file';
import type { ImportRun } from './import-run';
import type { SentTouchpoint } from './mapping/compile-mapping';

export interface ImportReport {
  file: string;
  dryRun: boolean;
  outcome: 'finished' | 'interrupted';
  target?: string;
  rows: number;
  /** Rows that make a touchpoint. */
  good: number;
  bad: number;
  skipped: number;
  skippedBecause: { [reason: string]: number };
  /** Good rows that an earlier, interrupted run had sent. */
  resumed: number;
  /** On disk because of this run, repeats included. */
  accepted: number;
  /** Of those, how many the store knew already. */
  repeats: number;
  newlyParked: number;
  /** Of a dry run. */
  customers?: { customers: number; exact: boolean };
  byType: { [type: string]: number };
  firstAt?: string;
  lastAt?: string;
  firstTouchpoints: SentTouchpoint[];
  firstBad: BadRowEntry[];
  errorFile?: string;
  seconds: number;
  rowsPerSecond: number;
  counts?: StageCounts;
  /** How the stages moved from the first row's moment to the last one's. */
  overTime?: StageReport;
}

interface Ended {
  file: string;
  dryRun: boolean;
  outcome: 'finished' | 'interrupted';
  run: ImportRun;
  seconds: number;
  target?: string;
  repeats?: number;
  newlyParked?: number;
  errorFile?: string;
  counts?: StageCounts;
  overTime?: StageReport;
}

export function importReport({ run, repeats = 0, newlyParked = 0, ...ended }: Ended): ImportReport {
  const { tally } = run;
  const accepted = run.sending?.accepted ?? 0;
  const customers = tally.customers();
  const dated = tally.good > 0;
  return {
    ...ended,
    rows: tally.rows,
    good: tally.good,
    bad: tally.bad,
    skipped: tally.skipped,
    skippedBecause: Object.fromEntries(tally.skipReasons),
    resumed: tally.resumed,
    accepted,
    // Where others write to the same server meanwhile, the figures hold their repeats too.
    repeats: Math.max(0, Math.min(repeats, accepted)),
    newlyParked: Math.max(0, newlyParked),
    ...(customers === undefined ? {} : { customers }),
    byType: Object.fromEntries([...tally.byType].sort()),
    ...(dated ? { firstAt: new Date(tally.firstAt).toISOString(), lastAt: new Date(tally.lastAt).toISOString() } : {}),
    firstTouchpoints: tally.first,
    firstBad: tally.firstBad,
    rowsPerSecond: ended.seconds > 0 ? Math.round(tally.rows / ended.seconds) : 0,
  };
}

export function reportText(report: ImportReport): string {
  const parts = [report.dryRun ? dryRunText(report) : sentText(report), typesText(report)];
  if (report.dryRun && report.firstTouchpoints.length > 0) {
    parts.push(
      `The first touchpoints:\n${report.firstTouchpoints.map((one) => `  ${JSON.stringify(one)}`).join('\n')}`,
    );
  }
  parts.push(skippedText(report), badText(report));
  if (report.overTime !== undefined) parts.push(stageReportTable(report.overTime));
  if (report.counts !== undefined) parts.push(stageTable(report.counts));
  return parts.filter((part) => part !== '').join('\n\n');
}

function sentText(report: ImportReport): string {
  const { accepted, repeats, rows, resumed } = report;
  const rate = `${report.seconds.toFixed(1)} s, ${formatCount(report.rowsPerSecond)} rows/s`;
  const read = `${plural(rows, 'row')} read, ${formatCount(accepted)} sent to ${report.target ?? 'the store'} (${rate}).`;
  const lines = [read];
  if (resumed > 0) lines.push(`${plural(resumed, 'row')} had been sent by an earlier run.`);
  if (report.outcome === 'interrupted') lines.push('Interrupted. Run the same command again to go on from here.');
  else if (accepted > 0 && repeats >= accepted) lines.push('Nothing changed: the store knew all of them already.');
  else if (accepted === 0 && resumed > 0) lines.push('Nothing was left to send.');
  else lines.push(`${formatCount(accepted - repeats)} are new, ${formatCount(repeats)} were there already.`);
  if (report.newlyParked > 0)
    lines.push(`${plural(report.newlyParked, 'touchpoint')} could not be folded and are parked: rapport parked`);
  return lines.join('\n');
}

function dryRunText(report: ImportReport): string {
  const { customers, exact } = report.customers ?? { customers: 0, exact: true };
  const people = `${exact ? '' : 'at least '}${plural(customers, 'customer')}`;
  const span = report.firstAt === undefined ? '' : `, from ${report.firstAt} to ${report.lastAt ?? ''}`;
  return `${plural(report.rows, 'row')} read: ${plural(report.good, 'touchpoint')} of ${people} would come${span}.`;
}

function typesText(report: ImportReport): string {
  const types = Object.entries(report.byType);
  return types.length === 0 ? '' : table(['type', 'touchpoints'], types);
}

function skippedText({ skipped, skippedBecause }: ImportReport): string {
  if (skipped === 0) return '';
  const reasons = Object.entries(skippedBecause).map(
    ([reason, count]) => `  ${formatCount(count)}: ${printable(reason)}`,
  );
  return `${plural(skipped, 'row')} left out:\n${reasons.join('\n')}`;
}

function badText({ bad, firstBad, errorFile }: ImportReport): string {
  if (bad === 0) return '';
  const lines = firstBad.map(({ line, reason }) => `  line ${line}: ${printable(reason)}`);
  const more = bad > firstBad.length ? [`  and ${formatCount(bad - firstBad.length)} more`] : [];
  const where = errorFile === undefined ? '' : ` All of them are in ${errorFile}`;
  return `${plural(bad, 'bad row')} did not come in.${where}\n${[...lines, ...more].join('\n')}`;
}
