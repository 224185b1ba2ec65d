/** `rapport export`: the log as NDJSON, one event a line, in log order, with its whole envelope. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { once } from 'node:events';
import { EventCursor, openLogReader, type LogReader, type StoredEvent } from '@rapport/event-store';
import { CommandFailed, EXIT, type ExitCode } from '../exit-code';
import { interruptSignal } from '../output/interrupt';
import { note } from '../output/notes';
import { Progress } from '../output/progress';
import { plural } from '../output/table';
import { requireStore } from '../target/open-target';
import { readStoreOptions } from '../target/store-options';
import type { JsonFlags } from './operations.commands';

export interface ExportFlags extends JsonFlags {
  output?: string;
  from: number;
  until?: number;
}

const READ_BYTES_MAX = 4 * 1024 * 1024;
const PARTLY_WRITTEN_BYTES_MAX = 256 * 1024;

/** Of one event. `data` and `personal` are JSON where they are UTF-8 JSON, else `dataBase64` and `personalBase64`. */
interface ExportedEvent {
  position: number;
  stream: string;
  revision: number;
  id: string;
  type: string;
  schemaVersion: number;
  occurredAt: string;
  recordedAt: string;
  subject?: string;
  correlationId?: string;
  causationId?: string;
  data?: unknown;
  dataBase64?: string;
  personal?: unknown;
  personalBase64?: string;
}

export async function exportLog(flags: ExportFlags): Promise<ExitCode> {
  const { data } = readStoreOptions(flags);
  requireStore(data);
  note(`Reading the log of the store in ${data}.`);
  const log = openLogReader(data);
  const output = new Output(flags.output);
  try {
    return await copy(log, output, flags);
  } finally {
    output.close();
    log.close();
  }
}

async function copy(log: LogReader, output: Output, flags: ExportFlags): Promise<ExitCode> {
  // What is appended meanwhile is not part of it: the copy has an end.
  const head = Math.min(log.head().position, flags.until ?? Infinity);
  const signal = interruptSignal('Stopping.');
  const progress = new Progress('Exporting');
  const cursor = new EventCursor();
  let position = flags.from;
  let events = 0;
  for (
    let chunks = log.chunks(position, READ_BYTES_MAX);
    chunks.length > 0 && position < head;
    chunks = log.chunks(position, READ_BYTES_MAX)
  ) {
    for (const chunk of chunks) {
      cursor.reset(chunk);
      while (cursor.next() && cursor.position <= head) {
        await output.line(JSON.stringify(exported(cursor.event(chunk))));
        position = cursor.position;
        events++;
      }
    }
    progress.show(events, 'events', position / head);
    if (signal.aborted) return EXIT.interrupted;
  }
  await output.flush();
  progress.end();
  note(`${plural(events, 'event')} written, up to position ${Math.min(position, head)}.`);
  return EXIT.ok;
}

function exported(event: StoredEvent): ExportedEvent {
  return {
    position: event.position,
    stream: event.stream,
    revision: event.revision,
    id: uuid(event.id),
    type: event.type,
    schemaVersion: event.schemaVersion,
    occurredAt: new Date(event.occurredAt).toISOString(),
    recordedAt: new Date(event.recordedAt).toISOString(),
    ...(event.subject === undefined ? {} : { subject: event.subject }),
    ...(event.correlationId === undefined ? {} : { correlationId: uuid(event.correlationId) }),
    ...(event.causationId === undefined ? {} : { causationId: uuid(event.causationId) }),
    ...bytes('data', event.data),
    ...(event.personal === undefined ? {} : bytes('personal', event.personal)),
  };
}

function uuid(id: Uint8Array): string {
  const hex = Buffer.from(id).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** As JSON only where writing that JSON again gives the same bytes, so that nothing is lost on the way out. */
function bytes(name: 'data' | 'personal', content: Uint8Array): Partial<ExportedEvent> {
  try {
    const text = utf8.decode(content);
    const value: unknown = JSON.parse(text);
    if (JSON.stringify(value) === text) return { [name]: value };
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
  }
  return { [`${name}Base64`]: Buffer.from(content).toString('base64') };
}

/** Lines to a file or to stdout, at the pace of whoever reads them. */
class Output {
  private readonly descriptor: number | undefined;
  private waiting = '';

  constructor(file: string | undefined) {
    this.descriptor = file === undefined || file === '-' ? undefined : openNew(file);
  }

  async line(text: string): Promise<void> {
    this.waiting += `${text}\n`;
    if (this.waiting.length >= PARTLY_WRITTEN_BYTES_MAX) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.waiting;
    this.waiting = '';
    if (text === '') return;
    if (this.descriptor !== undefined) writeWhole(this.descriptor, Buffer.from(text));
    else if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
  }
}

function openNew(file: string): number {
  try {
    return openSync(file, 'wx');
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!exists) throw error;
    throw new CommandFailed(EXIT.conflict, `${file} exists already. Name a new file; nothing is overwritten.`);
  }
}

function writeWhole(descriptor: number, content: Buffer): void {
  for (let at = 0; at < content.length;) at += writeSync(descriptor, content, at);
}
