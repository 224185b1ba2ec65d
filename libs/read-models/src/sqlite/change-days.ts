/** Counters of the changes in force for each axis, UTC day and step: what a report over any period adds up. */
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';

export const DAY_MS = 86_400_000;

/** The whole table from the changes. Division rounds down also before 1970. */
export const COUNT_ALL_DAYS = `
INSERT INTO change_days (axis, day, from_, to_, changes)
  SELECT axis, (at - ((at % ${DAY_MS}) + ${DAY_MS}) % ${DAY_MS}) / ${DAY_MS} AS day, from_, to_, count(*)
  FROM changes WHERE hidden = 0 GROUP BY axis, day, from_, to_;
`;

interface DayStep {
  axis: number;
  day: number;
  from: number;
  to: number;
  by: number;
}

/** Gathers what one flush changes, then writes each counter once. */
export class ChangeDays {
  private readonly steps = new Map<string, DayStep>();
  private readonly add: StatementSyncInstance;
  private readonly removeEmpty: StatementSyncInstance;

  constructor(db: DatabaseSyncInstance) {
    this.add = db.prepare(`INSERT INTO change_days (axis, day, from_, to_, changes) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (axis, day, from_, to_) DO UPDATE SET changes = changes + excluded.changes`);
    this.removeEmpty = db.prepare(
      'DELETE FROM change_days WHERE axis = ? AND day = ? AND from_ = ? AND to_ = ? AND changes = 0',
    );
  }

  /** Forgets what an earlier, failed flush left behind. */
  start(): void {
    this.steps.clear();
  }

  count(axis: number, at: number, from: number, to: number, by: number): void {
    const day = Math.floor(at / DAY_MS);
    const key = `${axis} ${day} ${from} ${to}`;
    const step = this.steps.get(key);
    if (step === undefined) this.steps.set(key, { axis, day, from, to, by });
    else step.by += by;
  }

  write(): void {
    for (const { axis, day, from, to, by } of this.steps.values()) {
      if (by === 0) continue;
      this.add.run(axis, day, from, to, by);
      if (by < 0) this.removeEmpty.run(axis, day, from, to);
    }
  }
}
