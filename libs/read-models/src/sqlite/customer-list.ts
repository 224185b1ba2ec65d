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
import { CUSTOMER_COLUMNS, type SqlRow, toSummary } from './customer-columns';
import { and, andAlso, type Cell, cellTest, type CompiledFilter, compileFilter, type Source } from './customer-filter';
import type { CustomerSources } from './customer-sources';
import { type Key, merged, type Range, type RangePart } from './merged-ranges';
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

type Column = 'stage_since' | 'last_touchpoint_at' | 'customer_id';

const SORT_VALUES: Record<CustomerSort, (customer: CustomerSummary) => PageKey['value']> = {
  since: (customer) => customer.stageSince,
  lastTouchpoint: (customer) => customer.lastTouchpointAt,
  id: (customer) => customer.customerId,
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
    return { items, next: { value: SORT_VALUES[sort](last), customerId: last.customerId } };
  }

  private keyOf(after: PageKey | undefined): Key | undefined {
    if (after === undefined) return undefined;
    const no = this.statements.first('SELECT no FROM customers WHERE customer_id = ?', after.customerId)?.[0];
    return { value: after.value ?? NO_MOMENT, no: (no as number | undefined) ?? -1 };
  }

  private summary(no: number): CustomerSummary {
    const row = this.statements.first(`SELECT ${CUSTOMER_COLUMNS} FROM customers WHERE no = ?`, no);
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
    if (filter.residualBesideLast !== '') {
      const source = this.sources.fewest(filter, cells);
      if (source) return this.few(page, 'last_touchpoint_at', source);
    }
    return this.mergedCells(page, cells, (cell) => {
      const index = this.fewSince(filter, cell) ? 'customers_by_since' : 'customers_by_last';
      return this.rangeOf(page, 'last_touchpoint_at', index, cell);
    });
  }

  private bySince(page: Page): Key[] {
    const { filter } = page;
    const cells = this.sources.cells(filter);
    if (filter.residualBesideSince === '') {
      return this.mergedCells(page, cells, (cell) => this.rangeOf(page, 'stage_since', 'customers_by_since', cell));
    }
    const source = this.sources.fewest(filter, cells);
    if (source) return this.few(page, 'stage_since', source);
    return this.mergedCells(page, cells, (cell) =>
      this.fewLast(filter, cell)
        ? this.rangeOf(page, 'stage_since', 'customers_by_last', cell)
        : (after, wanted) => this.walkSince(page, cell, after, wanted),
    );
  }

  private byId(page: Page): Key[] {
    const { filter, after, descending } = page;
    const test = and([cellTest(filter), filter.residual]);
    const start = after ? `WHERE customer_id ${descending ? '<' : '>'} ?` : '';
    const inner = `SELECT customer_id, no, stage, engagement, kind, last_channel, unsettled, stage_since, last_touchpoint_at
      FROM customers INDEXED BY customers_by_id ${start} ORDER BY customer_id ${descending ? 'DESC' : 'ASC'}`;
    const parameters = after ? [after.value] : [];
    if (test === '') return this.keys(`${inner} LIMIT ?`, ...parameters, page.limit);
    const cells = this.sources.cells(filter);
    const source = this.sources.fewest(filter, cells);
    if (source) return this.few(page, 'customer_id', source);
    const matches = this.sources.matches(filter, cells, this.limits.sortedIdsMax + 1);
    if (matches > this.limits.sortedIdsMax) {
      // So many match that they come soon enough along the ids.
      const sql = `SELECT customer_id, no FROM (${inner} LIMIT ${this.limits.walkedIdsMax}) WHERE ${test} LIMIT ?`;
      const walked = this.keys(sql, ...parameters, page.limit);
      if (walked.length === page.limit) return walked;
    }
    return this.mergedCells(page, cells, (cell) => this.rangeOf(page, 'customer_id', 'customers_by_last', cell));
  }

  private fewSince(filter: CompiledFilter, cell: Cell): boolean {
    const max = this.limits.fewInCellMax;
    return filter.sinceBounded && this.sources.bySince(filter, cell, max + 1) <= max;
  }

  private fewLast(filter: CompiledFilter, cell: Cell): boolean {
    const max = this.limits.coveredInCellMax;
    return filter.lastBounded && this.sources.byLast(filter, cell, max + 1) <= max;
  }

  /** The matches of one cell. In the index's own order it stops at the last one asked for; else the best are kept. */
  private rangeOf(page: Page, column: Column, index: string, cell: Cell): Range {
    const own = index === `customers_by_${column === 'stage_since' ? 'since' : 'last'}` && column !== 'customer_id';
    return (after, asked) => {
      // Sorting costs the same for a whole page, so a range that is sorted is read once.
      const wanted = own ? asked : page.limit;
      const sql = `SELECT ${column}, no FROM customers INDEXED BY ${index} WHERE stage = ? AND engagement = ?
        ${andAlso(page.filter.residual)} ${afterKey(page, column, after)} ${orderBy(page, column)} LIMIT ?`;
      const keys = this.keys(sql, cell[0], cell[1], ...parametersOf(after), wanted);
      return { keys, more: keys.length === wanted };
    };
  }

  /** Along the list by time in stage, looking each row up; where they match too rarely, over the index that holds all columns. */
  private walkSince(page: Page, cell: Cell, after: Key | undefined, wanted: number): RangePart {
    const { filter } = page;
    const { from, to } = filter.since;
    const max = this.limits.walkedRowsMax;
    const range = `customers INDEXED BY customers_by_since WHERE stage = ? AND engagement = ?
      AND stage_since BETWEEN ${from} AND ${to} ${afterKey(page, 'stage_since', after)}`;
    const inner = `SELECT stage_since, no, kind, last_channel, unsettled, last_touchpoint_at FROM ${range}
      ${orderBy(page, 'stage_since')} LIMIT ${max}`;
    const sql = `SELECT stage_since, no FROM (${inner}) WHERE ${filter.residualBesideSince} LIMIT ?`;
    const parameters = [cell[0], cell[1], ...parametersOf(after)];
    const keys = this.keys(sql, ...parameters, wanted);
    if (keys.length === wanted) return { keys, more: true };
    const entries = this.statements.number(
      `SELECT count(*) FROM (SELECT 1 FROM ${range} LIMIT ${max + 1})`,
      ...parameters,
    );
    if (entries <= max) return { keys, more: false };
    return this.rangeOf(page, 'stage_since', 'customers_by_last', cell)(after, wanted);
  }

  /** Reads a source with few entries whole, and sorts. */
  private few(page: Page, column: Column, source: Source): Key[] {
    const { filter } = page;
    const sql = `SELECT ${column}, no FROM customers ${source.access} WHERE ${source.where}
      ${andAlso(cellTest(filter))} ${andAlso(filter.residual)}
      ${afterKey(page, column, page.after)} ${orderBy(page, column)} LIMIT ?`;
    return this.keys(sql, ...parametersOf(page.after), page.limit);
  }

  private mergedCells(page: Page, cells: readonly Cell[], range: (cell: Cell) => Range): Key[] {
    return merged(cells.map(range), page.after, page.limit, page.descending);
  }

  private keys(sql: string, ...parameters: (number | string)[]): Key[] {
    return this.statements
      .all(sql, ...parameters)
      .map((row) => ({ value: row[0] as number | string, no: row[1] as number }));
  }
}

function afterKey(page: Page, column: Column, after: Key | undefined): string {
  return after ? `AND (${column}, no) ${page.descending ? '<' : '>'} (?, ?)` : '';
}

function parametersOf(after: Key | undefined): (number | string)[] {
  return after ? [after.value, after.no] : [];
}

function orderBy(page: Page, column: Column): string {
  const direction = page.descending ? 'DESC' : 'ASC';
  return `ORDER BY ${column} ${direction}, no ${direction}`;
}
