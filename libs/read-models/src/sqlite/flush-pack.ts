/**
 * A flush as one buffer, laid out for the thread that writes it: every number at its place in the row, what no query asks for as
 * the blob that the file holds, names as numbers of a list at the end. `FlushReader` reads it without making objects.
 */
import type { ChangeOp, ChangeRow, CustomerRow, Flush } from '../read-models';
import { BytePacker, FIRST_BYTES } from './byte-pack';
import { axisNumber } from './axes';
import { packDetails } from './customer-details';
import { type PackedPlays, packPlays } from './play-pack';

export interface PackedFlush {
  buffer: ArrayBuffer;
  length: number;
  /** Where the part stands that is JSON, the list of names with it. */
  jsonAt: number;
}

/** What a flush has few of. */
export type JsonPart = Pick<Flush, 'checkpoint' | 'profiles' | 'parked' | 'counters'> & {
  plays?: PackedPlays;
  names: string[];
};

export const CHANGE_OPS: readonly ChangeOp['op'][] = ['add', 'dropChain', 'amend'];
/** The reference that stands for no name. */
export const NO_REFERENCE = 0;
export const HISTORY_FLAG = 1;
export const CHAIN_FLAG = 2;

/** References of names: 1 is the first of the list. */
class NamePacker {
  readonly list: string[] = [];
  private readonly references = new Map<string, number>();

  reference(name: string | null): number {
    if (name === null) return NO_REFERENCE;
    const known = this.references.get(name);
    if (known !== undefined) return known;
    const reference = this.list.push(name);
    this.references.set(name, reference);
    return reference;
  }
}

/** What a flush takes for each of its customers, changes included; more makes the buffer grow. */
const BYTES_PER_CUSTOMER_EXPECTED = 384;

export function packFlush(flush: Flush): PackedFlush {
  const into = new BytePacker(FIRST_BYTES + flush.customers.length * BYTES_PER_CUSTOMER_EXPECTED);
  const names = new NamePacker();
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
  const jsonAt = into.length;
  const { checkpoint, profiles, parked, counters, plays } = flush;
  const json: JsonPart = { checkpoint, profiles, parked, counters, names: names.list };
  if (plays) json.plays = packPlays(plays);
  into.text(JSON.stringify(json));
  return { ...into.finish(), jsonAt };
}

/** Starts with its own length, so that rows can be put into the order of their numbers without being read. */
function packCustomer(row: CustomerRow, into: BytePacker, names: NamePacker): void {
  const start = into.length;
  into.int(0);
  into.number(row.no);
  into.int(row.partition);
  into.int(names.reference(row.stage));
  into.number(row.stageSince);
  into.int(names.reference(row.engagement));
  into.int(names.reference(row.kind));
  into.number(row.lastTouchpointAt);
  into.int(names.reference(row.lastChannel));
  into.number(row.due);
  into.small(row.unsettled ? 1 : 0);
  into.int(row.definitionVersion);
  packDetails(row, into);
  into.text(row.customerId);
  into.intAt(start, into.length - start);
}

function packChange(op: ChangeOp, into: BytePacker, names: NamePacker): void {
  into.small(CHANGE_OPS.indexOf(op.op));
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
      into.int(names.reference(op.from));
      into.small(op.hidden ? 1 : 0);
      return;
  }
}

/** Its customer is known by the number. */
function packChangeRow(row: ChangeRow, into: BytePacker, names: NamePacker): void {
  into.number(row.position);
  into.int(row.part);
  into.number(row.no);
  into.small(axisNumber(row.axis));
  into.int(names.reference(row.from));
  into.int(names.reference(row.to));
  into.number(row.at);
  into.number(row.recordedAt);
  into.int(row.definitionVersion);
  into.small((row.history ? HISTORY_FLAG : 0) + (row.chain ? CHAIN_FLAG : 0));
}
