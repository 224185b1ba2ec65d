/** What a writer finds when it opens a log. */
import type { DatabaseSyncInstance } from '@photostructure/sqlite';

import type { Head } from '../event-store';
import type { StoreMeta } from '../log-reader';
import type { StreamState } from './commit-group';
import { birthChain } from './log-frame';

/** The end of the log: what the next chunk is chained to. */
export interface Tip extends Head {
  chain: Buffer;
}

/** By their numbers, which count up. */
export function storedStreams(db: DatabaseSyncInstance): StreamState[] {
  const last = db.prepare(
    'SELECT first_revision + count AS next FROM chunks WHERE stream = ? ORDER BY first_revision DESC LIMIT 1',
  );
  const rows = db.prepare('SELECT no, name FROM streams ORDER BY no').all() as { no: number; name: string }[];
  return rows.map(({ no, name }) => {
    const { next } = (last.get(no) as { next: number } | undefined) ?? { next: 0 };
    return { no, stream: name, name: Buffer.from(name), nextRevision: next };
  });
}

export function storedTip(db: DatabaseSyncInstance, meta: StoreMeta): Tip {
  const row = db
    .prepare(
      'SELECT first_position + count - 1 AS position, recorded_at, chain FROM chunks ORDER BY first_position DESC LIMIT 1',
    )
    .get() as { position: number; recorded_at: number; chain: Uint8Array } | undefined;
  if (row === undefined) return { position: 0, recordedAt: 0, chain: birthChain(meta) };
  return { position: row.position, recordedAt: row.recorded_at, chain: Buffer.from(row.chain) };
}

/** Whether the log still has, where this tip was, the same hash: everything up to there is as it was. */
export function stillHolds(db: DatabaseSyncInstance, meta: StoreMeta, tip: Tip): boolean {
  if (tip.position === 0) return birthChain(meta).equals(tip.chain);
  const row = db
    .prepare(
      'SELECT first_position + count - 1 AS position, chain FROM chunks WHERE first_position <= ? ORDER BY first_position DESC LIMIT 1',
    )
    .get(tip.position) as { position: number; chain: Uint8Array } | undefined;
  return row?.position === tip.position && tip.chain.equals(row.chain);
}
