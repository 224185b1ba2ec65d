/** Stores for the tests of this folder: made in a temporary folder, filled, killed (copied while open) or closed. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { unpack } from '../event-cursor';
import { pack } from '../event-packer';
import type { AppendRequest, Chunk, Expected, PackedEvents } from '../event-store';
import { openLogReader } from './log-reader';
import { RunningLog } from './running-log';

const folders: string[] = [];

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-log-'));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export function eventsOf(...texts: string[]): PackedEvents {
  return pack(
    texts.map((text) => ({
      id: Buffer.alloc(16, 1),
      type: 'T',
      schemaVersion: 1,
      occurredAt: 1,
      data: Buffer.from(text),
    })),
  );
}

export function request(stream: string, expected: Expected, ...texts: string[]): AppendRequest {
  return { stream, expected, events: eventsOf(...texts) };
}

/** One line for each event: position, place in its stream, the beginning of its data. */
export function places(chunks: Chunk[]): string[] {
  return chunks
    .flatMap((chunk) => unpack(chunk))
    .map(
      (event) =>
        `${event.position} ${event.stream}@${event.revision} ${Buffer.from(event.data).toString().slice(0, 20)}`,
    );
}

export function storedIn(folder: string): string[] {
  const reader = openLogReader(folder);
  try {
    return places(reader.chunks(0, Infinity));
  } finally {
    reader.close();
  }
}

/** Commits these groups, each of events for three streams; saves the head after all but the last `unsaved` groups. */
export function fill(log: RunningLog, groups: number, unsaved: number, from = 0): void {
  for (let i = from; i < from + groups; i++) {
    if (i === from + groups - unsaved) log.saveHead();
    const data = (n: number) => `event ${i}-${n} `.padEnd(60 + ((i * 37 + n * 11) % 400), 'x');
    const results = log.writer.commit([
      request('touchpoints-00', 'any', data(1), data(2)),
      request('touchpoints-01', 'any', data(3)),
      request('journey-00', 'any', data(4), data(5)),
    ]);
    if (results.some((result) => !result.ok)) throw new Error(JSON.stringify(results));
  }
  if (unsaved === 0) log.saveHead();
}

/** What is on the disk of a store that is still open, as a kill would leave it. */
export function copyAsKilled(folder: string): string {
  const copy = newFolder();
  cpSync(folder, copy, { recursive: true, filter: (file) => !/lock\.|-shm$/.test(file) });
  return copy;
}
