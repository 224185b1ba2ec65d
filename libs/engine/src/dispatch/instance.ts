/**
 * Which instance of a store this is: the file beside the log, the place it lies in, and whether both are those that were armed.
 * A copy lies elsewhere, a restored log is shorter than the file says or has no file: nothing leaves from either.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type AppendRequest, type AppendResult, pack } from '@rapport/event-store';
import { actionEventId } from './action-event';
import {
  EFFECTS_EVENT,
  EFFECTS_STREAM,
  type EffectsSet,
  INSTANCE_FILE,
  type InstanceArmed,
  type InstanceFile,
  type Unarmed,
} from './instance.types';

const MACHINE_ID_FILES = ['/etc/machine-id', '/var/lib/dbus/machine-id'];
const LOG_FILE = 'log.sqlite';
/** The position of the last attempt is written down no more often than this; it only has to tell a backup from what runs. */
export const SENT_SAVE_MS = 1_000;

/** SHA-256 of machine id (else the host's name), device and inode of the log's file. */
export function placeOf(folder: string): string {
  const { dev, ino } = statSync(join(folder, LOG_FILE), { bigint: true });
  return createHash('sha256').update(`${machineId()}|${dev}|${ino}`).digest('hex');
}

function machineId(): string {
  const file = MACHINE_ID_FILES.find((candidate) => existsSync(candidate));
  return file === undefined ? hostname() : readFileSync(file, 'utf8').trim();
}

/** null = there is none, or it cannot be read: then this is no instance that was ever armed. */
export function readInstance(folder: string): InstanceFile | null {
  const file = join(folder, INSTANCE_FILE);
  if (!existsSync(file)) return null;
  const read = parsed(readFileSync(file, 'utf8'));
  const { instance, place, sentUpTo } = (read ?? {}) as Partial<InstanceFile>;
  if (typeof instance !== 'string' || typeof place !== 'string' || typeof sentUpTo !== 'number') return null;
  return { instance, place, sentUpTo };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Half a file is no file: the store is not armed, and says so.
    return null;
  }
}

export function writeInstance(folder: string, file: InstanceFile): void {
  const path = join(folder, INSTANCE_FILE);
  writeFileSync(`${path}.new`, JSON.stringify(file), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Why nothing may leave; null = this instance is armed. */
export function unarmedBecause(
  file: InstanceFile | null,
  armed: string | null,
  place: string,
  head: number,
): Unarmed | null {
  if (file === null) return 'noInstanceFile';
  if (file.instance !== armed) return 'otherInstance';
  if (file.place !== place) return 'otherPlace';
  return file.sentUpTo > head ? 'olderLog' : null;
}

/** The file first: where the event is lost, the store is not armed. */
export async function armInstance(
  folder: string,
  by: string,
  now: number,
  append: (requests: AppendRequest[]) => Promise<AppendResult[]>,
): Promise<AppendResult> {
  const armed: InstanceArmed = { instance: randomUUID(), by };
  writeInstance(folder, { instance: armed.instance, place: placeOf(folder), sentUpTo: 0 });
  const [result] = await append([effectsRequest(EFFECTS_EVENT.instanceArmed, armed, now)]);
  return result!;
}

export function effectsRequest(
  type: (typeof EFFECTS_EVENT)[keyof typeof EFFECTS_EVENT],
  data: EffectsSet | InstanceArmed,
  now: number,
): AppendRequest {
  const text = JSON.stringify(data);
  const id = actionEventId(`${type}|${now}|${randomUUID()}`);
  const event = { id, type, schemaVersion: 1, occurredAt: now, data: Buffer.from(text) };
  return { stream: EFFECTS_STREAM, expected: 'any', events: pack([event]) };
}

/** Writes down how far attempts have gone, now and then and at the end. */
export class SentUpTo {
  private saved = 0;
  private savedAt = -Infinity;
  private position = 0;

  constructor(private readonly folder: string) {}

  sent(position: number, now: number): void {
    this.position = Math.max(this.position, position);
    if (now - this.savedAt >= SENT_SAVE_MS) this.save(now);
  }

  save(now: number): void {
    if (this.position <= this.saved) return;
    const file = readInstance(this.folder);
    if (file) writeInstance(this.folder, { ...file, sentUpTo: Math.max(file.sentUpTo, this.position) });
    this.saved = this.position;
    this.savedAt = now;
  }
}
