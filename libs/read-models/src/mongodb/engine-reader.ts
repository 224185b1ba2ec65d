/** The engine's reader over a line to the thread that talks to MongoDB: for threads that may block. */
import { BlockingLine, type LineEnd } from '@rapport/blocking-calls';
import type { Checkpoint, CounterRow, CustomerRow, EngineReader, ProfileRow } from '../read-models';
import { type DueEntry, type EngineAnswers, FIRST_DUE } from './engine-answers';

/** Lists are read in pages that grow: the first customers come fast, a million do not cost a thousand calls. */
const FIRST_PAGE_ROWS = 256;
const PAGE_ROWS_MAX = 16_384;
const PAGE_GROWTH = 4;
/** Customers of one question. */
const LOAD_IDS_MAX = 5_000;

export class MongoEngineReader implements EngineReader {
  private readonly line: BlockingLine<EngineAnswers>;

  constructor(end: LineEnd) {
    this.line = new BlockingLine(end);
  }

  checkpoint(): Checkpoint | null {
    return this.line.ask('checkpoint');
  }

  load(customerIds: string[]): CustomerRow[] {
    const rows: CustomerRow[] = [];
    for (let from = 0; from < customerIds.length; from += LOAD_IDS_MAX)
      rows.push(...this.line.ask('load', customerIds.slice(from, from + LOAD_IDS_MAX)));
    return rows;
  }

  profile(no: number): ProfileRow | null {
    return this.line.ask('profile', no);
  }

  chunks(no: number): Uint8Array[] {
    return this.line.ask('chunks', no);
  }

  counters(): CounterRow[] {
    return this.line.ask('counters');
  }

  due(partition: number, until: number): Iterable<DueEntry> {
    return pages(FIRST_DUE, (last, limit) => this.line.ask('due', partition, until, last, limit));
  }

  earliestDue(partition: number): number | null {
    return this.line.ask('earliestDue', partition);
  }

  unsettled(partition: number, after: string): Iterable<string> {
    return pages(after, (last, limit) => this.line.ask('unsettled', partition, last, limit));
  }

  behind(partition: number, version: number, after: string): Iterable<string> {
    return pages(after, (last, limit) => this.line.ask('behind', partition, version, last, limit));
  }

  unsettledCount(): number {
    return this.line.ask('unsettledCount');
  }

  customerIds(): Iterable<string> {
    return pages('', (last, limit) => this.line.ask('customerIds', last, limit));
  }

  close(): void {
    this.line.close();
  }
}

/** Each row is the key that the next page starts after. */
function* pages<Row>(after: Row, read: (last: Row, limit: number) => Row[]): Iterable<Row> {
  let last = after;
  for (let limit = FIRST_PAGE_ROWS; ; limit = Math.min(limit * PAGE_GROWTH, PAGE_ROWS_MAX)) {
    const page = read(last, limit);
    yield* page;
    if (page.length < limit) return;
    last = page.at(-1)!;
  }
}
