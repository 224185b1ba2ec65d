/**
 * The side file `head`: how far the log is known to reach, and the hash of the log there, written every second. Whoever shortens or alters the log cannot do it
 * unseen. Two slots are written in turn, so that a torn write spoils one of them at most.
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import type { SqliteLogReader } from './log-reader';
import { CHAIN_BYTES } from './log-frame';
import { syncFolder } from './sync-folder';

export const HEAD_FILE = 'head';
const SLOT_BYTES = 4096;
const MAGIC = 'rapport head 1\n\0';
const MAGIC_BYTES = MAGIC.length;
const INSTANCE_BYTES = 36;
const SEQUENCE_AT = MAGIC_BYTES + INSTANCE_BYTES;
const POSITION_AT = SEQUENCE_AT + 8;
const RUNNING_AT = POSITION_AT + 8;
const CHAIN_AT = RUNNING_AT + 1;
const CHECK_AT = CHAIN_AT + CHAIN_BYTES;
const CHECK_BYTES = 8;

export interface SavedHead {
  instanceId: string;
  position: number;
  chain: Buffer;
  /** Not closed: the WAL must be there, with what was committed since the store was opened. */
  running: boolean;
}

interface Slot extends SavedHead {
  sequence: number;
}

/** The newest readable slot; undefined where the file is missing; 'damaged' where no slot can be read. */
export function readHeadFile(folder: string): SavedHead | undefined | 'damaged' {
  return newest(folder);
}

/** How the log contradicts what the side file says of it. */
export function savedHeadProblem(
  log: Pick<SqliteLogReader, 'meta' | 'head' | 'chainAt'>,
  saved: SavedHead | undefined | 'damaged',
): string | undefined {
  if (saved === undefined || saved === 'damaged')
    return `the file ${HEAD_FILE} beside it is ${saved ?? 'missing'}, so nobody can tell whether the log is whole`;
  if (saved.instanceId !== log.meta().instanceId) return `the file ${HEAD_FILE} beside it belongs to another store`;
  const { position } = log.head();
  if (position < saved.position)
    return `it ends at position ${position}, but ${saved.position} was acknowledged: ${saved.position - position} events are missing at the end`;
  if (!log.chainAt(saved.position)?.equals(saved.chain))
    return `it was altered at or before position ${saved.position}: its hash there is not the one that was saved`;
  return undefined;
}

export class HeadFile {
  private readonly handle: number;
  private sequence: number;

  private constructor(folder: string) {
    const file = join(folder, HEAD_FILE);
    const before = newest(folder);
    this.sequence = before === undefined || before === 'damaged' ? 0 : before.sequence;
    const isNew = !existsSync(file);
    this.handle = openSync(file, isNew ? 'w+' : 'r+');
  }

  /** Opens the file, making it where it is missing, and writes this head into it. */
  static open(folder: string, head: SavedHead): HeadFile {
    const isNew = !existsSync(join(folder, HEAD_FILE));
    const file = new HeadFile(folder);
    file.save(head);
    if (isNew) syncFolder(folder);
    return file;
  }

  /** On disk when it returns. */
  save(head: SavedHead): void {
    this.sequence++;
    const slot = encode({ ...head, sequence: this.sequence });
    writeSync(this.handle, slot, 0, slot.length, (this.sequence % 2) * SLOT_BYTES);
    fdatasyncSync(this.handle);
  }

  close(): void {
    closeSync(this.handle);
  }
}

function newest(folder: string): Slot | undefined | 'damaged' {
  const file = join(folder, HEAD_FILE);
  if (!existsSync(file)) return undefined;
  const bytes = readFileSync(file);
  const slots = [decode(bytes.subarray(0, SLOT_BYTES)), decode(bytes.subarray(SLOT_BYTES))];
  const [first, second] = slots;
  if (first === undefined || second === undefined) return first ?? second ?? 'damaged';
  return first.sequence > second.sequence ? first : second;
}

function encode(slot: Slot): Buffer {
  const bytes = Buffer.alloc(CHECK_AT + CHECK_BYTES);
  bytes.write(MAGIC, 0, 'latin1');
  bytes.write(slot.instanceId, MAGIC_BYTES, 'latin1');
  bytes.writeDoubleLE(slot.sequence, SEQUENCE_AT);
  bytes.writeDoubleLE(slot.position, POSITION_AT);
  bytes[RUNNING_AT] = slot.running ? 1 : 0;
  bytes.set(slot.chain, CHAIN_AT);
  bytes.set(check(bytes), CHECK_AT);
  return bytes;
}

function decode(bytes: Buffer): Slot | undefined {
  if (bytes.length < CHECK_AT + CHECK_BYTES) return undefined;
  if (!check(bytes).equals(bytes.subarray(CHECK_AT, CHECK_AT + CHECK_BYTES))) return undefined;
  return {
    instanceId: bytes.toString('latin1', MAGIC_BYTES, SEQUENCE_AT),
    sequence: bytes.readDoubleLE(SEQUENCE_AT),
    position: bytes.readDoubleLE(POSITION_AT),
    running: bytes[RUNNING_AT] === 1,
    chain: Buffer.from(bytes.subarray(CHAIN_AT, CHECK_AT)),
  };
}

function check(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes.subarray(0, CHECK_AT)).digest().subarray(0, CHECK_BYTES);
}
