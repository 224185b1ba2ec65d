import type { MessagePort } from 'node:worker_threads';

import type { Chunk, Head } from '../event-store';
import type { LogReader } from '../log-reader';
import { encodeFrames } from './log-frame';
import { FEED_CATCH_UP_BYTES, FEED_WINDOW_BYTES, type FromWriter } from './log-protocol';
import type { CommittedGroup } from './log-writer';

/** One feed at the writer's end: posts each group while the receiver keeps up. */
export class FeedSender {
  private attached = false;
  /** The head as of the last group. */
  private at = 0;
  private untaken = 0;

  constructor(
    private readonly port: MessagePort,
    private readonly feed: number,
    private readonly prefixes: string[] | undefined,
  ) {}

  /** Begins or goes on after this position, if the receiver lacks little enough; else tells it to read. */
  resume(after: number, head: Head, reader: () => LogReader): void {
    this.attached = false;
    const missing = after < head.position ? this.missing(after, reader()) : [];
    if (missing === undefined) return this.post({ kind: 'behind', feed: this.feed, head });
    this.attached = true;
    this.at = head.position;
    if (missing.length > 0) this.frames(exactBuffer(encodeFrames(missing)), head);
  }

  /** To be asked for every group. One that does not follow on the last one is answered by having the receiver read. */
  wants(group: CommittedGroup): boolean {
    if (!this.attached) return false;
    if (group.afterPosition !== this.at) return this.detach(group.head);
    this.at = group.head.position;
    const { prefixes } = this;
    return (
      prefixes === undefined || group.streams.some((stream) => prefixes.some((prefix) => stream.startsWith(prefix)))
    );
  }

  /** The buffer is moved to the receiver. */
  send(buffer: ArrayBuffer, head: Head): void {
    if (this.untaken + buffer.byteLength <= FEED_WINDOW_BYTES) return this.frames(buffer, head);
    this.detach(head);
  }

  taken(bytes: number): void {
    this.untaken -= bytes;
  }

  private detach(head: Head): false {
    this.attached = false;
    this.post({ kind: 'behind', feed: this.feed, head });
    return false;
  }

  private missing(after: number, reader: LogReader): Chunk[] | undefined {
    const filter = this.prefixes ? { streamPrefixes: this.prefixes } : {};
    const chunks = reader.chunks(after, FEED_CATCH_UP_BYTES, filter);
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0);
    return bytes < FEED_CATCH_UP_BYTES ? chunks : undefined;
  }

  private frames(buffer: ArrayBuffer, head: Head): void {
    this.untaken += buffer.byteLength;
    this.port.postMessage({ kind: 'frames', feed: this.feed, buffer, head } satisfies FromWriter, [buffer]);
  }

  private post(message: FromWriter): void {
    this.port.postMessage(message);
  }
}

/** The memory of bytes that fill it. */
export function exactBuffer(bytes: Buffer): ArrayBuffer {
  return bytes.buffer as ArrayBuffer;
}
