import type { Chunk } from './event-store';
import { offsetOf } from './record-format';

/** The chunk without its first `skip` events; undefined where nothing is left. */
export function from(chunk: Chunk, skip: number): Chunk | undefined {
  if (skip <= 0) return chunk;
  if (skip >= chunk.count) return undefined;
  return {
    ...chunk,
    firstPosition: chunk.firstPosition + skip,
    firstRevision: chunk.firstRevision + skip,
    count: chunk.count - skip,
    bytes: chunk.bytes.subarray(offsetOf(chunk.bytes, skip)),
  };
}

/** The chunk's first `count` events. */
export function upTo(chunk: Chunk | undefined, count: number): Chunk | undefined {
  if (chunk === undefined || chunk.count <= count) return chunk;
  return { ...chunk, count, bytes: chunk.bytes.subarray(0, offsetOf(chunk.bytes, count)) };
}
