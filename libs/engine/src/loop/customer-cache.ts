/**
 * The customers that the engine holds in memory. Everything that the read models do not show yet is here (and cannot be
 * evicted); the rest is a cache of rows. A Bloom filter over all known ids spares a look-up for each new customer.
 */
import type { EngineReader } from '@rapport/read-models';
import { customerHash } from '../partition';
import type { CustomerRecord } from './customer-record';
import type { PartitionState } from './partition-state';

/** Customers kept beside those that wait for a flush. About 1 kB each. */
export const CACHED_CUSTOMERS_MAX = 100_000;
/** The same where the definition has plays: enrolments, ledger and memories make about 4 kB of each. */
const CACHED_WITH_PLAYS_MAX = 30_000;
const EVICT_TO_SHARE = 0.9;

/** A customer with plays takes more memory, so that fewer are kept. */
export function keptMaxOf(
  partitions: readonly Pick<PartitionState, 'definitionVersion'>[],
  sources: { compiledOf(version: number): { plays: unknown } },
): number {
  const withPlays = partitions.some(
    ({ definitionVersion: version }) => version > 0 && sources.compiledOf(version).plays !== null,
  );
  return withPlays ? CACHED_WITH_PLAYS_MAX : CACHED_CUSTOMERS_MAX;
}

export class CustomerCache {
  private readonly records = new Map<string, CustomerRecord>();
  private readonly known: KnownCustomers;
  /** Records of each partition that the read models do not show yet. */
  private readonly unwritten: Set<CustomerRecord>[];

  constructor(
    private readonly reader: EngineReader,
    partitions: number,
    private readonly keptMax = CACHED_CUSTOMERS_MAX,
  ) {
    this.known = KnownCustomers.of(reader, keptMax < CACHED_CUSTOMERS_MAX ? powerOfTwoFrom(keptMax) : CAPACITY_MIN);
    this.unwritten = Array.from({ length: partitions }, () => new Set<CustomerRecord>());
  }

  get(customerId: string): CustomerRecord | undefined {
    return this.records.get(customerId);
  }

  /** Those of `customerIds` that have to be read before their inputs can be folded. */
  missing(customerIds: Iterable<string>): string[] {
    const missing: string[] = [];
    for (const id of customerIds) if (!this.records.has(id) && this.known.maybe(id)) missing.push(id);
    return missing;
  }

  /** Whether the read models may know this customer, who is not in memory. */
  mayBeStored(customerId: string): boolean {
    return this.known.maybe(customerId);
  }

  keep(record: CustomerRecord): void {
    this.records.set(record.customerId, record);
    this.known.add(record.customerId);
  }

  markUnwritten(record: CustomerRecord): void {
    this.unwritten[record.partition]!.add(record);
  }

  unwrittenOf(partition: number): ReadonlySet<CustomerRecord> {
    return this.unwritten[partition]!;
  }

  get unwrittenCount(): number {
    let count = 0;
    for (const set of this.unwritten) count += set.size;
    return count;
  }

  isUnwritten(customerId: string): boolean {
    const record = this.records.get(customerId);
    return record !== undefined && this.unwritten[record.partition]!.has(record);
  }

  /** After flush number `flush` can be read: its records are clean, unless they changed again. Beside the others `keptMax` stay. */
  written(flush: number, keptMax: number): void {
    for (const set of this.unwritten) {
      for (const record of set) if (!record.changed && record.flush <= flush) set.delete(record);
    }
    this.evict(Math.min(keptMax, this.keptMax));
  }

  private evict(keptMax: number): void {
    if (this.records.size <= keptMax) return;
    const target = keptMax * EVICT_TO_SHARE;
    for (const [id, record] of this.records) {
      if (this.records.size <= target) return;
      if (!this.unwritten[record.partition]!.has(record)) this.records.delete(id);
    }
  }
}

function powerOfTwoFrom(least: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, least)));
}

const BITS_PER_CUSTOMER = 16;
const CAPACITY_MIN = 1 << 20;

/** Bloom filter (2 probes, at least 16 bits a customer): "no" is certain, "maybe" costs a look-up. */
class KnownCustomers {
  private bits: Uint8Array;
  private count = 0;

  private constructor(
    private capacity: number,
    private readonly reader: EngineReader,
  ) {
    this.bits = new Uint8Array((capacity * BITS_PER_CUSTOMER) / 8);
  }

  static of(reader: EngineReader, capacity: number): KnownCustomers {
    const known = new KnownCustomers(capacity, reader);
    known.fill();
    return known;
  }

  maybe(customerId: string): boolean {
    const hash = customerHash(customerId);
    return this.has(hash) && this.has(Math.imul(hash, 0x9e3779b1) >>> 0);
  }

  add(customerId: string): void {
    const hash = customerHash(customerId);
    this.set(hash);
    this.set(Math.imul(hash, 0x9e3779b1) >>> 0);
    if (++this.count > this.capacity) this.grow();
  }

  private fill(): void {
    for (const id of this.reader.customerIds()) this.add(id);
  }

  private grow(): void {
    const old = this.bits;
    this.capacity *= 2;
    this.bits = new Uint8Array(old.length * 2);
    // The filter's index is a hash modulo a power of two: each old bit may stand for either half of the larger one.
    this.bits.set(old, 0);
    this.bits.set(old, old.length);
  }

  private set(hash: number): void {
    const bit = hash & (this.bits.length * 8 - 1);
    this.bits[bit >>> 3]! |= 1 << (bit & 7);
  }

  private has(hash: number): boolean {
    const bit = hash & (this.bits.length * 8 - 1);
    return (this.bits[bit >>> 3]! & (1 << (bit & 7))) !== 0;
  }
}
