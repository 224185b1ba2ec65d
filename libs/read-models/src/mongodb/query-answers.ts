/** The queries of the port, answered from the collections. One asking thread each: the snapshot is its own. */
import type {
  Axis,
  ChangeFilter,
  ChangeKey,
  ChangeRow,
  CustomerCount,
  CustomerFilter,
  CustomerPage,
  CustomerRow,
  CustomerSort,
  PageKey,
  ParkedRow,
  StageFlow,
  StandingPage,
} from '../read-models';
import type { ActionFilter, ActionRow, EnrolmentFilter, EnrolmentRow, PlayCounterRow, WithheldRow } from '../play-rows';
import { ChangeAnswers } from './change-answers';
import type { MongoConnection } from './connection';
import { CustomerAnswers } from './customer-answers';
import { toCustomer } from './documents';
import { Dump } from './dump';
import type { Models } from './models';
import { PlayAnswers } from './play-answers';
import { PointReads } from './point-reads';
import { Reading } from './reading';

/** Lines of a dump that go over in one answer. */
const DUMP_LINES = 1_000;

export class QueryAnswers extends PointReads {
  private readonly list: CustomerAnswers;
  private readonly changeList: ChangeAnswers;
  private readonly plays: PlayAnswers;
  private readonly dumps = new Map<number, AsyncGenerator<string>>();
  private lastDump = 0;

  constructor(
    connection: MongoConnection,
    private readonly own: Models,
    private readonly read = new Reading(connection),
  ) {
    super(own, read);
    this.list = new CustomerAnswers(own, read, this);
    this.changeList = new ChangeAnswers(own, read);
    this.plays = new PlayAnswers(own, read, this);
  }

  async begin(): Promise<void> {
    this.read.begin();
    return Promise.resolve();
  }

  end(): Promise<void> {
    return this.read.end();
  }

  customers(
    filter: CustomerFilter,
    sort: CustomerSort,
    descending: boolean,
    after: PageKey | undefined,
    limit: number,
  ): Promise<CustomerPage> {
    return this.list.page(filter, sort, descending, after, limit);
  }

  count(filter: CustomerFilter): Promise<CustomerCount> {
    return this.list.count(filter);
  }

  async customer(customerId: string): Promise<CustomerRow | null> {
    const doc = await this.own.customers.findOne({ _id: customerId }, this.read.options);
    return doc ? toCustomer(doc) : null;
  }

  changes(filter: ChangeFilter, after: ChangeKey | undefined, limit: number): Promise<ChangeRow[]> {
    return this.changeList.list(filter, after, limit);
  }

  changesOf(no: number, axis: Axis): Promise<ChangeRow[]> {
    return this.changeList.of(no, axis);
  }

  stageReport(from: number, until: number): Promise<StageFlow[]> {
    return this.changeList.report(from, until);
  }

  standing(stage: string, before: number, after: number, limit: number): Promise<StandingPage> {
    return this.changeList.standing(stage, before, after, limit);
  }

  async parked(after: number, limit: number): Promise<ParkedRow[]> {
    const found = await this.own.parked
      .find({ position: { $gt: after } }, this.read.options)
      .sort({ position: 1 })
      .limit(limit)
      .toArray();
    return found.map(({ position, no, customerId, touchpointId, reason, detail, parkedAt }) => ({
      ...{ position, no, customerId, touchpointId, reason, detail, parkedAt },
    }));
  }

  parkedCount(): Promise<number> {
    return this.own.parked.countDocuments({ position: { $gt: 0 } }, this.read.options);
  }

  enrolments(filter: EnrolmentFilter, after: number, limit: number): Promise<EnrolmentRow[]> {
    return this.plays.enrolments(filter, after, limit);
  }

  actions(filter: ActionFilter, after: number, limit: number): Promise<ActionRow[]> {
    return this.plays.actions(filter, after, limit);
  }

  action(action: string): Promise<ActionRow | null> {
    return this.plays.action(action);
  }

  withheld(no: number): Promise<WithheldRow[]> {
    return this.plays.withheld(no);
  }

  playCounters(): Promise<PlayCounterRow[]> {
    return this.plays.counters();
  }

  startDump(): Promise<number> {
    const dump = new Dump(this.own, this.read, this, this.plays);
    this.dumps.set(++this.lastDump, dump.lines());
    return Promise.resolve(this.lastDump);
  }

  /** None = there are no more. */
  async nextOfDump(id: number): Promise<string[]> {
    const lines: string[] = [];
    const dump = this.dumps.get(id)!;
    while (lines.length < DUMP_LINES) {
      const next = await dump.next();
      if (next.done) break;
      lines.push(next.value);
    }
    return lines;
  }

  async endDump(id: number): Promise<void> {
    await this.dumps.get(id)?.return(undefined);
    this.dumps.delete(id);
  }
}
