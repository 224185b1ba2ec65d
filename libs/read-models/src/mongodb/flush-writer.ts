/**
 * Writes the flushes of one partition, in order, each whole. A flush that fits is one transaction, where the server has transactions. Else it goes
 * into the journal first; one update of the partition's progress makes it binding; then its documents are written, each guarded by the number of
 * the flush, so that writing them again changes nothing; the checkpoint comes last. Who takes over a partition first finishes what is binding.
 */
import { BSON, MongoBulkWriteError, type AnyBulkWriteOperation, type ClientSession, type Document } from 'mongodb';
import type { Flush } from '../read-models';
import { claim } from './claim';
import type { MongoConnection } from './connection';
import type { Pending, ProgressDoc } from './documents';
import { FencedError } from './fenced-error';
import type { Models } from './models';
import { type FlushPlan, planFlush } from './plan-flush';
import type { PlannedWrite } from './planned-writes';

export interface WriterLimits {
  /** Documents and bytes of one transaction. A server ends one that lasts for a minute, and ships it in entries of 16 MiB. */
  transactionWritesMax: number;
  transactionBytesMax: number;
  /** Of a document of the journal, which may have 16 MiB. */
  journalPieceBytes: number;
}

export const WRITER_LIMITS: WriterLimits = {
  transactionWritesMax: 5_000,
  transactionBytesMax: 12_582_912,
  journalPieceBytes: 8_388_608,
};
/** Documents of one bulk write. */
const BULK_WRITES_MAX = 1_000;
const DUPLICATE_KEY = 11_000;
const TRANSACTION = { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', journal: true } } as const;

export interface WriterOwner {
  /** Absent = the store is not cut into partitions. */
  partition?: number;
  /** Of the lease. Absent = whoever opens last owns it. */
  token?: number;
}

export class FlushWriter {
  private constructor(
    private readonly connection: MongoConnection,
    private readonly models: Models,
    private progress: ProgressDoc,
    private readonly limits: WriterLimits,
    /** Of all its transactions: the next owner ends it. */
    private readonly session: ClientSession | null,
  ) {}

  /** Claims the partition and finishes what an owner before has begun. Throws FencedError where a newer token has claimed it. */
  static async open(
    connection: MongoConnection,
    models: Models,
    owner: WriterOwner,
    limits = WRITER_LIMITS,
  ): Promise<FlushWriter> {
    const session = connection.kind.transactions ? connection.client.startSession() : null;
    try {
      const writer = new FlushWriter(
        connection,
        models,
        await claim(connection, models, owner, session),
        limits,
        session,
      );
      if (writer.progress.pending) await writer.finish(writer.progress.pending);
      return writer;
    } catch (error) {
      await session?.endSession();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.session?.endSession();
  }

  async write(flush: Flush): Promise<void> {
    await this.apply(await this.plan(flush));
  }

  /** As of what has been applied so far. */
  plan(flush: Flush): Promise<FlushPlan> {
    return planFlush(this.models, this.progress, flush);
  }

  /** May be called again with the same plan after an error: what was written already stays. */
  async apply(plan: FlushPlan): Promise<void> {
    if (await this.isWritten(plan)) return;
    if (this.session && this.fits(plan)) await this.inTransaction(plan, this.session);
    else await this.throughJournal(plan);
    this.progress = { ...this.progress, ...plan.next, f: plan.f, pending: null };
  }

  /** Looks only where an attempt before may have come through. */
  private async isWritten({ f, next }: FlushPlan): Promise<boolean> {
    const now = await this.own();
    if (now.f !== f) return false;
    this.progress = { ...now, ...next };
    return true;
  }

  private async own(): Promise<ProgressDoc> {
    const now = await this.models.progress.findOne({ _id: this.progress._id });
    if (now?.token !== this.progress.token) throw FencedError.of(this.progress._id, this.progress.token, now?.token);
    return now;
  }

  private fits({ writes }: FlushPlan): boolean {
    if (writes.length > this.limits.transactionWritesMax) return false;
    let bytes = 0;
    for (const { doc } of writes) {
      bytes += BSON.calculateObjectSize(doc);
      if (bytes > this.limits.transactionBytesMax) return false;
    }
    return true;
  }

  private async inTransaction({ f, writes, next }: FlushPlan, session: ClientSession): Promise<void> {
    const { _id, token } = this.progress;
    let attempts = 0;
    await session.withTransaction(async () => {
      // Where the next owner has ended the attempt before, no other one can come through.
      if (++attempts > 1) await this.own();
      for (const part of parts(writes)) await this.replaceAll(part, session);
      const set = { $set: { ...next, f, pending: null } };
      const { matchedCount } = await this.models.progress.updateOne({ _id, token, f: f - 1 }, set, { session });
      if (matchedCount === 0) throw FencedError.of(_id, token);
    }, TRANSACTION);
  }

  private async replaceAll(writes: readonly PlannedWrite[], session: ClientSession): Promise<void> {
    const operations = writes.map((write) => this.operation(write, {}));
    await this.models.of(writes[0]!.model).bulkWrite(operations, { session, ordered: false });
  }

  private async throughJournal({ f, writes, next }: FlushPlan): Promise<void> {
    const { _id, token } = this.progress;
    const pieces = await this.keepInJournal(f, writes);
    const pending: Pending = { f, token, pieces, next };
    const filter = { _id, token, f: f - 1, $or: [{ pending: null }, { 'pending.f': f }] };
    const { matchedCount } = await this.models.progress.updateOne(filter, { $set: { pending } });
    if (matchedCount === 0) throw FencedError.of(_id, token);
    await this.finish(pending);
  }

  /** Answers with the number of pieces. Each has the token in its id: an owner that is late writes pieces of its own. */
  private async keepInJournal(f: number, writes: readonly PlannedWrite[]): Promise<number> {
    const partition = this.progress._id;
    const pieces = journalPieces(writes, this.limits.journalPieceBytes);
    for (const [i, bytes] of pieces.entries()) {
      const doc = { partition, f, writes: bytes };
      const id = journalId(partition, this.progress.token, f, i);
      await this.models.journal.replaceOne({ _id: id }, doc, { upsert: true });
    }
    return pieces.length;
  }

  /** Writes what is binding. Nothing in it is changed by doing it again. */
  private async finish({ f, token, pieces, next }: Pending): Promise<void> {
    const { _id } = this.progress;
    for (let i = 0; i < pieces; i++) {
      const piece = await this.models.journal.findOne({ _id: journalId(_id, token, f, i) });
      if (!piece) {
        // Another owner may have finished it, and removed the journal.
        await this.own();
        throw new Error(`Read models: the journal of partition ${_id} lacks piece ${i} of flush ${f}. Rebuild them.`);
      }
      for (const part of parts(writesOf(piece.writes))) await this.replaceOlder(part, f);
    }
    const filter = { _id, token: this.progress.token, 'pending.f': f };
    const { matchedCount } = await this.models.progress.updateOne(filter, { $set: { ...next, f, pending: null } });
    if (matchedCount === 0) throw FencedError.of(_id, this.progress.token);
    this.progress = { ...this.progress, ...next, f, pending: null };
    await this.models.journal.deleteMany({ partition: _id, f: { $lte: f } });
  }

  private async replaceOlder(writes: readonly PlannedWrite[], f: number): Promise<void> {
    const operations = writes.map((write) => this.operation(write, { f: { $lt: f } }));
    try {
      await this.models.of(writes[0]!.model).bulkWrite(operations, { ordered: false });
    } catch (error) {
      // There already, as of this flush or a later one: the filter did not match, and the upsert met the key.
      if (!isOnlyDuplicates(error)) throw error;
    }
  }

  private operation({ doc, fresh }: PlannedWrite, guard: Document): AnyBulkWriteOperation<Document> {
    if (fresh) return { insertOne: { document: doc as Document } };
    const { _id, customerId } = doc;
    const shardKey = this.connection.kind.sharded && customerId !== undefined ? { customerId } : {};
    const filter = { _id, ...shardKey, ...guard };
    return { replaceOne: { filter, replacement: doc, upsert: true } } as unknown as AnyBulkWriteOperation<Document>;
  }
}

/** Runs of one model, of BULK_WRITES_MAX at most. */
function* parts(writes: readonly PlannedWrite[]): Iterable<PlannedWrite[]> {
  const models = grouped(writes);
  for (const own of models.values())
    for (let from = 0; from < own.length; from += BULK_WRITES_MAX) yield own.slice(from, from + BULK_WRITES_MAX);
}

function grouped(writes: readonly PlannedWrite[]): Map<string, PlannedWrite[]> {
  const models = new Map<string, PlannedWrite[]>();
  for (const write of writes) {
    const own = models.get(write.model);
    if (own) own.push(write);
    else models.set(write.model, [write]);
  }
  return models;
}

function journalId(partition: string, token: number, f: number, piece: number): string {
  return `${partition}|${token}|${f}|${piece}`;
}

function journalPieces(writes: readonly PlannedWrite[], bytesMax: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let piece: PlannedWrite[] = [];
  let bytes = 0;
  for (const write of writes) {
    const size = BSON.calculateObjectSize(write);
    if (piece.length > 0 && bytes + size > bytesMax) {
      pieces.push(BSON.serialize({ writes: piece }));
      piece = [];
      bytes = 0;
    }
    piece.push(write);
    bytes += size;
  }
  if (piece.length > 0) pieces.push(BSON.serialize({ writes: piece }));
  return pieces;
}

function writesOf(bytes: Uint8Array): PlannedWrite[] {
  return (BSON.deserialize(bytes, { promoteBuffers: true }) as { writes: PlannedWrite[] }).writes;
}

function isOnlyDuplicates(error: unknown): boolean {
  if (!(error instanceof MongoBulkWriteError)) return false;
  const errors = [error.writeErrors].flat();
  return (
    errors.length > 0 &&
    errors.every((one) => one.code === DUPLICATE_KEY) &&
    error.result.getWriteConcernError() === undefined
  );
}
