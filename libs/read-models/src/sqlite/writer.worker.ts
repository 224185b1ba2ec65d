/** The thread that owns the read-write connection of a read-model file. */
import { parentPort, workerData } from 'node:worker_threads';
import type { PackedFlush } from './flush-pack';
import { SqliteReadModelFile } from './read-model-file';
import { isPassing } from './write-errors';
import type { FromWriter, ToWriter, WriterData } from './writer-protocol';

/** The WAL is copied into the file after the answer to a flush, once flushes of this size came, or when nothing comes for a while. */
const CHECKPOINT_AFTER_BYTES = 33_554_432;
/** Under full load flushes are large, and few copies save the most. Where they are smaller than this, who waits for the log's disk matters more. */
const LARGE_FLUSH_BYTES = 2_097_152;
/** The copies are small then: the log's own writes wait behind each of them. */
const CHECKPOINT_AFTER_SMALL_BYTES = 524_288;
const IDLE_CHECKPOINT_MS = 250;
/** How soon a write that met a full or failing disk is tried again. */
const RETRY_MS = 250;

const port = parentPort;
if (port === null) throw new Error('writer.worker runs as a worker thread only.');
const say = (message: FromWriter): void => port.postMessage(message);

const { folder, generation } = workerData as WriterData;
const file = SqliteReadModelFile.openLive(folder, generation);
const waiting: PackedFlush[] = [];
let retry: NodeJS.Timeout | undefined;
let idle: NodeJS.Timeout | undefined;
let closing = false;
let bytesInWal = 0;

function detailOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Writes what waits, oldest first. A write that cannot be done now holds back those after it: order is kept. */
function work(): void {
  clearTimeout(retry);
  retry = undefined;
  for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
    if (!writeOne(next)) return;
    waiting.shift();
    bytesInWal += next.length;
    if (bytesInWal >= checkpointAfter(next)) checkpoint();
  }
  if (closing) end();
  else idle = setTimeout(checkpoint, IDLE_CHECKPOINT_MS);
}

function checkpointAfter(flush: PackedFlush): number {
  return flush.length >= LARGE_FLUSH_BYTES ? CHECKPOINT_AFTER_BYTES : CHECKPOINT_AFTER_SMALL_BYTES;
}

function writeOne(packed: PackedFlush): boolean {
  const from = performance.now();
  try {
    file.writePacked(packed);
  } catch (error) {
    if (!isPassing(error)) {
      say({ kind: 'failed', detail: detailOf(error) });
      throw error;
    }
    say({ kind: 'stalled', detail: detailOf(error) });
    if (closing) end();
    else retry = setTimeout(work, RETRY_MS);
    return false;
  }
  say({ kind: 'written', ms: performance.now() - from });
  return true;
}

function checkpoint(): void {
  bytesInWal = 0;
  try {
    file.checkpointWal();
  } catch (error) {
    // The WAL still holds everything; the next write tells whether the trouble has passed.
    if (!isPassing(error)) throw error;
  }
}

function end(): void {
  clearTimeout(retry);
  clearTimeout(idle);
  file.close();
  say({ kind: 'closed' });
  port?.close();
}

port.on('message', (message: ToWriter) => {
  clearTimeout(idle);
  switch (message.kind) {
    case 'write':
      waiting.push(message.flush);
      if (retry === undefined) work();
      break;
    case 'close':
      closing = true;
      work();
      break;
  }
});
say({ kind: 'opened' });
