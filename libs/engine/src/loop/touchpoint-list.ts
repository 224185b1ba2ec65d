/**
 * A customer's list of folded touchpoints in log order: the timeline's backbone and the record by which a repeated touchpoint is
 * recognised for ever. Each entry is (keyed 32-bit hash of the touchpoint id, log position, occurredAt). The newest entries live in
 * the customer's row (the tail); full runs of CHUNK_ENTRIES are spilled once and never change. No id is missed: a hash that
 * is absent from the list was never folded, one that is present is verified in the log by the caller.
 *
 * Price: about 12 bytes for each touchpoint on disk, 24 in memory for the newest 128 and 12 for older ones of busy customers.
 */
import { ByteReader, ByteWriter } from './byte-writer';

/** Entries of a spilled chunk. */
export const CHUNK_ENTRIES = 128;
const STRIDE = 3;

export interface SpilledChunk {
  chunk: number;
  bytes: Uint8Array;
}

/** All touchpoints of a customer, in log order. */
export interface ListEntries {
  positions: Float64Array;
  occurredAt: Float64Array;
}

export class TouchpointList {
  /** [hash, position, occurredAt, ...] of the newest entries. */
  private readonly recent: number[] = [];
  private older: OlderHashes | null = null;

  private constructor(private spilledChunks: number) {}

  static empty(): TouchpointList {
    return new TouchpointList(0);
  }

  static decode(tail: Uint8Array): TouchpointList {
    const reader = new ByteReader(tail);
    const list = new TouchpointList(reader.varint());
    decodeRun(reader, list.recent);
    return list;
  }

  get count(): number {
    return this.spilledChunks * CHUNK_ENTRIES + this.recent.length / STRIDE;
  }

  get needsOlder(): boolean {
    return this.spilledChunks > 0 && this.older === null;
  }

  /** Gives the list its spilled chunks back; call when `needsOlder`, before `find` or `positions`. */
  loadOlder(chunks: Uint8Array[]): void {
    const flat: number[] = [];
    for (const chunk of chunks) decodeRun(new ByteReader(chunk), flat);
    this.older = OlderHashes.of(flat);
  }

  /** Positions of the touchpoints whose id has this hash, or null where there is none (the usual answer). */
  find(hash: number): number[] | null {
    let found: number[] | null = null;
    const recent = this.recent;
    for (let i = 0; i < recent.length; i += STRIDE) {
      if (recent[i] === hash) (found ??= []).push(recent[i + 1]!);
    }
    return this.older ? this.older.find(hash, found) : found;
  }

  /** Adds the newest; returns a chunk to store where one became full. */
  add(hash: number, position: number, occurredAt: number): SpilledChunk | null {
    this.recent.push(hash, position, occurredAt);
    if (this.recent.length < CHUNK_ENTRIES * 2 * STRIDE) return null;
    const run = this.recent.splice(0, CHUNK_ENTRIES * STRIDE);
    const spilled = { chunk: this.spilledChunks++, bytes: encodeRun(run) };
    this.older = (this.older ?? OlderHashes.of([])).with(run);
    return spilled;
  }

  /** Every position, in log order. */
  positions(): number[] {
    const positions = this.older ? this.older.sortedPositions() : [];
    for (let i = 1; i < this.recent.length; i += STRIDE) positions.push(this.recent[i]!);
    return positions;
  }

  encodeTail(): Uint8Array {
    writer.reset();
    writer.varint(this.spilledChunks);
    writeRun(this.recent);
    return writer.take();
  }
}

/** Hashes of spilled entries, sorted, with their positions beside them. Rebuilt at each spill, so once in 128 touchpoints. */
class OlderHashes {
  private constructor(
    private readonly hashes: Uint32Array,
    private readonly at: Float64Array,
  ) {}

  static of(flat: number[]): OlderHashes {
    return new OlderHashes(new Uint32Array(0), new Float64Array(0)).with(flat);
  }

  with(flat: number[]): OlderHashes {
    const added: [number, number][] = [];
    for (let i = 0; i < flat.length; i += STRIDE) added.push([flat[i]!, flat[i + 1]!]);
    added.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const size = this.hashes.length + added.length;
    const hashes = new Uint32Array(size);
    const at = new Float64Array(size);
    for (let out = 0, old = 0, fresh = 0; out < size; out++) {
      const next = added[fresh];
      const takeOld = !next || (old < this.hashes.length && this.hashes[old]! <= next[0]);
      hashes[out] = takeOld ? this.hashes[old]! : next[0];
      at[out] = takeOld ? this.at[old++]! : added[fresh++]![1];
    }
    return new OlderHashes(hashes, at);
  }

  find(hash: number, found: number[] | null): number[] | null {
    let low = 0;
    let high = this.hashes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.hashes[middle]! < hash) low = middle + 1;
      else high = middle;
    }
    let all = found;
    for (; this.hashes[low] === hash; low++) (all ??= []).push(this.at[low]!);
    return all;
  }

  sortedPositions(): number[] {
    return [...Float64Array.from(this.at).sort()];
  }
}

const writer = new ByteWriter();

function encodeRun(flat: number[]): Uint8Array {
  writer.reset();
  writeRun(flat);
  return writer.take();
}

function writeRun(flat: number[]): void {
  writer.varint(flat.length / STRIDE);
  let position = 0;
  let occurredAt = 0;
  for (let i = 0; i < flat.length; i += STRIDE) {
    writer.u32(flat[i]!);
    writer.varint(flat[i + 1]! - position);
    writer.zigzag(flat[i + 2]! - occurredAt);
    position = flat[i + 1]!;
    occurredAt = flat[i + 2]!;
  }
}

function decodeRun(reader: ByteReader, into: number[]): void {
  let position = 0;
  let occurredAt = 0;
  for (let left = reader.varint(); left > 0; left--) {
    const hash = reader.u32();
    position += reader.varint();
    occurredAt += reader.zigzag();
    into.push(hash, position, occurredAt);
  }
}

/** Reads a stored list without its hashes: what a timeline needs. */
export function listEntries(tail: Uint8Array, chunks: Uint8Array[]): ListEntries {
  const flat: number[] = [];
  for (const chunk of chunks) decodeRun(new ByteReader(chunk), flat);
  const reader = new ByteReader(tail);
  reader.varint();
  decodeRun(reader, flat);
  const size = flat.length / STRIDE;
  const entries = { positions: new Float64Array(size), occurredAt: new Float64Array(size) };
  for (let i = 0; i < size; i++) {
    entries.positions[i] = flat[i * STRIDE + 1]!;
    entries.occurredAt[i] = flat[i * STRIDE + 2]!;
  }
  return entries;
}

/** Keyed hash of a touchpoint id: the key is the store's own, so that nobody outside can make ids collide on purpose. */
export function touchpointHash(touchpointId: string, key: number): number {
  let hash = key | 0;
  for (let i = 0; i < touchpointId.length; i++) {
    hash = Math.imul(hash ^ touchpointId.charCodeAt(i), 0x5bd1e995);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
