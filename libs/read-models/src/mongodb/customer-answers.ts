/** Lists and counts of customers. Lists are ordered by (value, no), so that a page can go on after the last row of the one before. */
import type { Document, Filter } from 'mongodb';
import {
  COUNT_MAX,
  type CustomerCount,
  type CustomerFilter,
  type CustomerPage,
  type CustomerSort,
  type PageKey,
} from '../read-models';
import { type CustomerDoc, NO_MOMENT, toSummary } from './documents';
import type { Models } from './models';
import type { PointReads } from './point-reads';
import type { Reading } from './reading';

const FIELDS = { since: 'stageSince', lastTouchpoint: 'lastTouchpointAt', id: 'customerId' } as const;
const WITHOUT_BLOBS = { state: 0, tail: 0 } as const;

export class CustomerAnswers {
  constructor(
    private readonly models: Models,
    private readonly reading: Reading,
    private readonly points: PointReads,
  ) {}

  async page(
    filter: CustomerFilter,
    sort: CustomerSort,
    descending: boolean,
    after: PageKey | undefined,
    limit: number,
  ): Promise<CustomerPage> {
    const direction = descending ? -1 : 1;
    const order = sort === 'id' ? { _id: direction } : { [FIELDS[sort]]: direction, no: direction };
    const found = await this.models.customers
      .find(await this.found(filter, sort, descending, after), this.reading.options)
      .project<CustomerDoc>(WITHOUT_BLOBS)
      .sort(order as Record<string, 1 | -1>)
      .limit(limit + 1)
      .toArray();
    const items = found.slice(0, limit).map(toSummary);
    const last = items.at(-1);
    if (found.length <= limit || !last) return { items };
    const value = { since: last.stageSince, lastTouchpoint: last.lastTouchpointAt, id: last.customerId }[sort];
    return { items, next: { value, customerId: last.customerId } };
  }

  async count(filter: CustomerFilter): Promise<CustomerCount> {
    if (onlyByCell(filter)) return { customers: await this.kept(filter), exact: true };
    const options = { ...this.reading.options, limit: COUNT_MAX + 1 };
    const found = await this.models.customers.countDocuments(matching(filter), options);
    return { customers: Math.min(found, COUNT_MAX), exact: found <= COUNT_MAX };
  }

  private async found(
    filter: CustomerFilter,
    sort: CustomerSort,
    descending: boolean,
    after: PageKey | undefined,
  ): Promise<Filter<CustomerDoc>> {
    const conditions: Document[] = [matching(filter), await this.beyond(sort, descending, after)];
    if (sort !== 'id') conditions.push(await this.cells(filter));
    return { $and: conditions };
  }

  /**
   * Every stage and engagement that is left open, by name: a list is then some ordered ranges of one index, merged, and no
   * index has to be kept for lists of everybody.
   */
  private async cells({ stages, engagements }: CustomerFilter): Promise<Document> {
    const open: Document = {};
    if (stages?.length && engagements?.length) return open;
    const counters = await this.points.counters();
    const named = (of: 'stage' | 'engagement'): (string | null)[] => [null, ...new Set(counters.map((row) => row[of]))];
    if (!stages?.length) open['stage'] = { $in: named('stage') };
    if (!engagements?.length) open['engagement'] = { $in: named('engagement') };
    return open;
  }

  private async beyond(sort: CustomerSort, descending: boolean, after?: PageKey): Promise<Filter<CustomerDoc>> {
    if (!after) return {};
    const beyond = descending ? '$lt' : '$gt';
    if (sort === 'id') return { _id: { [beyond]: after.value } };
    const doc = await this.models.customers.findOne(
      { _id: after.customerId },
      { ...this.reading.options, projection: { no: 1 } },
    );
    const field = FIELDS[sort];
    const value = after.value ?? NO_MOMENT;
    const ties = [{ [field]: { [beyond]: value } }, { [field]: value, no: { [beyond]: doc?.no ?? -1 } }];
    // The bound beside the alternatives is where the index is entered.
    return { [field]: { [`${beyond}e`]: value }, $or: ties };
  }

  private async kept({ stages, engagements }: CustomerFilter): Promise<number> {
    let sum = 0;
    for (const { stage, engagement, customers } of await this.points.counters())
      if (wants(stages, stage) && wants(engagements, engagement)) sum += customers;
    return sum;
  }
}

/** Without a stage is not a stage that one can ask for. */
function wants(wanted: string[] | undefined, name: string): boolean {
  return wanted === undefined || wanted.length === 0 || (name !== '' && wanted.includes(name));
}

function onlyByCell(filter: CustomerFilter): boolean {
  const rest: CustomerFilter = { ...filter, stages: [], engagements: [] };
  return Object.values(rest).every((value) => value === undefined || (Array.isArray(value) && value.length === 0));
}

function matching(filter: CustomerFilter): Filter<CustomerDoc> {
  const match: Document = {};
  oneOf(match, 'stage', filter.stages);
  oneOf(match, 'engagement', filter.engagements);
  oneOf(match, 'kind', filter.kinds);
  oneOf(match, 'lastChannel', filter.channels);
  // Who has no stage is not in any stage since a moment.
  const since = filter.sinceFrom !== undefined || filter.sinceTo !== undefined;
  between(match, 'stageSince', since ? (filter.sinceFrom ?? NO_MOMENT + 1) : undefined, filter.sinceTo);
  between(match, 'lastTouchpointAt', filter.lastFrom, filter.lastTo);
  if (filter.unsettled !== undefined) match['unsettled'] = filter.unsettled;
  return match;
}

function oneOf(match: Document, field: string, wanted: string[] | undefined): void {
  if (wanted !== undefined && wanted.length > 0) match[field] = { $in: wanted };
}

function between(match: Document, field: string, from: number | undefined, to: number | undefined): void {
  if (from === undefined && to === undefined) return;
  match[field] = { ...(from !== undefined && { $gte: from }), ...(to !== undefined && { $lte: to }) };
}
