/** Lines of the dump about plays, in an order that depends on the content alone. */
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { SqlRow } from './customer-columns';
import { ACTION_COLUMNS, ENROLMENT_COLUMNS, hasPlayTables, toAction, toEnrolment } from './play-columns';
import { rows } from './point-reads';

const MODELS: readonly { model: string; sql: string; line: (row: SqlRow) => object }[] = [
  {
    model: 'enrolment',
    sql: `SELECT ${ENROLMENT_COLUMNS} FROM enrolments ORDER BY no, play, enrolment`,
    line: toEnrolment,
  },
  { model: 'action', sql: `SELECT ${ACTION_COLUMNS} FROM actions ORDER BY action`, line: toAction },
  {
    model: 'playWithheld',
    sql: 'SELECT no, play, position FROM play_withheld ORDER BY no, play',
    line: ([no, play, position]) => ({ no, play, position }),
  },
  {
    model: 'playCounter',
    sql: 'SELECT play, held, what, count FROM play_counters ORDER BY play, held, what',
    line: ([play, held, what, count]) => ({ play, held, what, count }),
  },
];

export function* playDumpLines(db: DatabaseSyncInstance): Iterable<string> {
  if (!hasPlayTables(db)) return;
  for (const { model, sql, line } of MODELS)
    for (const row of rows(db, sql).iterate() as Iterable<SqlRow>) yield JSON.stringify({ model, ...line(row) });
}
