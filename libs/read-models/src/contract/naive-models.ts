/** The same answers by plain code over plain arrays: what adapters are compared with. */
import type {
  ChangeFilter,
  ChangeOp,
  ChangeRow,
  CounterRow,
  CustomerFilter,
  CustomerRow,
  CustomerSort,
  StageFlow,
} from '../read-models';

type InForce = ChangeRow & { hidden: boolean };

export class NaiveChanges {
  private rows: InForce[] = [];

  apply(ops: readonly ChangeOp[]): void {
    for (const op of ops) {
      if (op.op === 'add') this.rows.push({ ...op.row, hidden: false });
      else if (op.op === 'dropChain') this.rows = this.rows.filter((row) => !(row.chain && row.no === op.no));
      else this.amend(op);
    }
  }

  private amend(op: Extract<ChangeOp, { op: 'amend' }>): void {
    for (const row of this.rows) {
      if (row.chain || row.no !== op.no || row.axis !== op.axis || row.position !== op.position) continue;
      row.from = op.from;
      row.hidden = op.hidden;
    }
  }

  inForce(): ChangeRow[] {
    const shown = this.rows.filter((row) => !row.hidden);
    shown.sort((a, b) => a.position - b.position || a.part - b.part);
    return shown.map((row) => {
      const { hidden, ...rest } = row;
      return hidden ? row : rest;
    });
  }

  list(filter: ChangeFilter): ChangeRow[] {
    const has = (wanted: string[] | undefined, value: string | null) =>
      wanted === undefined || wanted.length === 0 || (value !== null && wanted.includes(value));
    return this.inForce().filter(
      (row) =>
        row.axis === filter.axis &&
        has(filter.to, row.to) &&
        has(filter.from, row.from) &&
        (filter.customerId === undefined || row.customerId === filter.customerId) &&
        (filter.history === undefined || row.history === filter.history) &&
        row.at >= (filter.atFrom ?? -Infinity) &&
        row.at < (filter.atUntil ?? Infinity),
    );
  }

  report(from: number, until: number): StageFlow[] {
    const rows = this.inForce().filter((row) => row.axis === 'stage');
    const named = rows.filter((row) => row.at < until);
    const stages = new Set(named.flatMap((row) => (row.from === null ? [row.to] : [row.from, row.to])));
    const count = (test: (row: ChangeRow) => boolean): number => rows.filter(test).length;
    return [...stages].sort().map((stage) => {
      const opening =
        count((row) => row.at < from && row.to === stage) - count((row) => row.at < from && row.from === stage);
      const within = (row: ChangeRow): boolean => row.at >= from && row.at < until;
      const into = count((row) => within(row) && row.to === stage);
      const out = count((row) => within(row) && row.from === stage);
      return { stage, opening, in: into, out, closing: opening + into - out };
    });
  }
}

export function naiveMatches(row: CustomerRow, filter: CustomerFilter): boolean {
  const has = (wanted: string[] | undefined, value: string | null): boolean =>
    wanted === undefined || wanted.length === 0 || (value !== null && wanted.includes(value));
  const since = row.stageSince ?? Number.NaN;
  return (
    has(filter.stages, row.stage) &&
    has(filter.engagements, row.engagement) &&
    has(filter.kinds, row.kind) &&
    has(filter.channels, row.lastChannel) &&
    (filter.unsettled === undefined || row.unsettled === filter.unsettled) &&
    (filter.sinceFrom === undefined || since >= filter.sinceFrom) &&
    (filter.sinceTo === undefined || since <= filter.sinceTo) &&
    row.lastTouchpointAt >= (filter.lastFrom ?? -Infinity) &&
    row.lastTouchpointAt <= (filter.lastTo ?? Infinity)
  );
}

export function naiveSorted(rows: CustomerRow[], sort: CustomerSort, descending: boolean): CustomerRow[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => sign * (compare(a, b, sort) || a.no - b.no));
}

function compare(a: CustomerRow, b: CustomerRow, sort: CustomerSort): number {
  switch (sort) {
    case 'id':
      return Buffer.compare(Buffer.from(a.customerId), Buffer.from(b.customerId));
    case 'since':
      // Who has no stage comes before every moment.
      return (a.stageSince ?? Number.MIN_SAFE_INTEGER) - (b.stageSince ?? Number.MIN_SAFE_INTEGER);
    case 'lastTouchpoint':
      return a.lastTouchpointAt - b.lastTouchpointAt;
  }
}

export function naiveCounters(rows: CustomerRow[]): CounterRow[] {
  const cells = new Map<string, CounterRow>();
  for (const row of rows) {
    const cell = { partition: row.partition, stage: row.stage ?? '', engagement: row.engagement ?? '' };
    const key = JSON.stringify(cell);
    const counter = cells.get(key) ?? { ...cell, customers: 0 };
    counter.customers++;
    cells.set(key, counter);
  }
  return [...cells.values()];
}
