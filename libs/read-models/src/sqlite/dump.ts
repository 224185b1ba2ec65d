/**
 * The canonical dump: one line of JSON for each row, in an order that depends on the content alone. What a rebuild may differ
 * in (numbers of names, the stamp of the checkpoint) is not in it. Lazy; it reads one snapshot.
 */
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { AXES } from './axes';
import { CUSTOMER_COLUMNS, type SqlRow, toCustomer } from './customer-columns';
import type { NameReader } from './names';
import { playDumpLines } from './play-dump';
import { rows } from './point-reads';

type Line = (row: SqlRow, names: NameReader) => unknown;

interface Model {
  model: string;
  sql: string;
  line: Line;
}

const hex = (bytes: unknown): string => Buffer.from(bytes as Uint8Array).toString('hex');
const BY_CUSTOMER = 'customers c INDEXED BY customers_by_id CROSS JOIN';

const MODELS: readonly Model[] = [
  {
    model: 'checkpoint',
    sql: 'SELECT position, engine FROM checkpoint',
    line: ([position, engine]) => ({ position, engine }),
  },
  {
    model: 'customer',
    sql: `SELECT ${CUSTOMER_COLUMNS} FROM customers INDEXED BY customers_by_id ORDER BY customer_id`,
    line: (row, names) => {
      const customer = toCustomer(row, names);
      return { ...customer, state: hex(customer.state), tail: hex(customer.tail) };
    },
  },
  {
    model: 'timelineChunk',
    sql: `SELECT c.customer_id, t.chunk, t.bytes FROM ${BY_CUSTOMER} timeline_chunks t ON t.no = c.no
      ORDER BY c.customer_id, t.chunk`,
    line: ([customerId, chunk, bytes]) => ({ customerId, chunk, bytes: hex(bytes) }),
  },
  {
    model: 'profile',
    sql: `SELECT c.customer_id, p.traits, p.personal FROM ${BY_CUSTOMER} profiles p ON p.no = c.no ORDER BY c.customer_id`,
    line: ([customerId, traits, personal]) => ({ customerId, traits, personal }),
  },
  {
    model: 'change',
    sql: `SELECT h.position, h.part, h.axis, c.customer_id, h.from_, h.to_, h.at, h.recorded_at, h.definition_version,
      h.history, h.chain, h.hidden FROM ${BY_CUSTOMER} changes h ON h.no = c.no
      ORDER BY c.customer_id, h.axis, h.at, h.position, h.part`,
    line: (
      [position, part, axis, customerId, from, to, at, recordedAt, definitionVersion, history, chain, hidden],
      names,
    ) => ({
      position,
      part,
      axis: AXES[axis as number],
      customerId,
      from: names.textOrNull(from as number),
      to: names.textOrNull(to as number),
      at,
      recordedAt,
      definitionVersion,
      history,
      chain,
      hidden,
    }),
  },
  {
    model: 'changeDay',
    sql: `SELECT d.axis, d.day, f.name, t.name, d.changes FROM change_days d LEFT JOIN names f ON f.id = d.from_
      LEFT JOIN names t ON t.id = d.to_ ORDER BY d.axis, d.day, f.name, t.name`,
    line: ([axis, day, from, to, changes]) => ({ axis: AXES[axis as number], day, from, to, changes }),
  },
  {
    model: 'parked',
    sql: 'SELECT position, customer_id, touchpoint_id, reason, detail, parked_at FROM parked ORDER BY position',
    line: ([position, customerId, touchpointId, reason, detail, parkedAt]) => ({
      position,
      customerId,
      touchpointId,
      reason,
      detail,
      parkedAt,
    }),
  },
  {
    model: 'counter',
    sql: `SELECT k.partition, s.name, e.name, k.customers FROM counters k LEFT JOIN names s ON s.id = k.stage
      LEFT JOIN names e ON e.id = k.engagement ORDER BY k.partition, s.name, e.name`,
    line: ([partition, stage, engagement, customers]) => ({ partition, stage, engagement, customers }),
  },
];

export function* dumpLines(db: DatabaseSyncInstance, names: NameReader): Iterable<string> {
  const own = !db.isTransaction;
  if (own) db.exec('BEGIN');
  try {
    for (const { model, sql, line } of MODELS) {
      for (const row of rows(db, sql).iterate() as Iterable<SqlRow>) {
        yield JSON.stringify({ model, ...(line(row, names) as object) });
      }
    }
    yield* playDumpLines(db);
  } finally {
    if (own) db.exec('COMMIT');
  }
}
