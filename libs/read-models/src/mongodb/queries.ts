/** The queries of the port over a line to the thread that talks to MongoDB: for threads that may block. */
import { BlockingLine, type LineEnd } from '@rapport/blocking-calls';
import type {
  ActionFilter,
  ActionRow,
  EnrolmentFilter,
  EnrolmentRow,
  PlayCounterRow,
  PlayQueries,
  WithheldRow,
} from '../play-rows';
import {
  type Axis,
  type ChangeFilter,
  type ChangeKey,
  type ChangeRow,
  type Checkpoint,
  type CounterRow,
  type CustomerCount,
  type CustomerFilter,
  type CustomerPage,
  type CustomerRow,
  type CustomerSort,
  type PageKey,
  type ParkedRow,
  type ProfileRow,
  ReadModelQueries,
  type StageFlow,
  type StandingPage,
} from '../read-models';
import type { QueryAnswers } from './query-answers';

type Line = BlockingLine<QueryAnswers>;

export class MongoReadModelQueries extends ReadModelQueries {
  readonly plays: PlayQueries;
  private readonly line: Line;
  private inSnapshot = false;

  constructor(end: LineEnd) {
    super();
    this.line = new BlockingLine(end);
    this.plays = new MongoPlayQueries(this.line);
  }

  snapshot<T>(ask: () => T): T {
    if (this.inSnapshot) return ask();
    this.line.ask('begin');
    this.inSnapshot = true;
    try {
      return ask();
    } finally {
      this.inSnapshot = false;
      this.line.ask('end');
    }
  }

  checkpoint(): Checkpoint | null {
    return this.line.ask('checkpoint');
  }

  customers(
    filter: CustomerFilter,
    sort: CustomerSort,
    descending: boolean,
    after: PageKey | undefined,
    limit: number,
  ): CustomerPage {
    return this.line.ask('customers', filter, sort, descending, after, limit);
  }

  count(filter: CustomerFilter): CustomerCount {
    return this.line.ask('count', filter);
  }

  customer(customerId: string): CustomerRow | null {
    return this.line.ask('customer', customerId);
  }

  profile(no: number): ProfileRow | null {
    return this.line.ask('profile', no);
  }

  chunks(no: number): Uint8Array[] {
    return this.line.ask('chunks', no);
  }

  changes(filter: ChangeFilter, after: ChangeKey | undefined, limit: number): ChangeRow[] {
    return this.line.ask('changes', filter, after, limit);
  }

  changesOf(no: number, axis: Axis): ChangeRow[] {
    return this.line.ask('changesOf', no, axis);
  }

  stageReport(from: number, until: number): StageFlow[] {
    return this.snapshot(() => this.line.ask('stageReport', from, until));
  }

  standing(stage: string, before: number, after: number, limit: number): StandingPage {
    return this.snapshot(() => this.line.ask('standing', stage, before, after, limit));
  }

  counters(): CounterRow[] {
    return this.line.ask('counters');
  }

  unsettledCount(): number {
    return this.line.ask('unsettledCount');
  }

  parked(after: number, limit: number): ParkedRow[] {
    return this.line.ask('parked', after, limit);
  }

  parkedCount(): number {
    return this.line.ask('parkedCount');
  }

  *dump(): Iterable<string> {
    const own = !this.inSnapshot;
    if (own) this.line.ask('begin');
    this.inSnapshot = true;
    const id = this.line.ask('startDump');
    try {
      for (let lines = this.line.ask('nextOfDump', id); lines.length > 0; lines = this.line.ask('nextOfDump', id))
        yield* lines;
    } finally {
      this.line.ask('endDump', id);
      if (own) this.inSnapshot = false;
      if (own) this.line.ask('end');
    }
  }

  close(): void {
    this.line.close();
  }
}

class MongoPlayQueries implements PlayQueries {
  constructor(private readonly line: Line) {}

  enrolments(filter: EnrolmentFilter, after: number, limit: number): EnrolmentRow[] {
    return this.line.ask('enrolments', filter, after, limit);
  }

  actions(filter: ActionFilter, after: number, limit: number): ActionRow[] {
    return this.line.ask('actions', filter, after, limit);
  }

  action(action: string): ActionRow | null {
    return this.line.ask('action', action);
  }

  withheld(no: number): WithheldRow[] {
    return this.line.ask('withheld', no);
  }

  counters(): PlayCounterRow[] {
    return this.line.ask('playCounters');
  }
}
