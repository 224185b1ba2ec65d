/** How many customers an index would have to look at: tells whether a filter's matches are few enough to sort. */
import { andAlso, type Cell, cellTest, type CompiledFilter, type Source } from './customer-filter';
import type { Statements } from './statements';

const NEXT_ENGAGEMENT = `SELECT stage, engagement FROM customers INDEXED BY customers_by_last
  WHERE stage = ? AND engagement > ? ORDER BY engagement LIMIT 1`;
const NEXT_STAGE = `SELECT stage, engagement FROM customers INDEXED BY customers_by_last
  WHERE stage > ? ORDER BY stage, engagement LIMIT 1`;

export class CustomerSources {
  constructor(
    private readonly statements: Statements,
    private readonly fewEntriesMax: number,
  ) {}

  /** The cells that hold customers and that the filter lets through. */
  cells(filter: CompiledFilter): Cell[] {
    if (filter.nothing) return [];
    const { stages, engagements } = filter;
    if (stages && engagements) return stages.flatMap((stage) => engagements.map((value): Cell => [stage, value]));
    return this.occupied().filter(
      ([stage, engagement]) => (stages?.includes(stage) ?? true) && (engagements?.includes(engagement) ?? true),
    );
  }

  /** A few dozen seeks in the index, whatever the number of customers. */
  private occupied(): Cell[] {
    const cells: Cell[] = [];
    let last: Cell = [-1, -1];
    for (;;) {
      const next =
        this.statements.first(NEXT_ENGAGEMENT, last[0], last[1]) ?? this.statements.first(NEXT_STAGE, last[0]);
      if (next === undefined) return cells;
      last = [next[0] as number, next[1] as number];
      cells.push(last);
    }
  }

  /** A source that holds every match and has few entries; undefined where there is none. */
  fewest(filter: CompiledFilter, cells: readonly Cell[]): Source | undefined {
    for (const source of filter.sources) if (this.isFew(source)) return source;
    const byCell = cellTest(filter);
    if (filter.sinceBounded && this.isFewBy((cell, rest) => this.bySince(filter, cell, rest), cells)) {
      const { from, to } = filter.since;
      const where = `(stage, engagement) IN (${listed(cells)}) AND stage_since BETWEEN ${from} AND ${to}`;
      return { access: 'INDEXED BY customers_by_since', where };
    }
    if ((byCell !== '' || filter.lastBounded) && this.isFewBy((cell, rest) => this.byLast(filter, cell, rest), cells)) {
      const { from, to } = filter.last;
      const where = `(stage, engagement) IN (${listed(cells)}) AND last_touchpoint_at BETWEEN ${from} AND ${to}`;
      return { access: 'INDEXED BY customers_by_last', where };
    }
    return undefined;
  }

  private isFewBy(count: (cell: Cell, rest: number) => number, cells: readonly Cell[]): boolean {
    return summed(cells, this.fewEntriesMax + 1, count) <= this.fewEntriesMax;
  }

  private isFew({ access, where, entries, incomplete }: Source): boolean {
    if (incomplete !== undefined && this.countUpTo(incomplete, 1) > 0) return false;
    return (
      this.countUpTo(entries ?? `customers ${access} WHERE ${where}`, this.fewEntriesMax + 1) <= this.fewEntriesMax
    );
  }

  /** Entries of one cell within the bounds of the last touchpoint, up to `max`. */
  byLast({ last }: CompiledFilter, cell: Cell, max: number): number {
    return this.countCell('customers_by_last', `last_touchpoint_at BETWEEN ${last.from} AND ${last.to}`, cell, max);
  }

  /** Entries of one cell within the bounds of the time in stage, up to `max`. */
  bySince({ since }: CompiledFilter, cell: Cell, max: number): number {
    return this.countCell('customers_by_since', `stage_since BETWEEN ${since.from} AND ${since.to}`, cell, max);
  }

  /** Customers that the whole filter lets through, up to `max`: reads no rows. */
  matches(filter: CompiledFilter, cells: readonly Cell[], max: number): number {
    return summed(cells, max, (cell, rest) => this.countCell('customers_by_last', filter.residual, cell, rest));
  }

  /** Entries of one cell in an index, up to `max`. */
  private countCell(index: string, condition: string, [stage, engagement]: Cell, max: number): number {
    const from = `customers INDEXED BY ${index} WHERE stage = ? AND engagement = ? ${andAlso(condition)}`;
    return this.countUpTo(from, max, stage, engagement);
  }

  private countUpTo(from: string, max: number, ...parameters: number[]): number {
    return this.statements.number(`SELECT count(*) FROM (SELECT 1 FROM ${from} LIMIT ?)`, ...parameters, max);
  }
}

/** No cell at all (an empty store) is a cell that no customer stands in: SQL knows no empty list of values. */
function listed(cells: readonly Cell[]): string {
  if (cells.length === 0) return 'VALUES (-1,-1)';
  return `VALUES ${cells.map(([stage, engagement]) => `(${stage},${engagement})`).join()}`;
}

function summed(cells: readonly Cell[], max: number, count: (cell: Cell, rest: number) => number): number {
  let sum = 0;
  for (const cell of cells) {
    sum += count(cell, max - sum);
    if (sum >= max) break;
  }
  return sum;
}
