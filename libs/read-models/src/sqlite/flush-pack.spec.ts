import fc from 'fast-check';
import { plain } from '../contract/rows';
import type { ChangeOp, CustomerRow, Flush } from '../read-models';
import { AXES } from './axes';
import { readDetails } from './customer-details';
import { CHANGE_OPS, packFlush } from './flush-pack';
import { FlushReader, type PackedChange, type PackedCustomer } from './flush-reader';
import { NO_NAME } from './names';

const moment = fc.integer({ min: -1e14, max: 1e14 });
const text = fc.string({ unit: 'grapheme', maxLength: 90 });
const blob = fc.uint8Array({ maxLength: 300 });
const no = fc.integer({ min: 1, max: 2 ** 50 });

const customer = fc.record({
  no,
  customerId: text,
  partition: fc.nat(255),
  stage: fc.option(text),
  stageSince: fc.option(moment),
  engagement: fc.option(fc.constantFrom('active', 'lapsed')),
  engagementSince: fc.option(moment),
  kind: fc.constantFrom('person', 'partner'),
  lastTouchpointAt: moment,
  lastChannel: text,
  touchpoints: fc.nat(),
  due: fc.option(moment),
  unsettled: fc.boolean(),
  definitionVersion: fc.nat(),
  state: blob,
  tail: blob,
});
const changeRow = fc.record({
  position: no,
  part: fc.nat(),
  no,
  customerId: text,
  axis: fc.constantFrom('stage' as const, 'engagement' as const),
  from: fc.option(text),
  to: text,
  at: moment,
  recordedAt: moment,
  definitionVersion: fc.nat(),
  history: fc.boolean(),
  chain: fc.boolean(),
});
const changeOp = fc.oneof(
  fc.record({ op: fc.constant('add' as const), row: changeRow }),
  fc.record({ op: fc.constant('dropChain' as const), no }),
  fc.record({
    op: fc.constant('amend' as const),
    no,
    axis: fc.constantFrom('stage' as const, 'engagement' as const),
    position: no,
    from: fc.option(text),
    hidden: fc.boolean(),
  }),
);
const flush: fc.Arbitrary<Flush> = fc.record({
  checkpoint: fc.record({ position: no, recordedAt: moment, engine: text }),
  customers: fc.array(customer, { maxLength: 20 }),
  chunks: fc.array(fc.record({ no, chunk: fc.nat(), bytes: blob })),
  profiles: fc.array(fc.record({ no, customerId: text, traits: text, personal: text }), { maxLength: 3 }),
  changes: fc.array(changeOp),
  parked: fc.array(fc.record({ op: fc.constant('remove' as const), position: no }), { maxLength: 3 }),
  counters: fc.array(fc.record({ partition: fc.nat(), stage: text, engagement: text, customers: fc.nat() }), {
    maxLength: 3,
  }),
});

/** Numbers of names as a file gives them, and back. */
class Names {
  private readonly list: string[] = [];
  readonly numberOf = (name: string): number => 100 + this.list.push(name);

  text(number: number): string | null {
    return number === NO_NAME ? null : this.list[number - 101]!;
  }
}

function customerOf(row: PackedCustomer, names: Names): CustomerRow {
  return {
    no: row.no,
    customerId: row.customerId,
    partition: row.partition,
    stage: names.text(row.stage),
    stageSince: row.stageSince,
    engagement: names.text(row.engagement),
    kind: names.text(row.kind)!,
    lastTouchpointAt: row.lastTouchpointAt,
    lastChannel: names.text(row.lastChannel)!,
    due: row.due,
    unsettled: row.unsettled === 1,
    definitionVersion: row.definitionVersion,
    ...readDetails(row.details),
  };
}

function changeOf(row: PackedChange, names: Names): unknown {
  const { no, position, part, at, recordedAt, definitionVersion } = row;
  const op = CHANGE_OPS[row.op]!;
  if (op === 'dropChain') return { op, no };
  const axis = AXES[row.axis]!;
  const from = names.text(row.from);
  if (op === 'amend') return { op, no, axis, position, from, hidden: row.hidden === 1 };
  const flags = { history: row.history === 1, chain: row.chain === 1 };
  return {
    op,
    row: { position, part, no, axis, from, to: names.text(row.to), at, recordedAt, definitionVersion, ...flags },
  };
}

function readBack(given: Flush): unknown {
  const names = new Names();
  const reader = new FlushReader(packFlush(given), names.numberOf);
  const customers: CustomerRow[] = [];
  const changes: unknown[] = [];
  reader.eachCustomer((row) => customers.push(customerOf(row, names)));
  const chunks = reader.chunks();
  reader.eachChange((row) => changes.push(changeOf(row, names)));
  const { checkpoint, profiles, parked, counters } = reader.json;
  return plain({ checkpoint, customers, chunks, profiles, changes, parked, counters });
}

/** Customers and chunks come by rising number; a change knows its customer by the number alone. */
function expected(given: Flush): unknown {
  const byNo = <Row extends { no: number }>(rows: Row[]): Row[] => [...rows].sort((a, b) => a.no - b.no);
  return {
    ...given,
    customers: byNo([...given.customers]),
    chunks: byNo(given.chunks),
    changes: given.changes.map(withoutId),
  };
}

function withoutId(op: ChangeOp): unknown {
  if (op.op !== 'add') return op;
  const { customerId, ...row } = op.row;
  return customerId === undefined ? op : { op: op.op, row };
}

describe('a packed flush', () => {
  it('comes back as it was, whatever it holds', () => {
    fc.assert(
      fc.property(flush, (given) => {
        expect(readBack(given)).toEqual(expected(given));
      }),
      { numRuns: 200 },
    );
  });

  it('grows with what is put in', () => {
    const rows = Array.from({ length: 5000 }, (_, i) => ({ no: i, chunk: 0, bytes: new Uint8Array(100).fill(i) }));
    const given: Flush = { ...empty(), chunks: rows };
    expect(readBack(given)).toEqual(given);
  });
});

function empty(): Flush {
  const checkpoint = { position: 1, recordedAt: 2, engine: '{}' };
  return { checkpoint, customers: [], chunks: [], profiles: [], changes: [], parked: [], counters: [] };
}
