/**
 * The tables of plays and their rows. They came later than the others and are made where they are missing, so that the format stays:
 * `decision` of `play_withheld` is there for files of earlier versions, which kept a copy of what the log holds.
 */
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { ActionRow, ActionRowState, EnrolmentRow, EnrolmentRowPhase } from '../play-rows';
import type { SqlRow, SqlValue } from './customer-columns';
import { rows } from './point-reads';

const TABLES = `
CREATE TABLE IF NOT EXISTS enrolments (
  no INTEGER, play TEXT, enrolment INTEGER, play_version INTEGER NOT NULL, held INTEGER NOT NULL, first_ INTEGER NOT NULL,
  entered_at INTEGER NOT NULL, phase TEXT NOT NULL, step TEXT NOT NULL, until_ INTEGER, withheld TEXT NOT NULL,
  goal_until INTEGER, converted_at INTEGER, exited_at INTEGER, exit_reason TEXT NOT NULL, position INTEGER NOT NULL,
  customer_id TEXT NOT NULL, PRIMARY KEY (no, play, enrolment)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS enrolments_by_position ON enrolments (position);
CREATE INDEX IF NOT EXISTS enrolments_by_play ON enrolments (play, phase, position);
CREATE TABLE IF NOT EXISTS actions (
  action TEXT PRIMARY KEY, no INTEGER NOT NULL, customer_id TEXT NOT NULL, play TEXT NOT NULL, enrolment INTEGER NOT NULL,
  step TEXT NOT NULL, verb TEXT NOT NULL, what TEXT NOT NULL, channel TEXT NOT NULL, purpose TEXT NOT NULL,
  state TEXT NOT NULL, requested_at INTEGER NOT NULL, not_before INTEGER NOT NULL, send_before INTEGER NOT NULL,
  settled_at INTEGER, reason TEXT NOT NULL, attempts INTEGER NOT NULL, last_result TEXT NOT NULL, next_attempt_at INTEGER,
  team TEXT NOT NULL, assignee TEXT NOT NULL, claimed_until INTEGER, sla_due INTEGER, escalated INTEGER NOT NULL,
  position INTEGER NOT NULL, events TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS actions_by_position ON actions (position);
CREATE INDEX IF NOT EXISTS actions_by_state ON actions (state, position);
CREATE INDEX IF NOT EXISTS actions_by_no ON actions (no, position);
CREATE INDEX IF NOT EXISTS actions_by_team ON actions (team, state, position) WHERE team <> '';
CREATE TABLE IF NOT EXISTS play_withheld (
  no INTEGER, play TEXT, position INTEGER NOT NULL, decision TEXT NOT NULL, PRIMARY KEY (no, play)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS play_counters (
  play TEXT, held INTEGER, what TEXT, count INTEGER NOT NULL, PRIMARY KEY (play, held, what)) WITHOUT ROWID;
`;

export function createPlayTables(db: DatabaseSyncInstance): void {
  db.exec(TABLES);
}

/** False for a file that no writer of this version has opened yet. */
export function hasPlayTables(db: DatabaseSyncInstance): boolean {
  return rows(db, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'play_counters'").get() !== undefined;
}

export const ENROLMENT_COLUMNS =
  'no, play, enrolment, play_version, held, first_, entered_at, phase, step, until_, withheld, goal_until, converted_at, ' +
  'exited_at, exit_reason, position, customer_id';

export function enrolmentValues(row: EnrolmentRow): SqlValue[] {
  return [
    row.no,
    row.play,
    row.enrolment,
    row.playVersion,
    Number(row.held),
    Number(row.first),
    row.enteredAt,
    row.phase,
    row.step,
    row.until,
    row.withheld,
    row.goalUntil,
    row.convertedAt,
    row.exitedAt,
    row.exitReason,
    row.position,
    row.customerId,
  ];
}

/** What a later decision may change of it. */
export const ENROLMENT_MOVES =
  'play_version = ?, phase = ?, step = ?, until_ = ?, withheld = ?, converted_at = ?, exited_at = ?, exit_reason = ?, position = ?';

export function enrolmentMoves(row: EnrolmentRow): SqlValue[] {
  const { playVersion, phase, step, until, withheld, convertedAt, exitedAt, exitReason, position } = row;
  return [playVersion, phase, step, until, withheld, convertedAt, exitedAt, exitReason, position];
}

export function toEnrolment(row: SqlRow): EnrolmentRow {
  return {
    no: row[0] as number,
    play: row[1] as string,
    enrolment: row[2] as number,
    playVersion: row[3] as number,
    held: row[4] === 1,
    first: row[5] === 1,
    enteredAt: row[6] as number,
    phase: row[7] as EnrolmentRowPhase,
    step: row[8] as string,
    until: row[9] as number | null,
    withheld: row[10] as string,
    goalUntil: row[11] as number | null,
    convertedAt: row[12] as number | null,
    exitedAt: row[13] as number | null,
    exitReason: row[14] as string,
    position: row[15] as number,
    customerId: row[16] as string,
  };
}

export const ACTION_COLUMNS =
  'action, no, customer_id, play, enrolment, step, verb, what, channel, purpose, state, requested_at, not_before, send_before, ' +
  'settled_at, reason, attempts, last_result, next_attempt_at, team, assignee, claimed_until, sla_due, escalated, position, ' +
  'events';

export function actionValues(row: ActionRow): SqlValue[] {
  return [
    ...[row.action, row.no, row.customerId, row.play, row.enrolment, row.step, row.verb, row.what, row.channel],
    ...[row.purpose, row.state, row.requestedAt, row.notBefore, row.sendBefore, row.settledAt, row.reason],
    ...[row.attempts, row.lastResult, row.nextAttemptAt, row.team, row.assignee, row.claimedUntil, row.slaDue],
    ...[Number(row.escalated), row.position, JSON.stringify(row.events)],
  ];
}

/** What an ActionSet may change, and the events. */
export const ACTION_MOVES =
  'state = ?, settled_at = ?, reason = ?, attempts = ?, last_result = ?, next_attempt_at = ?, team = ?, assignee = ?, ' +
  'claimed_until = ?, sla_due = ?, escalated = ?, events = ?';

export function actionMoves(row: ActionRow): SqlValue[] {
  return [
    ...[row.state, row.settledAt, row.reason, row.attempts, row.lastResult, row.nextAttemptAt, row.team, row.assignee],
    ...[row.claimedUntil, row.slaDue, Number(row.escalated), JSON.stringify(row.events)],
  ];
}

export function toAction(row: SqlRow): ActionRow {
  return {
    action: row[0] as string,
    no: row[1] as number,
    customerId: row[2] as string,
    play: row[3] as string,
    enrolment: row[4] as number,
    step: row[5] as string,
    verb: row[6] as string,
    what: row[7] as string,
    channel: row[8] as string,
    purpose: row[9] as string,
    state: row[10] as ActionRowState,
    requestedAt: row[11] as number,
    notBefore: row[12] as number,
    sendBefore: row[13] as number,
    settledAt: row[14] as number | null,
    reason: row[15] as string,
    attempts: row[16] as number,
    lastResult: row[17] as string,
    nextAttemptAt: row[18] as number | null,
    team: row[19] as string,
    assignee: row[20] as string,
    claimedUntil: row[21] as number | null,
    slaDue: row[22] as number | null,
    escalated: row[23] === 1,
    position: row[24] as number,
    events: JSON.parse(row[25] as string) as number[],
  };
}
