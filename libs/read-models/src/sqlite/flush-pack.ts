/**
 * A flush as one buffer and back. Names that repeat (stages, engagements, kinds, channels) are texts once and numbers
 * from then on.
 */
import type { ChangeOp, ChangeRow, CustomerRow, Flush } from '../read-models';
import { BytePacker, ByteUnpacker } from './byte-pack';
import { AXES, axisNumber } from './change-writer';

export interface PackedFlush {
  buffer: ArrayBuffer;
  length: number;
}

const NULL_REFERENCE = 0;
const NEW_NAME = 1;
const FIRST_REFERENCE = 2;

class NamePacker {
  private readonly references = new Map<string, number>();
  constructor(private readonly into: BytePacker) {}

  put(name: string | null): void {
    if (name === null) {
      this.into.int(NULL_REFERENCE);
      return;
    }
    const reference = this.references.get(name);
    if (reference !== undefined) {
      this.into.int(reference);
      return;
    }
    this.references.set(name, this.references.size + FIRST_REFERENCE);
    this.into.int(NEW_NAME);
    this.into.text(name);
  }
}

class NameUnpacker {
  private readonly names: string[] = [];
  constructor(private readonly from: ByteUnpacker) {}

  get(): string | null {
    const reference = this.from.int();
    if (reference === NULL_REFERENCE) return null;
    if (reference !== NEW_NAME) return this.names[reference - FIRST_REFERENCE] as string;
    const name = this.from.text();
    this.names.push(name);
    return name;
  }

  known(): string {
    return this.get() as string;
  }
}

export function packFlush(flush: Flush): PackedFlush {
  const into = new BytePacker();
  const names = new NamePacker(into);
  into.number(flush.checkpoint.position);
  into.number(flush.checkpoint.recordedAt);
  into.text(flush.checkpoint.engine);
  into.int(flush.customers.length);
  for (const row of flush.customers) packCustomer(row, into, names);
  into.int(flush.chunks.length);
  for (const row of flush.chunks) {
    into.number(row.no);
    into.int(row.chunk);
    into.blob(row.bytes);
  }
  into.int(flush.changes.length);
  for (const op of flush.changes) packChange(op, into, names);
  into.text(JSON.stringify({ profiles: flush.profiles, parked: flush.parked, counters: flush.counters }));
  return into.finish();
}

function packCustomer(row: CustomerRow, into: BytePacker, names: NamePacker): void {
  into.number(row.no);
  into.text(row.customerId);
  into.int(row.partition);
  names.put(row.stage);
  into.number(row.stageSince);
  names.put(row.engagement);
  into.number(row.engagementSince);
  names.put(row.kind);
  into.number(row.lastTouchpointAt);
  names.put(row.lastChannel);
  into.number(row.touchpoints);
  into.number(row.due);
  into.small(row.unsettled ? 1 : 0);
  into.int(row.definitionVersion);
  into.blob(row.state);
  into.blob(row.tail);
}

const OPS: readonly ChangeOp['op'][] = ['add', 'dropChain', 'amend'];

function packChange(op: ChangeOp, into: BytePacker, names: NamePacker): void {
  into.small(OPS.indexOf(op.op));
  switch (op.op) {
    case 'add':
      packChangeRow(op.row, into, names);
      return;
    case 'dropChain':
      into.number(op.no);
      return;
    case 'amend':
      into.number(op.no);
      into.small(axisNumber(op.axis));
      into.number(op.position);
      names.put(op.from);
      into.small(op.hidden ? 1 : 0);
      return;
  }
}

function packChangeRow(row: ChangeRow, into: BytePacker, names: NamePacker): void {
  into.number(row.position);
  into.int(row.part);
  into.number(row.no);
  into.text(row.customerId);
  into.small(axisNumber(row.axis));
  names.put(row.from);
  names.put(row.to);
  into.number(row.at);
  into.number(row.recordedAt);
  into.int(row.definitionVersion);
  into.small((row.history ? 1 : 0) + (row.chain ? 2 : 0));
}

/** The rows' blobs are views into the buffer. */
export function unpackFlush(packed: PackedFlush): Flush {
  const from = new ByteUnpacker(packed.buffer, packed.length);
  const names = new NameUnpacker(from);
  const checkpoint = { position: from.number(), recordedAt: from.number(), engine: from.text() };
  const customers = many(from, () => unpackCustomer(from, names));
  const chunks = many(from, () => ({ no: from.number(), chunk: from.int(), bytes: from.blob() }));
  const changes = many(from, () => unpackChange(from, names));
  const rest = JSON.parse(from.text()) as Pick<Flush, 'profiles' | 'parked' | 'counters'>;
  return { checkpoint, customers, chunks, changes, ...rest };
}

function many<Item>(from: ByteUnpacker, one: () => Item): Item[] {
  const items = new Array<Item>(from.int());
  for (let i = 0; i < items.length; i++) items[i] = one();
  return items;
}

function unpackCustomer(from: ByteUnpacker, names: NameUnpacker): CustomerRow {
  return {
    no: from.number(),
    customerId: from.text(),
    partition: from.int(),
    stage: names.get(),
    stageSince: from.nullableNumber(),
    engagement: names.get(),
    engagementSince: from.nullableNumber(),
    kind: names.known(),
    lastTouchpointAt: from.number(),
    lastChannel: names.known(),
    touchpoints: from.number(),
    due: from.nullableNumber(),
    unsettled: from.small() === 1,
    definitionVersion: from.int(),
    state: from.blob(),
    tail: from.blob(),
  };
}

function unpackChange(from: ByteUnpacker, names: NameUnpacker): ChangeOp {
  const op = OPS[from.small()] as ChangeOp['op'];
  switch (op) {
    case 'add':
      return { op, row: unpackChangeRow(from, names) };
    case 'dropChain':
      return { op, no: from.number() };
    case 'amend':
      return {
        op,
        no: from.number(),
        axis: AXES[from.small()] as ChangeRow['axis'],
        position: from.number(),
        from: names.get(),
        hidden: from.small() === 1,
      };
  }
}

function unpackChangeRow(from: ByteUnpacker, names: NameUnpacker): ChangeRow {
  const row = {
    position: from.number(),
    part: from.int(),
    no: from.number(),
    customerId: from.text(),
    axis: AXES[from.small()] as ChangeRow['axis'],
    from: names.get(),
    to: names.known(),
    at: from.number(),
    recordedAt: from.number(),
    definitionVersion: from.int(),
  };
  const flags = from.small();
  return { ...row, history: (flags & 1) === 1, chain: (flags & 2) === 2 };
}
