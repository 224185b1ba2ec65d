/** Reads the rows, makes touchpoints of them and sends them; or, in a dry run, only looks. */
import { validateTouchpoint } from '@rapport/journey';
import { BATCH_TOUCHPOINTS_MAX, type BatchItem, type SendBatch } from './batch';
import type { ErrorFile } from './error-file';
import type { OpenRows } from './rows/open-rows';
import type { Row } from './rows/row';
import type { RowIdentity } from './rows/row-identity';
import { Sending } from './sending';
import { Tally } from './tally';

export interface ImportOptions {
  identity: RowIdentity;
  errors: ErrorFile;
  /** False = the touchpoints act as if they happened now; else they are history and settle at the end. */
  live: boolean;
  /** Rows up to this line were sent by an earlier run. */
  resumeAfterLine: number;
  /** Absent = a dry run. */
  send?: SendBatch;
  signal: AbortSignal;
  /** Called after each pack of rows and each batch. */
  onStep(run: ImportRun): void;
}

export class ImportRun {
  readonly tally: Tally;
  readonly sending: Sending | undefined;
  private batch: BatchItem[] = [];

  constructor(
    private readonly open: OpenRows,
    private readonly options: ImportOptions,
  ) {
    this.tally = new Tally(options.send === undefined);
    const refused = (item: BatchItem, reason: string): void => this.bad(item.line, reason, item.raw);
    if (options.send) this.sending = new Sending(options.send, refused, options.resumeAfterLine);
  }

  get bytesRead(): number {
    return this.open.bytesRead();
  }

  /** Resolves at the end of the file, or early where the signal says so; what is under way is awaited either way. */
  async run(): Promise<'finished' | 'interrupted'> {
    try {
      for await (const rows of this.open.packs) {
        for (const row of rows) {
          this.take(row);
          if (this.batch.length >= BATCH_TOUCHPOINTS_MAX) await this.dispatch();
          if (this.options.signal.aborted) break;
        }
        if (this.options.signal.aborted) break;
        this.options.onStep(this);
      }
      if (!this.options.signal.aborted) await this.dispatch();
    } finally {
      await this.sending?.finish();
      this.options.errors.close();
    }
    return this.options.signal.aborted ? 'interrupted' : 'finished';
  }

  private take(row: Row): void {
    this.tally.rows++;
    const mapped = this.open.map(row);
    if (mapped.kind === 'bad') return this.bad(row.line, mapped.reason, row.raw);
    if (mapped.kind === 'skipped') return this.tally.skippedRow(mapped.reason);
    const { sent } = mapped;
    // The ordinal counts bad and already sent rows too: ids must not depend on what else is in the file.
    if (sent.touchpointId === undefined) sent.touchpointId = this.options.identity.id(row);
    sent.history = !this.options.live;
    const checked = validateTouchpoint(sent, Date.now());
    if (!checked.ok) return this.bad(row.line, reasonOf(checked.error), row.raw);
    const item: BatchItem = { line: row.line, raw: row.raw, sent, touchpoint: checked.touchpoint };
    this.tally.goodRow(item);
    if (row.line <= this.options.resumeAfterLine) this.tally.resumed++;
    else if (this.sending !== undefined) this.batch.push(item);
  }

  private async dispatch(): Promise<void> {
    const items = this.batch;
    this.batch = [];
    if (items.length === 0) return;
    await this.sending?.add(items);
    this.options.onStep(this);
  }

  private bad(line: number, reason: string, raw: string): void {
    const entry = { line, reason, raw };
    this.tally.badRow(entry);
    this.options.errors.write(entry);
  }
}

function reasonOf(error: { pointer: string; detail: string }): string {
  return error.pointer === '' ? error.detail : `${error.pointer.slice(1).replaceAll('/', '.')} ${error.detail}`;
}
