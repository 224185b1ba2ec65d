/** What a flush says of plays, as documents: each row that is there already is read and folded on. */
import { foldEnrolment, PlayTally } from '../play-folds';
import type { ActionSet, PlayCounterRow, PlayFlush, PlayOp } from '../play-rows';
import { type ActionDoc, type EnrolmentDoc, enrolmentId, type OfCustomer } from './documents';
import type { Models } from './models';
import type { PlannedWrites } from './planned-writes';

/** Customer ids by number. */
export type Names = (numbers: readonly number[]) => Promise<Map<number, string>>;

/** Answers with the counters as they are afterwards. */
export async function planPlays(
  models: Models,
  flush: PlayFlush,
  counters: readonly PlayCounterRow[],
  names: Names,
  writes: PlannedWrites,
): Promise<PlayCounterRow[]> {
  const plan = new PlayPlan(writes);
  await plan.load(models, flush, names);
  for (const op of flush.ops) plan.apply(op);
  // The dispatcher's own words: an action that nobody decided on has no row, and must not stop the decisions.
  for (const { action, set, position } of flush.attempts) plan.changeAction(action, set, [position]);
  return plan.counted(counters, flush.counts);
}

class PlayPlan {
  private readonly enrolments = new Map<string, EnrolmentDoc>();
  private readonly actions = new Map<string, ActionDoc>();
  private names = new Map<number, string>();
  private readonly tally = new PlayTally();

  constructor(private readonly writes: PlannedWrites) {}

  async load(models: Models, { ops, attempts }: PlayFlush, names: Names): Promise<void> {
    const enrolments = ops.flatMap((op) => (op.op === 'enrolment' ? [idOf(op)] : []));
    const actions = [...ops, ...attempts].flatMap((op) => ('action' in op ? [op.action] : []));
    const withheld = ops.flatMap((op) => (op.op === 'withheld' ? [op.no] : []));
    if (enrolments.length > 0)
      for await (const doc of models.enrolments.find({ _id: { $in: [...new Set(enrolments)] } }))
        this.enrolments.set(String(doc._id), doc);
    if (actions.length > 0)
      for await (const doc of models.actions.find({ _id: { $in: [...new Set(actions)] } }))
        this.actions.set(String(doc._id), doc);
    this.names = await names(withheld);
  }

  apply(op: PlayOp): void {
    const { f } = this.writes;
    switch (op.op) {
      case 'entered':
        this.putEnrolment({ ...op.row, _id: idOf(op.row), f });
        return;
      case 'enrolment':
        this.changeEnrolment(op);
        return;
      case 'requested':
        this.putAction({ ...op.row, events: [...op.row.events], _id: op.row.action, f });
        return;
      case 'action':
        if (!this.changeAction(op.action, op.set))
          throw new Error(`Read models: action ${op.action} is missing. Run \`rapport rebuild\`.`);
        return;
      case 'withheld':
        this.withhold(op);
        return;
    }
  }

  /** False where it has no row. */
  changeAction(action: string, set: ActionSet, events: readonly number[] = []): boolean {
    const found = this.actions.get(action);
    if (!found) return false;
    this.putAction({ ...found, ...set, events: [...found.events, ...events], f: this.writes.f });
    return true;
  }

  counted(before: readonly PlayCounterRow[], counts: readonly PlayCounterRow[]): PlayCounterRow[] {
    const sums = new PlayTally();
    for (const { play, held, what, count } of [...before, ...counts, ...this.tally.rows()])
      sums.add(play, held, what, count);
    return sums.rows();
  }

  private changeEnrolment(op: Extract<PlayOp, { op: 'enrolment' }>): void {
    const found = this.enrolments.get(idOf(op));
    if (!found)
      throw new Error(
        `Read models: enrolment ${op.enrolment} of customer ${op.no} in ${op.play} is missing. Run \`rapport rebuild\`.`,
      );
    const row: EnrolmentDoc = { ...found, f: this.writes.f };
    for (const change of op.changes) foldEnrolment(row, change, this.tally);
    this.putEnrolment(row);
  }

  private withhold({ no, play, position }: Extract<PlayOp, { op: 'withheld' }>): void {
    const customerId = this.names.get(no);
    if (customerId === undefined) throw new Error(`Read models: customer ${no} is missing. Run \`rapport rebuild\`.`);
    const doc = { _id: `${no}|${play}`, customerId, no, play, position, f: this.writes.f };
    this.writes.put('withheld', doc satisfies OfCustomer & object);
  }

  private putEnrolment(doc: EnrolmentDoc): void {
    this.enrolments.set(String(doc._id), doc);
    this.writes.put('enrolments', doc);
  }

  private putAction(doc: ActionDoc): void {
    this.actions.set(String(doc._id), doc);
    this.writes.put('actions', doc);
  }
}

function idOf({ no, play, enrolment }: { no: number; play: string; enrolment: number }): string {
  return enrolmentId(no, play, enrolment);
}
