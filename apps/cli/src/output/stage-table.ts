/** The stage counts as a table: a row for each stage, a column for each engagement. */
import { ENGAGEMENTS } from '@rapport/journey';
import type { StageCounts } from '../target/target';
import { formatCount, formatMoment, plural, table } from './table';

/** @param order names of the stages, lowest first; others follow as they come */
export function stageTable(counts: StageCounts, order: readonly string[] = []): string {
  const names = [...new Set([...order, ...counts.stages.map((row) => row.stage)])];
  const rows = names.map((stage) => {
    const own = counts.stages.filter((row) => row.stage === stage);
    const of = (engagement: string): number => sum(own.filter((row) => row.engagement === engagement));
    return [stage, ...ENGAGEMENTS.map(of), sum(own)];
  });
  const total = [
    'all',
    ...ENGAGEMENTS.map((e) => sum(counts.stages.filter((row) => row.engagement === e))),
    counts.total,
  ];
  const waiting = counts.unsettled > 0 ? `; history of ${plural(counts.unsettled, 'customer')} is not settled yet` : '';
  const asOf = `As of position ${counts.position} (${formatMoment(counts.asOf)} UTC)${waiting}.`;
  return `${table(['stage', ...ENGAGEMENTS, 'customers'], [...rows, total])}\n${asOf}`;
}

/** What the stages report says of a period, as a table. */
export interface StageReport {
  from: string;
  until: string;
  stages: { stage: string; opening: number; in: number; out: number; closing: number }[];
}

export function stageReportTable({ from, until, stages }: StageReport): string {
  const rows = stages.map((row) => [row.stage, row.opening, row.in, row.out, row.closing]);
  const all = formatCount(stages.reduce((total, row) => total + row.closing, 0));
  const title = `Over the time of these rows, ${formatMoment(from)} to ${formatMoment(until)} UTC (${all} customers at its end):`;
  return `${title}\n${table(['stage', 'opening', 'in', 'out', 'closing'], rows)}`;
}

const sum = (rows: readonly { customers: number }[]): number => rows.reduce((total, row) => total + row.customers, 0);
