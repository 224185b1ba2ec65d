/** The queries of plays. A file that no writer of this version has opened yet has none. */
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type {
  ActionFilter,
  ActionRow,
  EnrolmentFilter,
  EnrolmentRow,
  PlayCounterRow,
  PlayQueries,
  WithheldRow,
} from '../play-rows';
import type { SqlRow, SqlValue } from './customer-columns';
import { ACTION_COLUMNS, ENROLMENT_COLUMNS, hasPlayTables, toAction, toEnrolment } from './play-columns';
import type { Statements } from './statements';

/** Conditions of a WHERE and their values. */
class Conditions {
  readonly values: SqlValue[] = [];
  private readonly texts: string[] = [];

  constructor(after: number) {
    this.texts.push('position > ?');
    this.values.push(after);
  }

  is(column: string, value: SqlValue | undefined): this {
    if (value !== undefined) this.oneOf(column, [value]);
    return this;
  }

  oneOf(column: string, values: readonly SqlValue[] | undefined): this {
    if (values === undefined || values.length === 0) return this;
    this.texts.push(values.length === 1 ? `${column} = ?` : `${column} IN (${values.map(() => '?').join(', ')})`);
    this.values.push(...values);
    return this;
  }

  get where(): string {
    return this.texts.join(' AND ');
  }
}

export class PlayList implements PlayQueries {
  private present = false;

  constructor(
    private readonly db: DatabaseSyncInstance,
    private readonly statements: Statements,
  ) {}

  enrolments({ no, play, phase }: EnrolmentFilter, after: number, limit: number): EnrolmentRow[] {
    const conditions = new Conditions(after).is('no', no).is('play', play).is('phase', phase);
    return this.list('enrolments', ENROLMENT_COLUMNS, conditions, limit).map(toEnrolment);
  }

  actions(filter: ActionFilter, after: number, limit: number): ActionRow[] {
    const conditions = new Conditions(after)
      .oneOf('state', filter.states)
      .oneOf('channel', filter.channels)
      .oneOf('play', filter.plays)
      .is('no', filter.no)
      .is('team', filter.team)
      .is('assignee', filter.assignee);
    return this.list('actions', ACTION_COLUMNS, conditions, limit).map(toAction);
  }

  action(action: string): ActionRow | null {
    if (!this.tables) return null;
    const row = this.statements.first(`SELECT ${ACTION_COLUMNS} FROM actions WHERE action = ?`, action);
    return row === undefined ? null : toAction(row);
  }

  withheld(no: number): WithheldRow[] {
    if (!this.tables) return [];
    return this.statements
      .all('SELECT play, position FROM play_withheld WHERE no = ? ORDER BY play', no)
      .map((row) => ({ play: row[0] as string, position: row[1] as number }));
  }

  counters(): PlayCounterRow[] {
    if (!this.tables) return [];
    return this.statements
      .all('SELECT play, held, what, count FROM play_counters ORDER BY play, held, what')
      .map((row) => ({
        play: row[0] as string,
        held: row[1] === 1,
        what: row[2] as string,
        count: row[3] as number,
      }));
  }

  private list(table: string, columns: string, conditions: Conditions, limit: number): SqlRow[] {
    if (!this.tables) return [];
    const sql = `SELECT ${columns} FROM ${table} WHERE ${conditions.where} ORDER BY position LIMIT ?`;
    return this.statements.all(sql, ...conditions.values, limit);
  }

  /** Looked for until they are there. */
  private get tables(): boolean {
    return (this.present ||= hasPlayTables(this.db));
  }
}
