/** What the streams `$$<name>` say of the streams that they are named after: from where they are shown, whether they are deleted. */
import type { ChunkLog } from '../../chunk-log';
import { EventCursor } from '../../event-cursor';

export const META_PREFIX = '$$';
export const METADATA_TYPE = '$metadata';
export const TOMBSTONE_TYPE = '$streamDeleted';
/** "Before everything": how a deleted stream that may come again is marked. As text, for it has more digits than a number keeps. */
export const DELETED_TRUNCATION = '9223372036854775807';
/** The revision that a tombstone shows. */
export const TOMBSTONE_REVISION = 9_223_372_036_854_775_807n;
const PAGE_BYTES = 1024 * 1024;

export interface StreamState {
  /** For ever. */
  tombstoned: boolean;
  /** Its events so far are gone; it may be written to again. */
  deleted: boolean;
  /** First revision that is shown. */
  truncateBefore: number;
  maxCount?: number;
  maxAgeSeconds?: number;
  /** The metadata as they were written last, without what truncates. */
  other: Record<string, unknown>;
}

const PLAIN: StreamState = { tombstoned: false, deleted: false, truncateBefore: 0, other: {} };

export class StreamStates {
  private readonly states = new Map<string, StreamState>();

  static async load(log: ChunkLog): Promise<StreamStates> {
    const states = new StreamStates();
    const cursor = new EventCursor();
    for (let position = 0; ;) {
      const chunks = await log.chunks(position, PAGE_BYTES, { streamPrefixes: [META_PREFIX] });
      if (chunks.length === 0) return states;
      for (const chunk of chunks) {
        cursor.reset(chunk);
        while (cursor.next()) states.note(chunk.stream, cursor.type, cursor.data);
        position = chunk.firstPosition + chunk.count - 1;
      }
    }
  }

  of(stream: string): StreamState {
    const owner = this.states.get(ownerOf(stream) ?? '');
    if (owner?.tombstoned) return owner;
    return this.states.get(stream) ?? PLAIN;
  }

  /** To be told of each event that was stored in any stream. */
  note(stream: string, type: string, data: string): void {
    const owner = ownerOf(stream);
    if (owner === undefined) return;
    if (type === TOMBSTONE_TYPE) this.states.set(owner, { ...PLAIN, tombstoned: true });
    else if (type === METADATA_TYPE && !this.of(owner).tombstoned) this.states.set(owner, stateOf(data));
  }
}

/** The stream that a metadata stream is about. */
export function ownerOf(stream: string): string | undefined {
  return stream.startsWith(META_PREFIX) ? stream.slice(META_PREFIX.length) : undefined;
}

/** Metadata that say from which revision on a stream is shown; the rest of them stays. */
export function metadataText(state: StreamState, truncateBefore: string): string {
  const other = { ...state.other };
  delete other['$tb'];
  const text = JSON.stringify(other);
  return text === '{}' ? `{"$tb":${truncateBefore}}` : `${text.slice(0, -1)},"$tb":${truncateBefore}}`;
}

function stateOf(data: string): StreamState {
  const metadata = parsed(data);
  const truncateBefore = numberIn(metadata, '$tb') ?? 0;
  const state: StreamState = {
    tombstoned: false,
    deleted: truncateBefore > Number.MAX_SAFE_INTEGER,
    truncateBefore,
    other: metadata,
  };
  const maxCount = numberIn(metadata, '$maxCount');
  const maxAgeSeconds = numberIn(metadata, '$maxAge');
  if (maxCount !== undefined) state.maxCount = maxCount;
  if (maxAgeSeconds !== undefined) state.maxAgeSeconds = maxAgeSeconds;
  return state;
}

/** Metadata that are no JSON object say nothing. */
function parsed(data: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

function numberIn(metadata: Record<string, unknown>, key: string): number | undefined {
  const value = metadata[key];
  return typeof value === 'number' && value >= 0 ? value : undefined;
}
