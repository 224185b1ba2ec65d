/**
 * Reads the log's file with code of its own, from the description of the format alone, so that a fault in the project's readers cannot
 * hide what they do not see. Format: libs/event-store/src/record-format.ts, table `chunks` of log.sqlite.
 */
import { DatabaseSync } from '@photostructure/sqlite';
import { join } from 'node:path';

export interface RawEvent {
  position: number;
  stream: string;
  revision: number;
  recordedAt: number;
  id: string;
  type: string;
  occurredAt: number;
  subject: string;
  data: string;
  personal?: string;
}

interface ChunkRow {
  first_position: number;
  name: string;
  first_revision: number;
  count: number;
  recorded_at: number;
  bytes: Uint8Array;
}

const CORRELATION = 1;
const CAUSATION = 2;
const PERSONAL = 8;

export function readRawLog(data: string): RawEvent[] {
  const db = new DatabaseSync(join(data, 'log.sqlite'), { readOnly: true });
  try {
    const rows = db
      .prepare('SELECT c.*, s.name FROM chunks c JOIN streams s ON s.no = c.stream ORDER BY first_position')
      .all() as unknown as ChunkRow[];
    return rows.flatMap(eventsOf);
  } finally {
    db.close();
  }
}

function eventsOf(row: ChunkRow): RawEvent[] {
  const bytes = Buffer.from(row.bytes.buffer, row.bytes.byteOffset, row.bytes.byteLength);
  const events: RawEvent[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 4 + bytes.readUInt32LE(at);
    const record = readRecord(bytes.subarray(at + 4, end));
    const place = events.length;
    const { name: stream, recorded_at: recordedAt } = row;
    const numbers = { position: row.first_position + place, revision: row.first_revision + place };
    events.push({ ...numbers, stream, recordedAt, ...record });
    at = end;
  }
  if (events.length !== row.count)
    throw new Error(`Chunk ${row.first_position}: ${events.length} of ${row.count} events.`);
  return events;
}

function readRecord(bytes: Buffer): Pick<RawEvent, 'id' | 'type' | 'occurredAt' | 'subject' | 'data' | 'personal'> {
  const flags = bytes.readUInt8(0);
  let at = 2;
  const take = (length: number) => bytes.subarray(at, (at += length));
  const type = take(1 + bytes.readUInt8(at)).toString('utf8', 1);
  const id = take(16).toString('hex');
  const occurredAt = take(8).readDoubleLE(0);
  if ((flags & CORRELATION) !== 0) take(16);
  if ((flags & CAUSATION) !== 0) take(16);
  const subject = take(2 + bytes.readUInt16LE(at)).toString('utf8', 2);
  const data = take(4 + bytes.readUInt32LE(at)).toString('utf8', 4);
  const personal = (flags & PERSONAL) === 0 ? undefined : take(4 + bytes.readUInt32LE(at)).toString('utf8', 4);
  return { id, type, occurredAt, subject, data, personal };
}
