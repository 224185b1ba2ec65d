/**
 * Messages that lie beside a store: those of the demo's inbox (`inbox/*.eml`, for any mail program), and those that the sandbox has put
 * into `outbox/`. Both keep the newest.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OutboxMessage } from '@rapport/engine';
import { readMessage } from './read-message';

/** Messages that the inbox keeps. */
export const INBOX_KEPT = 500;
const INBOX_FOLDER = 'inbox';
const OUTBOX_FOLDER = 'outbox';
const NUMBER_DIGITS = 9;

export interface InboxMessage {
  /** `inbox/7` or `outbox/12`. */
  name: string;
  at: number;
  channel: string;
  to: string;
  subject: string;
  action: string;
  text: string;
  html: string;
}

/** Writes what arrives. */
export class InboxFolder {
  private readonly folder: string;
  private readonly files: string[];
  private next: number;

  constructor(data: string) {
    this.folder = join(data, INBOX_FOLDER);
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    this.files = numbered(this.folder, '.eml');
    this.next = Number.parseInt(this.files.at(-1) ?? '0', 10) + 1;
  }

  put(source: string): void {
    const file = `${String(this.next++).padStart(NUMBER_DIGITS, '0')}.eml`;
    writeFileSync(join(this.folder, file), source, { mode: 0o600 });
    this.files.push(file);
    for (const old of this.files.splice(0, Math.max(0, this.files.length - INBOX_KEPT)))
      rmSync(join(this.folder, old), { force: true });
  }
}

/** Oldest first. */
export function messagesIn(data: string): InboxMessage[] {
  return [...inInbox(data), ...inOutbox(data)].sort((a, b) => a.at - b.at);
}

function inInbox(data: string): InboxMessage[] {
  const folder = join(data, INBOX_FOLDER);
  return numbered(folder, '.eml').map((file) => {
    const path = join(folder, file);
    const message = readMessage(readFileSync(path, 'utf8'));
    return { name: nameOf(INBOX_FOLDER, file), at: statSync(path).mtimeMs, channel: 'email', ...message };
  });
}

function inOutbox(data: string): InboxMessage[] {
  const folder = join(data, OUTBOX_FOLDER);
  return numbered(folder, '.json').map((file) => {
    const stored = JSON.parse(readFileSync(join(folder, file), 'utf8')) as OutboxMessage;
    const { action, channel, at, to, bytes } = stored;
    const isMail = channel === 'email' || channel === 'survey';
    const message = isMail ? readMessage(bytes) : { subject: '', text: bytes, html: '' };
    return { name: nameOf(OUTBOX_FOLDER, file), at, channel, ...message, to, action };
  });
}

function numbered(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(ending) && /^\d+\./.test(file))
    .sort();
}

const nameOf = (folder: string, file: string): string => `${folder}/${Number.parseInt(file, 10)}`;
