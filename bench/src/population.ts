/** A million customers as a shop has them, the same in every run. */
import type { ChangeRow, CounterRow, CustomerRow, Flush } from '@rapport/read-models';
import { seeded } from './touchpoints';

export const DAY_MS = 86_400_000;
export const NOW = Date.UTC(2026, 0, 1);
export const PARTITIONS = 8;

const STAGES = ['lead', 'lead', 'lead', 'lead', 'lead', 'customer', 'customer', 'customer', 'loyal', 'advocate'];
const ENGAGEMENTS = ['active', 'active', 'cooling', 'at risk', 'lapsed', 'lapsed'];
const CHANNELS = ['web', 'web', 'web', 'app', 'app', 'store', 'e-mail', 'phone', 'chat', 'social'];

export class Population {
  private readonly random = seeded(7);
  private readonly state = new Uint8Array(180).fill(7);
  private readonly tail = new Uint8Array(110).fill(9);

  private pick(names: readonly string[]): string {
    return names[Math.floor(this.random() * names.length)] as string;
  }

  row(no: number, lastTouchpointAt: number): CustomerRow {
    const age = 1 - (NOW - lastTouchpointAt) / (550 * DAY_MS);
    const rareChannel = this.random() < 0.0003;
    return {
      no,
      customerId: `customer-${(Math.imul(no, 2_654_435_761) >>> 0).toString(36)}-${no}`,
      partition: no % PARTITIONS,
      stage: this.pick(STAGES),
      stageSince: Math.floor(lastTouchpointAt - this.random() * 90 * DAY_MS),
      engagement: age > 0.9 ? 'active' : this.pick(ENGAGEMENTS),
      engagementSince: lastTouchpointAt,
      kind: this.random() < 0.995 ? 'person' : this.pick(['employee', 'partner']),
      lastTouchpointAt,
      lastChannel: rareChannel ? 'fax' : this.pick(CHANNELS),
      touchpoints: 10,
      due: this.random() < 0.8 ? Math.floor(lastTouchpointAt + 200 * DAY_MS) : null,
      unsettled: false,
      definitionVersion: 1,
      state: this.state,
      tail: this.tail,
    };
  }

  old(no: number): CustomerRow {
    return this.row(no, Math.floor(NOW - this.random() * 550 * DAY_MS));
  }

  changes(row: CustomerRow): ChangeRow[] {
    const first = Math.floor((row.stageSince ?? NOW) - this.random() * 200 * DAY_MS);
    const one = (position: number, from: string | null, to: string, at: number): ChangeRow => ({
      position,
      part: 0,
      no: row.no,
      customerId: row.customerId,
      axis: 'stage',
      from,
      to,
      at,
      recordedAt: at,
      definitionVersion: 1,
      history: position % 3 !== 0,
      chain: false,
    });
    const rows = [one(row.no + 1, null, 'lead', first)];
    if (row.stage !== 'lead') rows.push(one(row.no + 2, 'lead', row.stage as string, row.stageSince as number));
    rows.push({ ...one(row.no + 3, null, 'active', first), axis: 'engagement' });
    return rows;
  }
}

export function flushOf(
  position: number,
  customers: CustomerRow[],
  changes: ChangeRow[],
  counters: CounterRow[],
): Flush {
  return {
    checkpoint: { position, recordedAt: NOW, engine: '{}' },
    customers,
    chunks: [],
    profiles: [],
    changes: changes.map((row) => ({ op: 'add', row })),
    parked: [],
    counters,
  };
}

/** Kept counters of a population. */
export class Cells {
  private readonly cells = new Map<string, CounterRow>();

  add(row: CustomerRow): void {
    const key = `${row.partition} ${row.stage} ${row.engagement}`;
    const cell = this.cells.get(key);
    if (cell) cell.customers++;
    else
      this.cells.set(key, {
        partition: row.partition,
        stage: row.stage ?? '',
        engagement: row.engagement ?? '',
        customers: 1,
      });
  }

  rows(): CounterRow[] {
    return [...this.cells.values()];
  }
}
