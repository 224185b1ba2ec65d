/** Change operations as documents: the rows that they touch are read, the operations done in memory, in their order. */
import type { ChangeOp } from '../read-models';
import { AXES, type ChangeDoc, changeDoc, type DayDoc, type DayStep, type ProgressDoc } from './documents';
import type { Models } from './models';
import type { PlannedWrites } from './planned-writes';

const DAY_MS = 86_400_000;

/** Answers with the greatest position of a change afterwards. */
export async function planChanges(
  models: Models,
  { _id: partition, highest }: ProgressDoc,
  ops: readonly ChangeOp[],
  writes: PlannedWrites,
): Promise<number> {
  if (ops.length === 0) return highest.change;
  const plan = new ChangePlan(writes, highest.change);
  await plan.load(models, ops);
  for (const op of ops) plan.apply(op);
  plan.finish();
  await plan.days.plan(models, partition, writes);
  return ops.reduce((most, op) => (op.op === 'add' ? Math.max(most, op.row.position) : most), highest.change);
}

class ChangePlan {
  readonly days = new DaySteps();
  /** Of customers: rows that are there, by their ids. */
  private readonly rows = new Map<number, Map<string, ChangeDoc>>();
  private readonly touched = new Map<string, ChangeDoc>();
  private readonly removed = new Map<string, ChangeDoc>();

  constructor(
    private readonly writes: PlannedWrites,
    private readonly highest: number,
  ) {}

  /** What drops and amendments may be about. */
  async load(models: Models, ops: readonly ChangeOp[]): Promise<void> {
    const dropped = numbers(ops, 'dropChain');
    const amended = numbers(ops, 'amend');
    const about = [
      ...(dropped.length > 0 ? [{ no: { $in: dropped }, chain: true }] : []),
      ...(amended.length > 0 ? [{ no: { $in: amended }, chain: false }] : []),
    ];
    if (about.length === 0) return;
    for await (const doc of models.changes.find({ $or: about })) this.rowsOf(doc.no).set(String(doc._id), doc);
  }

  apply(op: ChangeOp): void {
    switch (op.op) {
      case 'add':
        this.put(changeDoc(op.row, this.writes.f), 1);
        return;
      case 'dropChain':
        for (const row of this.rowsOf(op.no).values()) if (row.chain) this.drop(row);
        return;
      case 'amend':
        this.amend(op);
        return;
    }
  }

  finish(): void {
    for (const row of this.removed.values()) this.writes.remove('changes', row);
    for (const row of this.touched.values()) this.writes.put('changes', row, row.position > this.highest);
  }

  private put(row: ChangeDoc, by: number): void {
    this.rowsOf(row.no).set(String(row._id), row);
    this.removed.delete(String(row._id));
    this.touched.set(String(row._id), row);
    if (!row.hidden) this.days.count(row, by);
  }

  private drop(row: ChangeDoc): void {
    this.rowsOf(row.no).delete(String(row._id));
    this.touched.delete(String(row._id));
    this.removed.set(String(row._id), row);
    if (!row.hidden) this.days.count(row, -1);
  }

  private amend({ no, axis, position, from, hidden }: Extract<ChangeOp, { op: 'amend' }>): void {
    const row = this.rowsOf(no).get(`${no}|${AXES.indexOf(axis)}|${position}|0`);
    if (!row || row.chain) return;
    if (!row.hidden) this.days.count(row, -1);
    this.put({ ...row, from, hidden, f: this.writes.f }, 1);
  }

  private rowsOf(no: number): Map<string, ChangeDoc> {
    const known = this.rows.get(no);
    if (known) return known;
    const fresh = new Map<string, ChangeDoc>();
    this.rows.set(no, fresh);
    return fresh;
  }
}

function numbers(ops: readonly ChangeOp[], kind: 'dropChain' | 'amend'): number[] {
  return [...new Set(ops.flatMap((op) => (op.op === kind ? [op.no] : [])))];
}

/** What a flush adds to the counters of days. They are written absolute. */
class DaySteps {
  private readonly days = new Map<string, { axis: number; day: number; steps: Map<string, DayStep> }>();

  count({ axis, at, from, to }: ChangeDoc, by: number): void {
    const day = Math.floor(at / DAY_MS);
    const key = `${axis}|${day}`;
    const found = this.days.get(key) ?? { axis, day, steps: new Map<string, DayStep>() };
    this.days.set(key, found);
    addStep(found.steps, { from, to, changes: by });
  }

  async plan(models: Models, partition: string, writes: PlannedWrites): Promise<void> {
    const ids = [...this.days.keys()].map((key) => `${partition}|${key}`);
    const there = new Map<string, DayDoc>();
    for await (const doc of models.days.find({ _id: { $in: ids } })) there.set(String(doc._id), doc);
    for (const [key, { axis, day, steps }] of this.days) {
      const _id = `${partition}|${key}`;
      for (const step of there.get(_id)?.steps ?? []) addStep(steps, step);
      const left = [...steps.values()].filter((step) => step.changes !== 0);
      const doc: DayDoc = { _id, partition, axis, day, steps: left, f: writes.f };
      writes.put('change_days', doc);
    }
  }
}

function addStep(steps: Map<string, DayStep>, { from, to, changes }: DayStep): void {
  const key = JSON.stringify([from, to]);
  const known = steps.get(key);
  if (known) known.changes += changes;
  else steps.set(key, { from, to, changes });
}
