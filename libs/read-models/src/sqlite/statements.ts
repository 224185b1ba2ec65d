/** Prepared statements by their text. Filters make texts; the oldest statement goes when there are too many. */
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import type { SqlRow, SqlValue } from './customer-columns';
import { rows } from './point-reads';

const STATEMENTS_KEPT_MAX = 200;

export class Statements {
  private readonly kept = new Map<string, StatementSyncInstance>();

  constructor(private readonly db: DatabaseSyncInstance) {}

  all(sql: string, ...parameters: SqlValue[]): SqlRow[] {
    return this.get(sql).all(...parameters) as SqlRow[];
  }

  first(sql: string, ...parameters: SqlValue[]): SqlRow | undefined {
    return this.get(sql).get(...parameters) as SqlRow | undefined;
  }

  /** The one number that the statement answers. */
  number(sql: string, ...parameters: SqlValue[]): number {
    return (this.first(sql, ...parameters) as SqlRow)[0] as number;
  }

  private get(sql: string): StatementSyncInstance {
    const kept = this.kept.get(sql);
    if (kept !== undefined) {
      this.kept.delete(sql);
      this.kept.set(sql, kept);
      return kept;
    }
    const statement = rows(this.db, sql);
    this.kept.set(sql, statement);
    if (this.kept.size > STATEMENTS_KEPT_MAX) {
      for (const oldest of this.kept.keys()) {
        this.kept.delete(oldest);
        break;
      }
    }
    return statement;
  }
}
