/** The canonical dump: the same lines as from the other stores for the same content. Lazy. */
import type { Collection, Document } from 'mongodb';
import {
  type ActionDoc,
  AXES,
  type ChangeDoc,
  type ChunkDoc,
  compareNames,
  type CustomerDoc,
  type DayDoc,
  type EnrolmentDoc,
  type ParkedDoc,
  type ProfileDoc,
  toCustomer,
  type WithheldDoc,
} from './documents';
import type { Models } from './models';
import type { PlayAnswers } from './play-answers';
import { toAction, toEnrolment } from './play-rows-read';
import type { PointReads } from './point-reads';
import type { Reading } from './reading';

/** Orders of collections without an index of their own are sorted on disk. */
const SORTED = { allowDiskUse: true } as const;

export class Dump {
  constructor(
    private readonly models: Models,
    private readonly reading: Reading,
    private readonly points: PointReads,
    private readonly plays: PlayAnswers,
  ) {}

  async *lines(): AsyncGenerator<string> {
    for await (const { model, ...row } of this.rows()) yield JSON.stringify({ model, ...row });
  }

  private async *rows(): AsyncGenerator<{ model: string }> {
    const { models } = this;
    const checkpoint = await this.points.checkpoint();
    if (checkpoint) yield line('checkpoint', { position: checkpoint.position, engine: checkpoint.engine });
    yield* this.each(models.customers, { _id: { $exists: true } }, { _id: 1 }, customerLine);
    yield* this.each(models.chunks, { no: { $exists: true } }, { customerId: 1, chunk: 1 }, chunkLine);
    yield* this.each(models.profiles, { no: { $exists: true } }, { customerId: 1 }, profileLine);
    const changes = { customerId: 1, axis: 1, at: 1, position: 1, part: 1 } as const;
    yield* this.each(models.changes, { axis: { $exists: true } }, changes, changeLine);
    yield* await this.days();
    yield* this.each(models.parked, { position: { $exists: true } }, { position: 1 }, parkedLine);
    yield* await this.counters();
    const enrolments = { no: 1, play: 1, enrolment: 1 } as const;
    yield* this.each(models.enrolments, {}, enrolments, (doc) => line('enrolment', toEnrolment(doc as EnrolmentDoc)));
    yield* this.each(models.actions, {}, { _id: 1 }, (doc) => line('action', toAction(doc as ActionDoc)));
    yield* this.each(models.withheld, {}, { no: 1, play: 1 }, withheldLine);
    for (const { play, held, what, count } of await this.plays.counters())
      yield line('playCounter', { play, held: Number(held), what, count });
  }

  private async *each<Doc extends Document>(
    collection: Collection<Doc>,
    match: Document,
    order: Record<string, 1>,
    toLine: (doc: Document) => { model: string },
  ): AsyncGenerator<{ model: string }> {
    const options = { ...this.reading.options, ...SORTED };
    for await (const doc of collection.find(match as never, options).sort(order)) yield toLine(doc);
  }

  /** Sums of all partitions. */
  private async days(): Promise<{ model: string }[]> {
    const sums = new Map<string, { axis: number; day: number; from: string | null; to: string; changes: number }>();
    for await (const { axis, day, steps } of this.models.days.find<DayDoc>({}, this.reading.options))
      for (const { from, to, changes } of steps) {
        const key = JSON.stringify([axis, day, from, to]);
        const sum = sums.get(key) ?? { axis, day, from, to, changes: 0 };
        sum.changes += changes;
        sums.set(key, sum);
      }
    return [...sums.values()]
      .sort((a, b) => a.axis - b.axis || a.day - b.day || compareNames(a.from, b.from) || compareNames(a.to, b.to))
      .filter(({ changes }) => changes !== 0)
      .map(({ axis, ...rest }) => line('changeDay', { axis: AXES[axis], ...rest }));
  }

  private async counters(): Promise<{ model: string }[]> {
    const rows = (await this.points.counters()).map(({ partition, stage, engagement, customers }) => ({
      ...{ partition, stage: stage === '' ? null : stage, engagement: engagement === '' ? null : engagement },
      customers,
    }));
    return rows
      .sort(
        (a, b) =>
          a.partition - b.partition || compareNames(a.stage, b.stage) || compareNames(a.engagement, b.engagement),
      )
      .map((row) => line('counter', row));
  }
}

function line(model: string, row: object): { model: string } {
  return { model, ...row };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function customerLine(doc: Document): { model: string } {
  const customer = toCustomer(doc as CustomerDoc);
  return line('customer', { ...customer, state: hex(customer.state), tail: hex(customer.tail) });
}

function chunkLine(doc: Document): { model: string } {
  const { customerId, chunk, bytes } = doc as ChunkDoc;
  return line('timelineChunk', { customerId, chunk, bytes: hex(bytes) });
}

function profileLine(doc: Document): { model: string } {
  const { customerId, traits, personal } = doc as ProfileDoc;
  return line('profile', { customerId, traits, personal });
}

function changeLine(doc: Document): { model: string } {
  const { position, part, axis, customerId, from, to, at, recordedAt, definitionVersion, ...flags } = doc as ChangeDoc;
  const marks = { history: Number(flags.history), chain: Number(flags.chain), hidden: Number(flags.hidden) };
  const row = { position, part, axis: AXES[axis], customerId, from, to, at, recordedAt, definitionVersion };
  return line('change', { ...row, ...marks });
}

function parkedLine(doc: Document): { model: string } {
  const { position, customerId, touchpointId, reason, detail, parkedAt } = doc as ParkedDoc;
  return line('parked', { position, customerId, touchpointId, reason, detail, parkedAt });
}

function withheldLine(doc: Document): { model: string } {
  const { no, play, position } = doc as WithheldDoc;
  return line('playWithheld', { no, play, position });
}
