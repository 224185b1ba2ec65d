/**
 * Records of the log, read for many customers in one pass. They are kept packed, and decoded when their customer's turn comes: objects
 * that many live at one time would have to be moved about by the garbage collector, bytes do not.
 */
import type { EventCursor, LogReader } from '@rapport/event-store';

const BYTES_PER_RECORD_GUESSED = 256;

export class ReadAhead {
  private positions = new Float64Array(0);
  private stamps = new Float64Array(0);
  private offsets = new Float64Array(0);
  private bytes = Buffer.alloc(0);
  private count = 0;
  private end = 0;

  /** Instead of what was read before. @param positions ascending */
  read(log: LogReader, positions: ArrayLike<number>): this {
    if (this.positions.length < positions.length) {
      this.positions = new Float64Array(positions.length);
      this.stamps = new Float64Array(positions.length);
      this.offsets = new Float64Array(positions.length);
    }
    this.forget();
    const wanted = positions.length * BYTES_PER_RECORD_GUESSED;
    if (this.bytes.length < wanted) this.bytes = Buffer.allocUnsafeSlow(wanted);
    log.visit(positions, (cursor, recordedAt) => this.keep(cursor, recordedAt));
    return this;
  }

  forget(): void {
    this.count = 0;
    this.end = 0;
  }

  /** Where the record at a position of the log is kept; -1 = it was not read. */
  place(position: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = this.positions[middle]!;
      if (found === position) return middle;
      if (found < position) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  recordedAt(place: number): number {
    return this.stamps[place]!;
  }

  /** Stands the cursor on a record. It must not be used after the next read. */
  seek(cursor: EventCursor, place: number): EventCursor {
    cursor.seek(this.bytes, this.offsets[place]!, this.positions[place]!);
    return cursor;
  }

  private keep(cursor: EventCursor, recordedAt: number): void {
    const { record } = cursor;
    if (this.end + record.length > this.bytes.length) this.grow(record.length);
    this.bytes.set(record, this.end);
    this.positions[this.count] = cursor.position;
    this.stamps[this.count] = recordedAt;
    this.offsets[this.count] = this.end;
    this.end += record.length;
    this.count++;
  }

  private grow(room: number): void {
    const larger = Buffer.allocUnsafeSlow((this.end + room) * 2);
    larger.set(this.bytes.subarray(0, this.end));
    this.bytes = larger;
  }
}
