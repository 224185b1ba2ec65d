/** What decisions do to rows and counts of plays. Pure: the engine folds what is still in memory by it, a store what it has written. */
import type { EnrolmentChange, EnrolmentRow, PlayCounterRow } from './play-rows';

export const UNDER_WAY = 'under way';

/** Sums of what happened, by play, arm and what. */
export class PlayTally {
  private readonly cells = new Map<string, PlayCounterRow>();

  add(play: string, held: boolean, what: string, count: number): void {
    const key = `${held ? 1 : 0}|${play}|${what}`;
    const cell = this.cells.get(key);
    if (cell) cell.count += count;
    else this.cells.set(key, { play, held, what, count });
  }

  rows(): PlayCounterRow[] {
    return [...this.cells.values()].filter((cell) => cell.count !== 0);
  }

  get empty(): boolean {
    return this.cells.size === 0;
  }
}

export function countEntered(row: EnrolmentRow, tally: PlayTally): void {
  tally.add(row.play, row.held, 'entered', 1);
  tally.add(row.play, row.held, UNDER_WAY, 1);
  if (row.first) tally.add(row.play, row.held, 'first', 1);
}

/** Works in place. */
export function foldEnrolment(row: EnrolmentRow, change: EnrolmentChange, tally: PlayTally): void {
  const before = isUnderWay(row);
  const { play, held } = row;
  row.position = change.position;
  Object.assign(row, change.set);
  if (change.withheld !== undefined) tally.add(play, held, `withheld:${change.withheld}`, 1);
  if (change.convertedAt !== undefined) convert(row, change.convertedAt, tally);
  if (change.exit) {
    leave(row, change.exit);
    tally.add(play, held, `exited:${change.exit.reason}`, 1);
  }
  if (before && !isUnderWay(row)) tally.add(play, held, UNDER_WAY, -1);
}

function convert(row: EnrolmentRow, at: number, tally: PlayTally): void {
  row.convertedAt = at;
  if (row.phase === 'watching') row.phase = 'ended';
  tally.add(row.play, row.held, 'converted', 1);
  if (row.first) tally.add(row.play, row.held, 'first converted', 1);
}

/** Whose steps are through is watched until the time of its goal is over. */
function leave(row: EnrolmentRow, { at, reason }: { at: number; reason: string }): void {
  row.until = null;
  if (reason === 'goalMissed') {
    row.phase = 'ended';
    return;
  }
  row.exitedAt = at;
  row.exitReason = reason;
  const watches = reason === 'completed' && row.goalUntil !== null && row.convertedAt === null;
  row.phase = watches ? 'watching' : 'ended';
  if (watches) row.until = row.goalUntil;
}

function isUnderWay(row: EnrolmentRow): boolean {
  return row.phase !== 'watching' && row.phase !== 'ended';
}
