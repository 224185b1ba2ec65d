/**
 * Pages of customers. Lists are ordered by (value, no): the number stands for the customer id in ties, because it stands in
 * the index anyway and never changes.
 *
 * - A list by last touchpoint or by time in stage is one ordered range of an index for each cell (stage, engagement), merged.
 * - Other conditions are tested along the range. `customers_by_last` holds every column that a filter asks for, so testing
 *   it reads no rows.
 * - Where the matches are few (a rare channel or kind, a narrow span of time), they are read whole and sorted.
 */
import type { CustomerFilter, CustomerPage, CustomerSort, CustomerSummary, PageKey } from '../read-models';
import { type SqlRow, SUMMARY_COLUMNS, toSummary } from './customer-columns';
import { andAlso, type Cell, cellTest, type CompiledFilter, compileFilter, type Source } from './customer-filter';
import type { CustomerSources } from './customer-sources';
import type { NameReader } from './names';
import type { QueryLimits } from './query-limits';
import { NO_MOMENT } from './schema';
import type { Statements } from './statements';

interface Page {
  filter: CompiledFilter;
  descending: boolean;
  after: Key | undefined;
  /** One more than the page shows: tells whether there is a next one. */
  limit: number;
}
interface Key {
  value: number | string;
  no: number;
}

/** What each sort is ordered by. */
interface Order {
  column: string;
  value(customer: CustomerSummary): PageKey['value'];
}

const ORDERS: Record<CustomerSort, Order> = {
  since: { column: 'stage_since', value: (customer) => customer.stageSince },
  lastTouchpoint: { column: 'last_touchpoint_at', value: (customer) => customer.lastTouchpointAt },
  id: { column: 'customer_id', value: (customer) => customer.customerId },
};

export class CustomerList {
  constructor(
    private readonly statements: Statements,
    private readonly names: NameReader,
    private readonly sources: CustomerSources,
    private readonly limits: QueryLimits,
  ) {}

  page(
    filter: CustomerFilter,
    sort: CustomerSort,
    descending: boolean,
    after: PageKey | undefined,
    limit: number,
  ): CustomerPage {
    const compiled = compileFilter(filter, this.names);
    if (compiled.nothing) return { items: [] };
    const page: Page = { filter: compiled, descending, after: this.keyOf(after), limit: limit + 1 };
    const found = this.find(page, sort);
    const items = found.slice(0, limit).map((key) => this.summary(key.no));
    const last = items.at(-1);
    if (found.length <= limit || last === undefined) return { items };
    return { items, next: { value: ORDERS[sort].value(last), customerId: last.customerId } };
  }

  private keyOf(after: PageKey | undefined): Key | undefined {
    if (after === undefined) return undefined;
    const no = this.statements.first('SELECT no FROM customers WHERE customer_id = ?', after.customerId)?.[0];
    return { value: after.value ?? NO_MOMENT, no: (no as number | undefined) ?? -1 };
  }

  private summary(no: number): CustomerSummary {
    const row = this.statements.first(`SELECT ${SUMMARY_COLUMNS} FROM customers WHERE no = ?`, no);
    return toSummary(row as SqlRow, this.names);
  }

  private find(page: Page, sort: CustomerSort): Key[] {
    switch (sort) {
      case 'lastTouchpoint':
        return this.byLast(page);
      case 'since':
        return this.bySince(page);
      case 'id':
        return this.byId(page);
    }
  }

  private byLast(page: Page): Key[] {
    const { filter } = page;
    const cells = this.sources.cells(filter);
    const column = 'last_touchpoint_at';
    const source = filter.residualBesideLast === '' ? undefined : this.sources.fewest(filter, cells);
    if (source) return this.few(page, column, source);
    return this.merged(page, cells, (cell) => this.walk(page, column, 'customers_by_last', cell, filter.residual));
  }

  private bySince(page: Page): Key[] {
    const { filter } = page;
    const cells = this.sources.cells(filter);
    const column = 'stage_since';
    const beside = filter.residualBesideSince;
    if (beside === '') {
      return this.merged(page, cells, (cell) => this.walk(page, column, 'customers_by_since', cell, filter.residual));
    }
    const source = this.sources.fewest(filter, cells);
    if (source) return this.few(page, column, source);
    return this.merged(page, cells, (cell) => {
      const walked = this.walkSome(page, cell);
      // Not enough along the way: the other index, which holds every column, is read whole for this cell.
      return walked ?? this.walk(page, column, 'customers_by_last', cell, filter.residual);
    });
  }

  private byId(page: Page): Key[] {
    const { filter, after, descending } = page;
    const column = 'customer_id';
    const test = [cellTest(filter), filter.residual].filter((part) => part !== '').join(' AND ');
    const source = test === '' ? undefined : this.sources.fewest(filter, this.sources.cells(filter));
    if (source) return this.few(page, column, source);
    const start = after ? `WHERE customer_id ${descending ? '<' : '>'} ?` : '';
    const direction = descending ? 'DESC' : 'ASC';
    const inner = `SELECT customer_id, no, stage, engagement, kind, last_channel, unsettled, stage_since, last_touchpoint_at
      FROM customers INDEXED BY customers_by_id ${start} ORDER BY customer_id ${direction}`;
    const parameters = after ? [after.value] : [];
    if (test === '') return this.keys(`${inner} LIMIT ?`, ...parameters, page.limit);
    const walked = this.keys(
      `SELECT customer_id, no FROM (${inner} LIMIT ${this.limits.walkedIdsMax}) WHERE ${test} LIMIT ?`,
      ...parameters,
      page.limit,
    );
    if (walked.length === page.limit) return walked;
    return this.merged(page, this.sources.cells(filter), (cell) =>
      this.walk(page, column, 'customers_by_last', cell, filter.residual),
    );
  }

  /** The first matches of one cell. In the index's own order it stops at the last one needed; else the best are kept. */
  private walk(page: Page, column: string, index: string, cell: Cell, condition: string): Key[] {
    const sql = `SELECT ${column}, no FROM customers INDEXED BY ${index}
      WHERE stage = ? AND engagement = ? ${andAlso(condition)} ${afterKey(page, column)} ${orderBy(page, column)}`;
    return this.keys(sql, cell[0], cell[1], ...keyParameters(page), page.limit);
  }

  /** Along the list by time in stage, looking each row up; undefined where that did not fill the page. */
  private walkSome(page: Page, cell: Cell): Key[] | undefined {
    const { filter } = page;
    const bounds = filter.sinceBounded ? `AND stage_since BETWEEN ${filter.since.from} AND ${filter.since.to}` : '';
    const inner = `SELECT stage_since, no, kind, last_channel, unsettled, last_touchpoint_at
      FROM customers INDEXED BY customers_by_since WHERE stage = ? AND engagement = ? ${bounds}
      ${afterKey(page, 'stage_since')} ${orderBy(page, 'stage_since', this.limits.walkedRowsMax)}`;
    const sql = `SELECT stage_since, no FROM (${inner}) WHERE ${filter.residualBesideSince} LIMIT ?`;
    const walked = this.keys(sql, cell[0], cell[1], ...keyParameters(page), page.limit);
    return walked.length === page.limit ? walked : undefined;
  }

  /** Reads a source with few entries whole, and sorts. */
  private few(page: Page, column: string, source: Source): Key[] {
    const { filter } = page;
    const sql = `SELECT ${column}, no FROM customers INDEXED BY ${source.index} WHERE ${source.where}
      ${andAlso(cellTest(filter))} ${andAlso(filter.residual)} ${afterKey(page, column)} ${orderBy(page, column)}`;
    return this.keys(sql, ...keyParameters(page), page.limit);
  }

  private merged(page: Page, cells: readonly Cell[], of: (cell: Cell) => Key[]): Key[] {
    if (cells.length === 1) return of(cells[0] as Cell);
    const all = cells.flatMap(of);
    const sign = page.descending ? -1 : 1;
    all.sort((a, b) => sign * (compareValues(a.value, b.value) || a.no - b.no));
    return all.slice(0, page.limit);
  }

  private keys(sql: string, ...parameters: (number | string)[]): Key[] {
    return this.statements
      .all(sql, ...parameters)
      .map((row) => ({ value: row[0] as number | string, no: row[1] as number }));
  }
}

function afterKey(page: Page, column: string): string {
  return page.after ? `AND (${column}, no) ${page.descending ? '<' : '>'} (?, ?)` : '';
}

function keyParameters(page: Page): (number | string)[] {
  return page.after ? [page.after.value, page.after.no] : [];
}

function orderBy(page: Page, column: string, limit?: number): string {
  const direction = page.descending ? 'DESC' : 'ASC';
  return `ORDER BY ${column} ${direction}, no ${direction} LIMIT ${limit ?? '?'}`;
}

/** Texts in the order of their bytes, as the file has them. */
function compareValues(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}
