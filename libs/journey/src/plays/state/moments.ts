/** Moments as differences to a base: 0 = none, which is the reader's infinity of that place. */
import type { PackedReader, PackedWriter } from '../../core/packed-bytes';

export class MomentWriter {
  constructor(
    private readonly writer: PackedWriter,
    private readonly base: number,
  ) {}

  /** A whole number of ms, or infinite. */
  write(moment: number): void {
    if (moment === Infinity || moment === -Infinity) return this.writer.integer(0);
    const difference = moment - this.base;
    this.writer.integer(difference >= 0 ? difference + 1 : difference);
  }
}

export class MomentReader {
  constructor(
    private readonly reader: PackedReader,
    private readonly base: number,
  ) {}

  read(none: number): number {
    const read = this.reader.integer();
    if (read === 0) return none;
    return this.base + (read > 0 ? read - 1 : read);
  }
}
