/** Where messages go in the sandbox: a folder of the newest of them, one file each. Nothing leaves the machine. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActionRequested } from '@rapport/journey';
import type { RenderedMessage } from './action-events';

/** Messages that the folder keeps. */
export const OUTBOX_KEPT = 500;
export const OUTBOX_FOLDER = 'outbox';
const NUMBER_DIGITS = 9;

export interface Outbox {
  put(
    request: Pick<ActionRequested, 'action' | 'channel' | 'play'>,
    customerId: string,
    message: RenderedMessage,
    at: number,
  ): void;
}

export interface OutboxMessage extends RenderedMessage {
  action: string;
  customerId: string;
  channel: string;
  play: string;
  at: number;
}

export class OutboxFolder implements Outbox {
  private readonly folder: string;
  private readonly files: string[];
  private next: number;

  constructor(dataFolder: string) {
    this.folder = join(dataFolder, OUTBOX_FOLDER);
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    this.files = readdirSync(this.folder)
      .filter((file) => /^\d+\.json$/.test(file))
      .sort();
    this.next = Number.parseInt(this.files.at(-1) ?? '0', 10) + 1;
  }

  put(
    { action, channel, play }: Parameters<Outbox['put']>[0],
    customerId: string,
    message: RenderedMessage,
    at: number,
  ): void {
    const file = `${String(this.next++).padStart(NUMBER_DIGITS, '0')}.json`;
    const stored: OutboxMessage = { action, customerId, channel, play, at, ...message };
    writeFileSync(join(this.folder, file), JSON.stringify(stored), { mode: 0o600 });
    this.files.push(file);
    for (const old of this.files.splice(0, Math.max(0, this.files.length - OUTBOX_KEPT)))
      rmSync(join(this.folder, old), { force: true });
  }
}
