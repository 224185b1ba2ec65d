/** Rows to test adapters with: complete, and every field can be named. */
import type { ChangeRow, CustomerRow, Flush } from '../read-models';

export const DAY_MS = 86_400_000;
/** 2026-01-01T00:00:00Z */
export const NEW_YEAR = 1_767_225_600_000;

export function customer(no: number, fields: Partial<CustomerRow> = {}): CustomerRow {
  return {
    no,
    customerId: `customer-${no}`,
    partition: no % 2,
    stage: 'lead',
    stageSince: NEW_YEAR,
    engagement: 'active',
    engagementSince: NEW_YEAR,
    kind: 'person',
    lastTouchpointAt: NEW_YEAR + no,
    lastChannel: 'web',
    touchpoints: 1,
    due: null,
    unsettled: false,
    definitionVersion: 1,
    state: Uint8Array.of(1, 2, no & 255),
    tail: Uint8Array.of(no & 255),
    ...fields,
  };
}

export function change(position: number, no: number, fields: Partial<ChangeRow> = {}): ChangeRow {
  return {
    position,
    part: 0,
    no,
    customerId: `customer-${no}`,
    axis: 'stage',
    from: null,
    to: 'lead',
    at: NEW_YEAR,
    recordedAt: NEW_YEAR + position,
    definitionVersion: 1,
    history: false,
    chain: false,
    ...fields,
  };
}

export function flush(position: number, parts: Partial<Flush> = {}): Flush {
  return {
    checkpoint: { position, recordedAt: NEW_YEAR + position, engine: `{"at":${position}}` },
    customers: [],
    chunks: [],
    profiles: [],
    changes: [],
    parked: [],
    counters: [],
    ...parts,
  };
}

/** The port speaks of bytes; adapters may hand out Buffers. */
export function plain<Row>(row: Row): Row {
  if (row instanceof Uint8Array) return Uint8Array.from(row) as Row;
  if (Array.isArray(row)) return row.map((item: unknown) => plain(item)) as Row;
  if (typeof row !== 'object' || row === null) return row;
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value as unknown)])) as Row;
}
