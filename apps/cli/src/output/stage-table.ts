/** The stage counts as a table: a row for each stage, a column for each engagement. */
import { ENGAGEMENTS } from '@rapport/journey';
import type { StageCounts } from '../target/target';
import { formatMoment, plural, table } from './table';

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

const sum = (rows: readonly { customers: number }[]): number => rows.reduce((total, row) => total + row.customers, 0);
