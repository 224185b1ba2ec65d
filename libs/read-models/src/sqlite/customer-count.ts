/** Counts of customers: by stage and engagement from the kept counters, by anything else up to a bound. */
import { COUNT_MAX, type CustomerCount, type CustomerFilter } from '../read-models';
import { andAlso, cellTest, type CompiledFilter, compileFilter } from './customer-filter';
import type { CustomerSources } from './customer-sources';
import type { NameReader } from './names';
import type { Statements } from './statements';

export class CustomerCounts {
  constructor(
    private readonly statements: Statements,
    private readonly names: NameReader,
    private readonly sources: CustomerSources,
  ) {}

  count(filter: CustomerFilter): CustomerCount {
    const compiled = compileFilter(filter, this.names);
    if (compiled.nothing) return { customers: 0, exact: true };
    if (compiled.residual === '') return { customers: this.kept(compiled), exact: true };
    const found = this.upTo(compiled, COUNT_MAX + 1);
    return { customers: Math.min(found, COUNT_MAX), exact: found <= COUNT_MAX };
  }

  private kept(filter: CompiledFilter): number {
    const test = cellTest(filter);
    return this.statements.number(
      `SELECT coalesce(sum(customers), 0) FROM counters ${test === '' ? '' : `WHERE ${test}`}`,
    );
  }

  private upTo(filter: CompiledFilter, max: number): number {
    const cells = this.sources.cells(filter);
    const source = this.sources.fewest(filter, cells);
    if (source) {
      const from = `customers ${source.access} WHERE ${source.where}`;
      return this.statements.number(
        `SELECT count(*) FROM ${from} ${andAlso(cellTest(filter))} ${andAlso(filter.residual)}`,
      );
    }
    return this.sources.matches(filter, cells, max);
  }
}
