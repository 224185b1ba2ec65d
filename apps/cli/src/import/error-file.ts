/** Rows that made no touchpoint, one JSON object a line: {line, reason, raw}. The file is made with the first of them. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { RAW_CHARACTERS_KEPT_MAX } from './rows/row';

export interface BadRowEntry {
  line: number;
  reason: string;
  raw: string;
}

const BUFFERED_CHARACTERS_MAX = 64 * 1024;

export class ErrorFile {
  private descriptor: number | undefined;
  private buffered = '';

  /** @param path undefined = entries are counted by the caller and not written (a dry run) */
  constructor(readonly path: string | undefined) {}

  write({ line, reason, raw }: BadRowEntry): void {
    if (this.path === undefined) return;
    this.descriptor ??= openSync(this.path, 'w');
    this.buffered += JSON.stringify({ line, reason, raw: raw.slice(0, RAW_CHARACTERS_KEPT_MAX) }) + '\n';
    if (this.buffered.length > BUFFERED_CHARACTERS_MAX) this.flush();
  }

  close(): void {
    this.flush();
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  private flush(): void {
    if (this.descriptor !== undefined && this.buffered !== '') writeSync(this.descriptor, this.buffered);
    this.buffered = '';
  }
}
