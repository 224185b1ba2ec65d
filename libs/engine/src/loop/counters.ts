import type { CounterRow } from '@rapport/read-models';
import { countedAs, type CustomerRecord } from './customer-record';

/** Kept absolute for each partition: how many customers stand where. */
export class Counters {
  private readonly byKey = new Map<string, CounterRow>();

  constructor(rows: CounterRow[]) {
    for (const row of rows) this.byKey.set(keyOf(row), { ...row });
  }

  /** Moves the customer to where its state says it stands. */
  move(record: CustomerRecord): void {
    const before = record.counted;
    const { stage, engagement } = record.state;
    if (before && before.stage === (stage ?? '') && before.engagement === (engagement ?? '')) return;
    if (before) this.add(record.partition, before.stage, before.engagement, -1);
    record.counted = countedAs(stage, engagement);
    this.add(record.partition, record.counted.stage, record.counted.engagement, 1);
  }

  rows(): CounterRow[] {
    return [...this.byKey.values()];
  }

  customers(): number {
    let total = 0;
    for (const row of this.byKey.values()) total += row.customers;
    return total;
  }

  private add(partition: number, stage: string, engagement: string, by: number): void {
    const key = keyOf({ partition, stage, engagement });
    const row = this.byKey.get(key);
    if (row) row.customers += by;
    else this.byKey.set(key, { partition, stage, engagement, customers: by });
  }
}

function keyOf(row: Omit<CounterRow, 'customers'>): string {
  return `${row.partition}|${row.engagement}|${row.stage}`;
}
