/** The lines of a file, in packs as they come off the disk. Files ending in .gz are unpacked on the way; `-` is stdin. */
import { createReadStream, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { LineSplitter, type Line } from './line-splitter';

const READ_BYTES = 1024 * 1024;
export const STDIN = '-';

export class FileLines {
  /** Size on the disk; undefined where it is not known beforehand. */
  readonly bytesTotal: number | undefined;
  bytesRead = 0;

  constructor(
    private readonly file: string,
    private readonly encoding: string,
  ) {
    this.bytesTotal = file === STDIN ? undefined : statSync(file).size;
  }

  async *packs(): AsyncGenerator<Line[]> {
    const splitter = new LineSplitter(this.encoding);
    const decoder = new TextDecoder(this.encoding, { ignoreBOM: true });
    for await (const chunk of this.open()) {
      yield splitter.push(decoder.decode(chunk as Uint8Array, { stream: true }));
    }
    yield [...splitter.push(decoder.decode()), ...splitter.end()];
  }

  private open(): Readable {
    const raw = this.file === STDIN ? process.stdin : createReadStream(this.file, { highWaterMark: READ_BYTES });
    raw.on('data', (chunk: Buffer | string) => (this.bytesRead += chunk.length));
    if (!this.file.endsWith('.gz')) return raw;
    const unpacked = createGunzip({ chunkSize: READ_BYTES });
    raw.on('error', (error: Error) => unpacked.destroy(error));
    return raw.pipe(unpacked);
  }
}
