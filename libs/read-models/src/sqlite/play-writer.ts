/** Writes what a flush says of plays: each row that is there already is read, folded on and written again. */
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { foldEnrolment, PlayTally } from '../play-folds';
import type { ActionRow, ActionSet, EnrolmentChange, EnrolmentRow, PlayCounterRow } from '../play-rows';
import type { SqlRow } from './customer-columns';
import {
  ACTION_COLUMNS,
  ACTION_MOVES,
  actionMoves,
  createPlayTables,
  ENROLMENT_COLUMNS,
  ENROLMENT_MOVES,
  enrolmentMoves,
  toAction,
  toEnrolment,
} from './play-columns';
import type { PackedPlays, PlayChangeOp } from './play-pack';
import { rows } from './point-reads';

export class PlayWriter {
  private readonly enrolmentRow: StatementSyncInstance;
  private readonly actionRow: StatementSyncInstance;
  private readonly putEnrolment: StatementSyncInstance;
  private readonly moveEnrolment: StatementSyncInstance;
  private readonly moveAction: StatementSyncInstance;
  private readonly putAction: StatementSyncInstance;
  private readonly putWithheld: StatementSyncInstance;
  private readonly addCount: StatementSyncInstance;
  private readonly dropEmpty: StatementSyncInstance;

  constructor(db: DatabaseSyncInstance) {
    createPlayTables(db);
    this.enrolmentRow = rows(
      db,
      `SELECT ${ENROLMENT_COLUMNS} FROM enrolments WHERE no = ? AND play = ? AND enrolment = ?`,
    );
    this.actionRow = rows(db, `SELECT ${ACTION_COLUMNS} FROM actions WHERE action = ?`);
    this.putEnrolment = db.prepare(`INSERT OR REPLACE INTO enrolments (${ENROLMENT_COLUMNS}) ${places(17)}`);
    this.putAction = db.prepare(`INSERT OR REPLACE INTO actions (${ACTION_COLUMNS}) ${places(26)}`);
    // REPLACE would take out and put back the entries of every index; these move those alone whose columns change.
    this.moveEnrolment = db.prepare(
      `UPDATE enrolments SET ${ENROLMENT_MOVES} WHERE no = ? AND play = ? AND enrolment = ?`,
    );
    this.moveAction = db.prepare(`UPDATE actions SET ${ACTION_MOVES} WHERE action = ?`);
    this.putWithheld = db.prepare(
      `INSERT OR REPLACE INTO play_withheld (no, play, position, decision) VALUES (?, ?, ?, '')`,
    );
    this.addCount = db.prepare(
      `INSERT INTO play_counters (play, held, what, count) ${places(4)}
       ON CONFLICT (play, held, what) DO UPDATE SET count = count + excluded.count`,
    );
    this.dropEmpty = db.prepare('DELETE FROM play_counters WHERE play = ? AND held = ? AND what = ? AND count = 0');
  }

  apply({ entered, requested, withheld, changes, attempts, counts }: PackedPlays): void {
    const tally = new PlayTally();
    for (const values of entered) this.putEnrolment.run(...values);
    for (const values of requested) this.putAction.run(...values);
    for (const values of withheld) this.putWithheld.run(...values);
    for (const op of changes) this.applyChange(op, tally);
    // The dispatcher's own words: an action that nobody decided on has no row, and must not stop the decisions.
    for (const { action, set, position } of attempts) this.changeAction(action, set, [position]);
    for (const row of counts) this.count(row);
    for (const row of tally.rows()) this.count(row);
  }

  private applyChange(op: PlayChangeOp, tally: PlayTally): void {
    if (op.op === 'enrolment') this.changeEnrolment(op, op.changes, tally);
    else if (!this.changeAction(op.action, op.set))
      throw new Error(`Read models: action ${op.action} is missing. Run \`rapport rebuild\`.`);
  }

  private changeEnrolment(
    { no, play, enrolment }: Pick<EnrolmentRow, 'no' | 'play' | 'enrolment'>,
    changes: readonly EnrolmentChange[],
    tally: PlayTally,
  ): void {
    const found = this.enrolmentRow.get(no, play, enrolment) as SqlRow | undefined;
    if (found === undefined)
      throw new Error(
        `Read models: enrolment ${enrolment} of customer ${no} in ${play} is missing. Run \`rapport rebuild\`.`,
      );
    const row = toEnrolment(found);
    for (const change of changes) foldEnrolment(row, change, tally);
    this.moveEnrolment.run(...enrolmentMoves(row), no, play, enrolment);
  }

  /** False where it has no row. */
  private changeAction(action: string, set: ActionSet, events: readonly number[] = []): boolean {
    const found = this.actionRow.get(action) as SqlRow | undefined;
    if (found === undefined) return false;
    const row: ActionRow = { ...toAction(found), ...set };
    row.events.push(...events);
    this.moveAction.run(...actionMoves(row), action);
    return true;
  }

  private count({ play, held, what, count }: PlayCounterRow): void {
    this.addCount.run(play, Number(held), what, count);
    this.dropEmpty.run(play, Number(held), what);
  }
}

function places(count: number): string {
  return `VALUES (${Array.from({ length: count }, () => '?').join(', ')})`;
}
