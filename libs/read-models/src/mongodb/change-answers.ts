/** Changes in force, and what reports make of them. */
import type { Document, Filter } from 'mongodb';
import type { Axis, ChangeFilter, ChangeKey, ChangeRow, StageFlow, StandingPage } from '../read-models';
import { AXES, type ChangeDoc, compareNames, type DayStep, toChange } from './documents';
import type { Models } from './models';
import type { Reading } from './reading';

const DAY_MS = 86_400_000;
const STAGE_AXIS = 0;
/** Customers looked at for one page: a page of a rare stage may be short, and its key goes on from there. */
const STANDING_LOOK_CUSTOMERS_MAX = 20_000;
/** Of them in one question. */
const STANDING_AT_ONCE = 2_000;

export class ChangeAnswers {
  constructor(
    private readonly models: Models,
    private readonly reading: Reading,
  ) {}

  async list(filter: ChangeFilter, after: ChangeKey | undefined, limit: number): Promise<ChangeRow[]> {
    const found = await this.models.changes
      .find(matching(filter, after), this.reading.options)
      .sort({ position: 1, part: 1 })
      .limit(limit)
      .toArray();
    return found.map(toChange);
  }

  async of(no: number, axis: Axis): Promise<ChangeRow[]> {
    const found = await this.models.changes
      .find({ no, axis: AXES.indexOf(axis), hidden: false }, this.reading.options)
      .sort({ at: 1, position: 1, part: 1 })
      .toArray();
    return found.map(toChange);
  }

  async report(from: number, until: number): Promise<StageFlow[]> {
    const start = Math.ceil(from);
    const before = await this.before(start);
    const after = await this.before(Math.max(start, Math.ceil(until)));
    return flowsOf(before, after);
  }

  async standing(stage: string, before: number, after: number, limit: number): Promise<StandingPage> {
    const items: StandingPage['items'] = [];
    let last = after;
    for (let looked = 0; looked < STANDING_LOOK_CUSTOMERS_MAX; looked += STANDING_AT_ONCE) {
      const people = await this.models.customers
        .find({ no: { $gt: last } }, this.reading.options)
        .project<{ no: number; customerId: string }>({ _id: 0, no: 1, customerId: 1 })
        .sort({ no: 1 })
        .limit(STANDING_AT_ONCE)
        .toArray();
      const stood = await this.lastBefore(
        people.map((one) => one.no),
        before,
      );
      for (const { no, customerId } of people) {
        const change = stood.get(no);
        if (change?.to !== stage) continue;
        if (items.length === limit) return { items, next: items.at(-1)!.no };
        items.push({ no, customerId, since: change.at });
      }
      if (people.length < STANDING_AT_ONCE) return { items };
      last = people.at(-1)!.no;
    }
    return { items, next: last };
  }

  /** Of each of these customers: the last change of stage before a moment. */
  private async lastBefore(numbers: number[], before: number): Promise<Map<number, { to: string; at: number }>> {
    const found = await this.models.changes
      .aggregate<{ _id: number; to: string; at: number }>(
        [
          { $match: { no: { $in: numbers }, axis: STAGE_AXIS, at: { $lt: before }, hidden: false } },
          { $sort: { no: 1, axis: 1, at: 1, position: 1, part: 1 } },
          { $group: { _id: '$no', to: { $last: '$to' }, at: { $last: '$at' } } },
        ],
        this.reading.options,
      )
      .toArray();
    return new Map(found.map((row) => [row._id, row]));
  }

  /** Steps of stages dated before a moment: whole days from their counters, the rest from the changes. */
  private async before(moment: number): Promise<DayStep[]> {
    const day = Math.floor(moment / DAY_MS);
    const step = { from: '$steps.from', to: '$steps.to' };
    const wholeDays = await this.models.days
      .aggregate<StepSum>(
        [
          { $match: { axis: STAGE_AXIS, day: { $lt: day } } },
          { $unwind: '$steps' },
          { $group: { _id: step, changes: { $sum: '$steps.changes' } } },
        ],
        this.reading.options,
      )
      .toArray();
    if (moment === day * DAY_MS) return stepsOf(wholeDays);
    const rest = await this.models.changes
      .aggregate<StepSum>(
        [
          { $match: { axis: STAGE_AXIS, at: { $gte: day * DAY_MS, $lt: moment }, hidden: false } },
          { $group: { _id: { from: '$from', to: '$to' }, changes: { $sum: 1 } } },
        ],
        this.reading.options,
      )
      .toArray();
    return stepsOf([...wholeDays, ...rest]);
  }
}

interface StepSum {
  _id: { from?: string | null; to: string };
  changes: number;
}

function stepsOf(sums: readonly StepSum[]): DayStep[] {
  return sums
    .filter(({ changes }) => changes !== 0)
    .map(({ _id, changes }) => ({ from: _id.from ?? null, to: _id.to, changes }));
}

/** One flow for each stage that a change dated before the end names, in the order of the names. */
function flowsOf(before: readonly DayStep[], after: readonly DayStep[]): StageFlow[] {
  const flows = new Map<string, StageFlow>();
  const flow = (stage: string): StageFlow => {
    const known = flows.get(stage) ?? { stage, opening: 0, in: 0, out: 0, closing: 0 };
    flows.set(stage, known);
    return known;
  };
  const add = (steps: readonly DayStep[], sign: 1 | -1, into: 'opening' | 'in', out: 'opening' | 'out'): void => {
    for (const { from, to, changes } of steps) {
      flow(to)[into] += sign * changes;
      if (from !== null) flow(from)[out] += (out === 'opening' ? -sign : sign) * changes;
    }
  };
  add(before, 1, 'opening', 'opening');
  add(after, 1, 'in', 'out');
  add(before, -1, 'in', 'out');
  for (const one of flows.values()) one.closing = one.opening + one.in - one.out;
  return [...flows.values()].sort((a, b) => compareNames(a.stage, b.stage));
}

function matching(filter: ChangeFilter, after: ChangeKey | undefined): Filter<ChangeDoc> {
  const match: Document = { axis: AXES.indexOf(filter.axis), hidden: false };
  if (filter.to !== undefined && filter.to.length > 0) match['to'] = { $in: filter.to };
  if (filter.from !== undefined && filter.from.length > 0) match['from'] = { $in: filter.from };
  if (filter.customerId !== undefined) match['customerId'] = filter.customerId;
  if (filter.history !== undefined) match['history'] = filter.history;
  const { atFrom, atUntil } = filter;
  if (atFrom !== undefined || atUntil !== undefined)
    match['at'] = { ...(atFrom !== undefined && { $gte: atFrom }), ...(atUntil !== undefined && { $lt: atUntil }) };
  if (after) {
    const { position, part } = after;
    match['position'] = { $gte: position };
    match['$or'] = [{ position: { $gt: position } }, { position, part: { $gt: part } }];
  }
  return match;
}
