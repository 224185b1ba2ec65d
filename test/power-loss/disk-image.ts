/**
 * What may be on the disk after a power cut. Everything before a completed sync of a file is there. Each later write is kept, dropped or torn at a 512-byte boundary,
 * independently of the others; names made or removed since the last sync of the folder may be as before.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Operation } from './recording';

const SECTOR_BYTES = 512;

/** A file's content, apart from its name: a name that was removed and made again is another one. */
interface Inode {
  content: Buffer;
  size: number;
  pending: Operation[];
}

export interface Image {
  files: Map<string, Buffer>;
  /** The last position acknowledged before the cut. */
  acknowledged: number;
}

/** The disk after the first `cut` operations. `random` decides what became of what was not synced. */
export function imageAt(operations: Operation[], cut: number, random: () => number): Image {
  const disk = new Disk(random);
  for (let i = 0; i < cut; i++) disk.apply(operations[i] as Operation);
  return disk.cut();
}

export function writeImage(image: Image, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of image.files) writeFileSync(join(folder, name), content);
}

class Disk {
  /** Names as programs see them, and as they are on the disk for certain. */
  private names = new Map<string, Inode>();
  private synced = new Map<string, Inode>();
  private pendingNames: { name: string; inode: Inode | undefined }[] = [];
  private acknowledged = 0;

  constructor(private readonly random: () => number) {}

  apply(operation: Operation): void {
    switch (operation.kind) {
      case 'create':
        return this.name(operation.name, { content: Buffer.alloc(0), size: 0, pending: [] });
      case 'unlink':
        return this.name(operation.name, undefined);
      case 'write':
      case 'truncate':
        this.names.get(operation.name)?.pending.push(operation);
        return;
      case 'sync':
        return settle(this.names.get(operation.name), () => 'kept', this.random);
      case 'syncFolder':
        this.synced = new Map(this.names);
        this.pendingNames = [];
        return;
      case 'acknowledge':
        this.acknowledged = operation.position;
        return;
    }
  }

  cut(): Image {
    for (const { name, inode } of this.pendingNames) {
      if (this.random() < 0.5) continue;
      if (inode) this.synced.set(name, inode);
      else this.synced.delete(name);
    }
    const files = new Map<string, Buffer>();
    for (const [name, inode] of this.synced) {
      settle(inode, () => fate(this.random), this.random);
      files.set(name, Buffer.from(inode.content.subarray(0, inode.size)));
    }
    return { files, acknowledged: this.acknowledged };
  }

  private name(name: string, inode: Inode | undefined): void {
    if (inode) this.names.set(name, inode);
    else this.names.delete(name);
    this.pendingNames.push({ name, inode });
  }
}

type Fate = 'kept' | 'dropped' | 'torn';

function fate(random: () => number): Fate {
  const drawn = random();
  if (drawn < 0.45) return 'kept';
  return drawn < 0.75 ? 'dropped' : 'torn';
}

function settle(inode: Inode | undefined, choose: () => Fate, random: () => number): void {
  if (inode === undefined) return;
  for (const operation of inode.pending) {
    const chosen = choose();
    if (operation.kind === 'truncate' && chosen === 'kept') truncate(inode, operation.size);
    if (operation.kind !== 'write' || chosen === 'dropped') continue;
    if (chosen === 'kept') write(inode, operation.at, operation.bytes);
    else tear(inode, operation.at, operation.bytes, random);
  }
  inode.pending = [];
}

function truncate(inode: Inode, size: number): void {
  grow(inode, size);
  inode.content.fill(0, size);
  inode.size = size;
}

function write(inode: Inode, at: number, bytes: Buffer): void {
  grow(inode, at + bytes.length);
  inode.content.set(bytes, at);
  inode.size = Math.max(inode.size, at + bytes.length);
}

/** Some sectors arrive, others do not: a beginning, an end, or any. */
function tear(inode: Inode, at: number, bytes: Buffer, random: () => number): void {
  const shape = random();
  const edge = random();
  for (let from = 0; from < bytes.length;) {
    const end = Math.min(bytes.length, from + SECTOR_BYTES - ((at + from) % SECTOR_BYTES));
    const share = from / bytes.length;
    const arrives = shape < 0.33 ? share < edge : shape < 0.66 ? share >= edge : random() < 0.5;
    if (arrives) write(inode, at + from, bytes.subarray(from, end));
    from = end;
  }
}

function grow(inode: Inode, size: number): void {
  if (size <= inode.content.length) return;
  const grown = Buffer.alloc(Math.max(size, inode.content.length * 2));
  inode.content.copy(grown);
  inode.content = grown;
}
