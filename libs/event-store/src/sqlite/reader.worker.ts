/** The reading thread of a store: a read-only connection that answers one request after the other. */
import { parentPort, type MessagePort, workerData } from 'node:worker_threads';

import type { Chunk } from '../event-store';
import type { LogReader } from '../log-reader';
import { exactBuffer } from './feed-sender';
import { encodeFrames } from './log-frame';
import { openLogReader } from './log-reader';
import type { ReadAnswer, ToReader } from './reader-protocol';

type Content = ReadAnswer extends infer A ? (A extends { ok: true } ? Omit<A, 'id' | 'ok'> : never) : never;

function frames(chunks: Chunk[]): Content {
  return { frames: encodeFrames(chunks) };
}

function read(reader: LogReader, request: ToReader): Content {
  switch (request.op) {
    case 'head':
      return { head: reader.head() };
    case 'chunks':
      return frames(reader.chunks(request.position, request.maxBytes, request.filter));
    case 'streamChunks':
      return frames(reader.streamChunks(request.stream, request.fromRevision, request.maxEvents));
    case 'at':
      return { events: reader.at(request.positions) };
    case 'streamHead':
      return { revision: reader.streamHead(request.stream) };
  }
}

function serve(port: MessagePort, reader: LogReader): void {
  port.on('message', (request: ToReader | 'close') => {
    if (request === 'close') {
      reader.close();
      port.close();
      return;
    }
    try {
      const content = read(reader, request);
      const moved = 'frames' in content ? [exactBuffer(content.frames as Buffer)] : [];
      port.postMessage({ id: request.id, ok: true, ...content }, moved);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      port.postMessage({ id: request.id, ok: false, message } satisfies ReadAnswer);
    }
  });
}

if (parentPort) serve(parentPort, openLogReader((workerData as { folder: string }).folder));
