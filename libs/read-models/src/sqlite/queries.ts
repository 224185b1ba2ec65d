/** The queries of the port over a read-only connection. */
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import {
  type Axis,
  type ChangeFilter,
  type ChangeKey,
  type ChangeRow,
  type Checkpoint,
  type CounterRow,
  type CustomerCount,
  type CustomerFilter,
  type CustomerPage,
  type CustomerRow,
  type CustomerSort,
  type PageKey,
  type ParkedRow,
  type ProfileRow,
  ReadModelQueries,
  type StageFlow,
  type StandingPage,
} from '../read-models';
import { ChangeList } from './change-list';
import { CUSTOMER_COLUMNS, type SqlRow, toCustomer } from './customer-columns';
import { CustomerCounts } from './customer-count';
import { CustomerList } from './customer-list';
import { CustomerSources } from './customer-sources';
import { dumpLines } from './dump';
import { readModelPath } from './generation';
import { NameReader } from './names';
import { PlayList } from './play-list';
import { PointReads } from './point-reads';
import { openReadOnly } from './schema';
import { QUERY_LIMITS, type QueryLimits } from './query-limits';
import { StageReport } from './stage-report';
import { StandingList } from './standing-list';
import { Statements } from './statements';

export function openReadModelQueries(
  folder: string,
  generation: number,
  limits: QueryLimits = QUERY_LIMITS,
): SqliteReadModelQueries {
  return new SqliteReadModelQueries(openReadOnly(readModelPath(folder, generation)), limits);
}

export class SqliteReadModelQueries extends ReadModelQueries {
  readonly plays: PlayList;
  private readonly names: NameReader;
  private readonly points: PointReads;
  private readonly statements: Statements;
  private readonly list: CustomerList;
  private readonly counts: CustomerCounts;
  private readonly changeList: ChangeList;
  private readonly stages: StageReport;
  private readonly standingList: StandingList;

  constructor(
    private readonly db: DatabaseSyncInstance,
    limits: QueryLimits,
  ) {
    super();
    this.names = new NameReader(db);
    this.points = new PointReads(db, this.names);
    this.statements = new Statements(db);
    this.plays = new PlayList(db, this.statements);
    const sources = new CustomerSources(this.statements, limits.fewEntriesMax);
    this.list = new CustomerList(this.statements, this.names, sources, limits);
    this.counts = new CustomerCounts(this.statements, this.names, sources);
    this.changeList = new ChangeList(this.statements, this.names, limits);
    this.stages = new StageReport(this.statements, this.names);
    this.standingList = new StandingList(this.statements, this.names);
  }

  snapshot<T>(ask: () => T): T {
    if (this.db.isTransaction) return ask();
    this.db.exec('BEGIN');
    try {
      return ask();
    } finally {
      this.db.exec('COMMIT');
    }
  }

  checkpoint(): Checkpoint | null {
    return this.points.checkpoint();
  }

  customers(
    filter: CustomerFilter,
    sort: CustomerSort,
    descending: boolean,
    after: PageKey | undefined,
    limit: number,
  ): CustomerPage {
    return this.snapshot(() => this.list.page(filter, sort, descending, after, limit));
  }

  count(filter: CustomerFilter): CustomerCount {
    return this.snapshot(() => this.counts.count(filter));
  }

  customer(customerId: string): CustomerRow | null {
    const row = this.statements.first(`SELECT ${CUSTOMER_COLUMNS} FROM customers WHERE customer_id = ?`, customerId);
    return row === undefined ? null : toCustomer(row, this.names);
  }

  profile(no: number): ProfileRow | null {
    return this.points.profile(no);
  }

  chunks(no: number): Uint8Array[] {
    return this.points.chunks(no);
  }

  changes(filter: ChangeFilter, after: ChangeKey | undefined, limit: number): ChangeRow[] {
    return this.snapshot(() => this.changeList.list(filter, after, limit));
  }

  changesOf(no: number, axis: Axis): ChangeRow[] {
    return this.changeList.of(no, axis);
  }

  stageReport(from: number, until: number): StageFlow[] {
    return this.snapshot(() => this.stages.report(from, until));
  }

  standing(stage: string, before: number, after: number, limit: number): StandingPage {
    return this.standingList.page(stage, before, after, limit);
  }

  counters(): CounterRow[] {
    return this.points.counters();
  }

  unsettledCount(): number {
    return this.points.unsettledCount();
  }

  parked(after: number, limit: number): ParkedRow[] {
    const sql = `SELECT position, no, customer_id, touchpoint_id, reason, detail, parked_at FROM parked
      WHERE position > ? ORDER BY position LIMIT ?`;
    return this.statements.all(sql, after, limit).map(toParked);
  }

  parkedCount(): number {
    return this.statements.number('SELECT count(*) FROM parked');
  }

  dump(): Iterable<string> {
    return dumpLines(this.db, this.names);
  }

  close(): void {
    this.db.close();
  }
}

function toParked(row: SqlRow): ParkedRow {
  return {
    position: row[0] as number,
    no: row[1] as number,
    customerId: row[2] as string,
    touchpointId: row[3] as string,
    reason: row[4] as string,
    detail: row[5] as string,
    parkedAt: row[6] as number,
  };
}
