/**
 * Reads a write-ahead log before SQLite does. SQLite takes the frames up to the first bad one and forgets the rest without a word. With synchronous=FULL every
 * commit is on disk before the next one begins, so a power cut can spoil the last commit only: a bad frame with two or more commits from it on is damage.
 */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC_LITTLE_ENDIAN = 0x377f0682;
const MAGIC_BIG_ENDIAN = 0x377f0683;

export interface WalScan {
  /** Frames that SQLite will take. */
  frames: number;
  /** What cannot come from a power cut. */
  problem?: string;
}

/** A file that is not there holds no frames. */
export function scanWal(file: string): WalScan {
  if (!existsSync(file)) return { frames: 0 };
  const handle = openSync(file, 'r');
  try {
    return scan(handle, fstatSync(handle).size);
  } finally {
    closeSync(handle);
  }
}

/** Whether there is nothing in the file, or no file. */
export function isWalEmpty(file: string): boolean {
  if (!existsSync(file)) return true;
  const handle = openSync(file, 'r');
  try {
    return fstatSync(handle).size === 0;
  } finally {
    closeSync(handle);
  }
}

function scan(handle: number, size: number): WalScan {
  const header = read(handle, 0, HEADER_BYTES);
  if (header.length < HEADER_BYTES) return { frames: 0 };
  const sum = new Checksum(header.readUInt32BE(0) === MAGIC_BIG_ENDIAN);
  if (!isHeader(header, sum)) return headerless(handle, size);
  const pageBytes = header.readUInt32BE(8);
  const salts = header.subarray(16, 24);
  const frameBytes = FRAME_HEADER_BYTES + pageBytes;
  const count = Math.floor((size - HEADER_BYTES) / frameBytes);
  for (let i = 0; i < count; i++) {
    const frame = read(handle, HEADER_BYTES + i * frameBytes, frameBytes);
    if (!isFrame(frame, salts, sum)) return afterBadFrame(handle, i, count, frameBytes, salts);
  }
  return { frames: count };
}

function isHeader(header: Buffer, sum: Checksum): boolean {
  const magic = header.readUInt32BE(0);
  if (magic !== MAGIC_LITTLE_ENDIAN && magic !== MAGIC_BIG_ENDIAN) return false;
  sum.add(header, 0, 24);
  return sum.equals(header, 24);
}

/** The header is on disk before the first frame: without it there can be no frames, unless it was spoilt. */
function headerless(handle: number, size: number): WalScan {
  const step = 1 << 20;
  for (let at = HEADER_BYTES; at < size; at += step)
    if (read(handle, at, step).some((byte) => byte !== 0))
      return {
        frames: 0,
        problem: 'its header is damaged, so everything that was written after the last checkpoint would be lost',
      };
  return { frames: 0 };
}

function isFrame(frame: Buffer, salts: Buffer, sum: Checksum): boolean {
  if (!salts.equals(frame.subarray(8, 16))) return false;
  sum.add(frame, 0, 8);
  sum.add(frame, FRAME_HEADER_BYTES, frame.length);
  return sum.equals(frame, 16);
}

/** Counts the commits of this generation from the bad frame on. A commit's last frame names the size of the database. */
function afterBadFrame(handle: number, bad: number, count: number, frameBytes: number, salts: Buffer): WalScan {
  let commits = 0;
  for (let i = bad; i < count; i++) {
    const header = read(handle, HEADER_BYTES + i * frameBytes, FRAME_HEADER_BYTES);
    if (salts.equals(header.subarray(8, 16)) && header.readUInt32BE(4) !== 0) commits++;
  }
  if (commits < 2) return { frames: bad };
  return {
    frames: bad,
    problem: `frame ${bad + 1} of ${count} is damaged and ${commits} commits stand from it on, which would be lost`,
  };
}

function read(handle: number, at: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  return buffer.subarray(0, readSync(handle, buffer, 0, length, at));
}

/** SQLite's running checksum of pairs of 32-bit words. */
class Checksum {
  private first = 0;
  private second = 0;

  constructor(private readonly bigEndian: boolean) {}

  add(bytes: Buffer, start: number, end: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const littleEndian = !this.bigEndian;
    let { first, second } = this;
    for (let at = start; at < end; at += 8) {
      first = (first + view.getUint32(at, littleEndian) + second) >>> 0;
      second = (second + view.getUint32(at + 4, littleEndian) + first) >>> 0;
    }
    this.first = first;
    this.second = second;
  }

  equals(bytes: Buffer, at: number): boolean {
    return bytes.readUInt32BE(at) === this.first && bytes.readUInt32BE(at + 4) === this.second;
  }
}
