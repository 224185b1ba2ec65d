/**
 * A frame is a chunk with everything that its hash covers, in one piece of memory: the writer hashes it whole, stores its tail, and hands the same
 * memory to the readers of the feed. Little endian:
 *
 *     32  chain of the chunk before (of the store's birth before the first chunk)
 *     f64 firstPosition   f64 firstRevision   f64 recordedAt
 *     u32 count   u32 length of the records   u16 length of the stream's name
 *     name, UTF-8
 *     records
 */
import { createHash } from 'node:crypto';

import type { Chunk } from '../event-store';
import type { StoreMeta } from '../log-reader';

export const CHAIN_BYTES = 32;
const POSITION_AT = CHAIN_BYTES;
const REVISION_AT = POSITION_AT + 8;
const RECORDED_AT = REVISION_AT + 8;
const COUNT_AT = RECORDED_AT + 8;
const LENGTH_AT = COUNT_AT + 4;
const NAME_LENGTH_AT = LENGTH_AT + 4;
export const FRAME_HEADER_BYTES = NAME_LENGTH_AT + 2;

export interface FrameHeader {
  firstPosition: number;
  firstRevision: number;
  recordedAt: number;
  count: number;
  bytes: number;
}

/** Writes header and name; answers where the records begin. */
export function writeFrameHeader(
  target: Buffer,
  at: number,
  previous: Uint8Array,
  header: FrameHeader,
  name: Uint8Array,
): number {
  target.set(previous, at);
  target.writeDoubleLE(header.firstPosition, at + POSITION_AT);
  target.writeDoubleLE(header.firstRevision, at + REVISION_AT);
  target.writeDoubleLE(header.recordedAt, at + RECORDED_AT);
  target.writeUInt32LE(header.count, at + COUNT_AT);
  target.writeUInt32LE(header.bytes, at + LENGTH_AT);
  target.writeUInt16LE(name.length, at + NAME_LENGTH_AT);
  target.set(name, at + FRAME_HEADER_BYTES);
  return at + FRAME_HEADER_BYTES + name.length;
}

export function chainOf(frame: Uint8Array): Buffer {
  return createHash('sha256').update(frame).digest();
}

/** The chain value that a stored chunk must have after `previous`. */
export function chainOfChunk(previous: Uint8Array, chunk: Chunk): Buffer {
  const name = Buffer.from(chunk.stream);
  const header = Buffer.alloc(FRAME_HEADER_BYTES + name.length);
  const { firstPosition, firstRevision, recordedAt, count } = chunk;
  writeFrameHeader(
    header,
    0,
    previous,
    { firstPosition, firstRevision, recordedAt, count, bytes: chunk.bytes.length },
    name,
  );
  return createHash('sha256').update(header).update(chunk.bytes).digest();
}

/** Where the chain begins: what the store was made with can be altered no more than its events. */
export function birthChain(meta: StoreMeta): Buffer {
  return createHash('sha256')
    .update(`rapport log ${meta.format}\n${meta.instanceId}\n${meta.partitions}\n`)
    .update(meta.hashKey)
    .digest();
}

/** The chunks in a run of frames; their bytes are views of it. `names` remembers streams' names between calls. */
export function readFrames(frames: Uint8Array, names: Map<string, string>): Chunk[] {
  const buffer = Buffer.from(frames.buffer, frames.byteOffset, frames.byteLength);
  const chunks: Chunk[] = [];
  for (let at = 0; at < buffer.length;) {
    const nameAt = at + FRAME_HEADER_BYTES;
    const start = nameAt + buffer.readUInt16LE(at + NAME_LENGTH_AT);
    const end = start + buffer.readUInt32LE(at + LENGTH_AT);
    const raw = buffer.toString('latin1', nameAt, start);
    let stream = names.get(raw);
    if (stream === undefined) names.set(raw, (stream = buffer.toString('utf8', nameAt, start)));
    chunks.push({
      stream,
      firstPosition: buffer.readDoubleLE(at + POSITION_AT),
      firstRevision: buffer.readDoubleLE(at + REVISION_AT),
      recordedAt: buffer.readDoubleLE(at + RECORDED_AT),
      count: buffer.readUInt32LE(at + COUNT_AT),
      bytes: buffer.subarray(start, end),
    });
    at = end;
  }
  return chunks;
}

/** Chunks as frames, for sending; the chain fields are left zero. The memory belongs to the result alone. */
export function encodeFrames(chunks: Chunk[]): Buffer {
  const names = chunks.map((chunk) => Buffer.from(chunk.stream));
  let length = 0;
  chunks.forEach((chunk, i) => (length += FRAME_HEADER_BYTES + (names[i] as Buffer).length + chunk.bytes.length));
  const frames = Buffer.allocUnsafeSlow(length);
  let at = 0;
  chunks.forEach((chunk, i) => {
    const start = writeFrameHeader(frames, at, NO_CHAIN, { ...chunk, bytes: chunk.bytes.length }, names[i] as Buffer);
    frames.set(chunk.bytes, start);
    at = start + chunk.bytes.length;
  });
  return frames;
}

const NO_CHAIN = new Uint8Array(CHAIN_BYTES);
