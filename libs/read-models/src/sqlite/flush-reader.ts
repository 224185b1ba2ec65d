/**
 * Reads a packed flush in the order of its parts: customers, chunks, changes. A customer or a change is one object that is filled
 * again for each row: a flush holds a hundred thousand of them, and what is made for each costs as much as its statement.
 */
import { ByteUnpacker } from './byte-pack';
import { CHAIN_FLAG, HISTORY_FLAG, type JsonPart, NO_REFERENCE, type PackedFlush } from './flush-pack';
import { NO_NAME } from './names';

/** Bytes of the number of a customer behind the length of its row. */
const NO_AT = 4;

/** A customer with the numbers of its names. */
export class PackedCustomer {
  no = 0;
  partition = 0;
  stage = NO_NAME;
  stageSince: number | null = null;
  engagement = NO_NAME;
  kind = NO_NAME;
  lastTouchpointAt = 0;
  lastChannel = NO_NAME;
  due: number | null = null;
  unsettled = 0;
  definitionVersion = 0;
  details: Uint8Array = new Uint8Array(0);
  private idAt = 0;

  constructor(private readonly from: ByteUnpacker) {}

  /** Read only where it is asked for: an update does not. */
  get customerId(): string {
    this.from.goTo(this.idAt);
    return this.from.text();
  }

  read(place: number, names: readonly number[]): void {
    const { from } = this;
    from.goTo(place + NO_AT);
    this.no = from.number();
    this.partition = from.int();
    this.stage = names[from.int()]!;
    this.stageSince = from.nullableNumber();
    this.engagement = names[from.int()]!;
    this.kind = names[from.int()]!;
    this.lastTouchpointAt = from.number();
    this.lastChannel = names[from.int()]!;
    this.due = from.nullableNumber();
    this.unsettled = from.small();
    this.definitionVersion = from.int();
    this.details = from.blob();
    this.idAt = from.place;
  }
}

/** One operation: `add` uses every field, the others those that their kind has. */
export class PackedChange {
  /** Place in CHANGE_OPS. */
  op = 0;
  position = 0;
  part = 0;
  no = 0;
  axis = 0;
  from = NO_NAME;
  to = NO_NAME;
  at = 0;
  recordedAt = 0;
  definitionVersion = 0;
  history = 0;
  chain = 0;
  hidden = 0;

  read(bytes: ByteUnpacker, names: readonly number[]): void {
    this.op = bytes.small();
    if (this.op === 0) this.readRow(bytes, names);
    else if (this.op === 1) this.no = bytes.number();
    else this.readAmendment(bytes, names);
  }

  private readRow(bytes: ByteUnpacker, names: readonly number[]): void {
    this.position = bytes.number();
    this.part = bytes.int();
    this.no = bytes.number();
    this.axis = bytes.small();
    this.from = names[bytes.int()]!;
    this.to = names[bytes.int()]!;
    this.at = bytes.number();
    this.recordedAt = bytes.number();
    this.definitionVersion = bytes.int();
    const flags = bytes.small();
    this.history = flags & HISTORY_FLAG;
    this.chain = (flags & CHAIN_FLAG) / CHAIN_FLAG;
    this.hidden = 0;
  }

  private readAmendment(bytes: ByteUnpacker, names: readonly number[]): void {
    this.no = bytes.number();
    this.axis = bytes.small();
    this.position = bytes.number();
    this.from = names[bytes.int()]!;
    this.hidden = bytes.small();
  }
}

export interface PackedChunk {
  no: number;
  chunk: number;
  bytes: Uint8Array;
}

export class FlushReader {
  readonly json: JsonPart;
  private readonly from: ByteUnpacker;
  /** Numbers by reference. */
  private readonly names: number[] = [];
  private readonly customer: PackedCustomer;
  private readonly change = new PackedChange();

  /** `numberOf` gives the number that the file has for a name. */
  constructor({ buffer, length, jsonAt }: PackedFlush, numberOf: (name: string) => number) {
    this.from = new ByteUnpacker(buffer, length);
    this.customer = new PackedCustomer(this.from);
    this.from.goTo(jsonAt);
    this.json = JSON.parse(this.from.text()) as JsonPart;
    this.names[NO_REFERENCE] = NO_NAME;
    for (const name of this.json.names) this.names.push(numberOf(name));
    this.from.goTo(0);
  }

  /** By rising number, so that neighbours in the file are written together. The one object holds until the next call. */
  eachCustomer(take: (customer: PackedCustomer) => void): void {
    const { from, customer, names } = this;
    const places = this.customerPlaces();
    const end = from.place;
    for (const place of places) {
      customer.read(place, names);
      take(customer);
    }
    from.goTo(end);
  }

  private customerPlaces(): Uint32Array {
    const { from } = this;
    const count = from.int();
    const numbers = new Float64Array(count);
    const places = new Uint32Array(count);
    let inOrder = true;
    for (let i = 0, place = from.place; i < count; i++) {
      from.goTo(place);
      places[i] = place;
      place += from.int();
      numbers[i] = from.number();
      if (i > 0 && numbers[i]! < numbers[i - 1]!) inOrder = false;
      from.goTo(place);
    }
    if (inOrder) return places;
    const order = new Uint32Array(count).map((_, i) => i).sort((a, b) => numbers[a]! - numbers[b]!);
    return order.map((i) => places[i]!);
  }

  /** By rising number. Call after the customers. */
  chunks(): PackedChunk[] {
    const { from } = this;
    const chunks = new Array<PackedChunk>(from.int());
    for (let i = 0; i < chunks.length; i++) chunks[i] = { no: from.number(), chunk: from.int(), bytes: from.blob() };
    return chunks.sort((a, b) => a.no - b.no);
  }

  /** In the order of the flush. Call after the chunks. The one object holds until the next call. */
  eachChange(take: (change: PackedChange) => void): void {
    const { from, change, names } = this;
    const count = from.int();
    for (let i = 0; i < count; i++) {
      change.read(from, names);
      take(change);
    }
  }
}
