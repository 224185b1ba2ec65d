import type { CounterRow } from '@rapport/read-models';
import type { CustomerRecord } from './customer-record';

/** Kept absolute for each partition: how many customers stand where. Who has no stage yet is counted under the empty name. */
export class Counters {
  private readonly cells: CounterRow[] = [];
  /** By partition, stage and engagement. */
  private readonly places: Map<string, Map<string, CounterRow>>[] = [];

  constructor(rows: CounterRow[]) {
    for (const row of rows) this.cell(row.partition, row.stage, row.engagement).customers = row.customers;
  }

  /** Moves the customer to where its state says it stands. */
  move(record: CustomerRecord): void {
    const before = record.counted;
    const { state } = record;
    const stage = state.stage ?? '';
    const engagement = state.engagement ?? '';
    if (before && before.stage === stage && before.engagement === engagement) return;
    if (before) before.customers -= 1;
    const cell = this.cell(record.partition, stage, engagement);
    cell.customers += 1;
    record.counted = cell;
  }

  /** Where a customer is counted whose row says so. */
  countedAs(partition: number, stage: string | null, engagement: string | null): CounterRow {
    return this.cell(partition, stage ?? '', engagement ?? '');
  }

  rows(): CounterRow[] {
    return this.cells.map((cell) => ({ ...cell }));
  }

  customers(): number {
    let total = 0;
    for (const cell of this.cells) total += cell.customers;
    return total;
  }

  private cell(partition: number, stage: string, engagement: string): CounterRow {
    const stages = (this.places[partition] ??= new Map<string, Map<string, CounterRow>>());
    let engagements = stages.get(stage);
    if (engagements === undefined) stages.set(stage, (engagements = new Map<string, CounterRow>()));
    let cell = engagements.get(engagement);
    if (cell === undefined) {
      cell = { partition, stage, engagement, customers: 0 };
      engagements.set(engagement, cell);
      this.cells.push(cell);
    }
    return cell;
  }
}
