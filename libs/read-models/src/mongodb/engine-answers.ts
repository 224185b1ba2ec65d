/** What the engine reads back, answered from the collections. Lists come in pages: each starts after the key of the last row before. */
import type { Filter } from 'mongodb';
import type { CustomerRow } from '../read-models';
import type { MongoConnection } from './connection';
import { type CustomerDoc, toCustomer } from './documents';
import type { Models } from './models';
import { PointReads } from './point-reads';
import { Reading } from './reading';

export interface DueEntry {
  customerId: string;
  due: number;
}

export class EngineAnswers extends PointReads {
  private readonly customers;
  private readonly options;
  private readonly mine: Filter<CustomerDoc>;

  constructor(connection: MongoConnection, models: Models, partition?: number) {
    const reading = new Reading(connection);
    super(models, reading, partition);
    this.customers = models.customers;
    this.options = () => reading.options;
    this.mine = partition === undefined ? {} : { partition };
  }

  async load(customerIds: readonly string[]): Promise<CustomerRow[]> {
    const found = await this.customers.find({ _id: { $in: [...customerIds] } }, this.options()).toArray();
    return found.map(toCustomer);
  }

  async due(partition: number, until: number, after: DueEntry, limit: number): Promise<DueEntry[]> {
    const { due, customerId } = after;
    const beyond = [{ due: { $gt: due, $lte: until } }, { due, customerId: { $gt: customerId } }];
    return this.customers
      .find({ partition, due: { $gte: due, $lte: until }, $or: beyond }, this.options())
      .project<DueEntry>({ _id: 0, customerId: 1, due: 1 })
      .sort({ due: 1, customerId: 1 })
      .limit(limit)
      .toArray();
  }

  async earliestDue(partition: number): Promise<number | null> {
    const [first] = await this.due(partition, Number.MAX_SAFE_INTEGER, FIRST_DUE, 1);
    return first?.due ?? null;
  }

  unsettled(partition: number, after: string, limit: number): Promise<string[]> {
    return this.ids({ partition, unsettled: true, customerId: { $gt: after } }, limit);
  }

  behind(partition: number, version: number, after: string, limit: number): Promise<string[]> {
    return this.ids({ partition, customerId: { $gt: after }, definitionVersion: { $lt: version } }, limit);
  }

  customerIds(after: string, limit: number): Promise<string[]> {
    const field = this.mine.partition === undefined ? '_id' : 'customerId';
    return this.ids({ ...this.mine, [field]: { $gt: after } }, limit, field);
  }

  private async ids(filter: Filter<CustomerDoc>, limit: number, order: string = 'customerId'): Promise<string[]> {
    const found = await this.customers
      .find(filter, this.options())
      .project<{ _id: string }>({ _id: 1 })
      .sort({ [order]: 1 })
      .limit(limit)
      .toArray();
    return found.map((doc) => doc._id);
  }
}

/** Before every entry. */
export const FIRST_DUE: DueEntry = { due: Number.MIN_SAFE_INTEGER, customerId: '' };
