/** What a flush comes to: each document as it is to be afterwards, found out before anything is written. */
import type { OfCustomer, Written } from './documents';
import type { ModelName } from './models';

export interface PlannedWrite {
  model: ModelName;
  doc: Written & { customerId?: string };
  /** No document has its id yet, so it is inserted: cheaper than looking for one to replace. */
  fresh: boolean;
}

export class PlannedWrites {
  private readonly docs = new Map<string, PlannedWrite>();

  constructor(readonly f: number) {}

  /** The last one of a document counts. */
  put(model: ModelName, doc: Written, fresh = false): void {
    this.docs.set(`${model}|${doc._id}`, { model, doc, fresh });
  }

  /** What stays of a deleted document: a late write of an older flush must find that it is late. */
  remove(model: ModelName, { _id, customerId }: Pick<OfCustomer, '_id' | 'customerId'>): void {
    this.put(model, { _id, customerId, f: this.f, gone: new Date() } as OfCustomer);
  }

  get list(): PlannedWrite[] {
    return [...this.docs.values()];
  }
}
