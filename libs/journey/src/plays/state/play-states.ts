/** A PlayState: made, copied, dropped again, and its earliest timer. */
import type { CompiledPlays } from '../play-core.types';
import type { LedgerState } from '../ledger.types';
import type { Enrolment, OpenAction, PlayDate, PlayState } from '../play-state';

/** Lists that nothing is in are one and the same: most customers have few of them. */
const NOTHING: never[] = [];

/** The list that stands for nothing. */
export function nothing<T>(): T[] {
  return NOTHING;
}

export function emptyPlays(): PlayState {
  return {
    due: Infinity,
    enrolments: NOTHING,
    actions: NOTHING,
    memories: NOTHING,
    dates: NOTHING,
    traits: NOTHING,
    scheduled: NOTHING,
    virtualThanksAt: -Infinity,
    ledger: null,
  };
}

/** Adds to a list of a PlayState, and returns the list to keep. */
export function withAdded<T>(list: T[], one: T): T[] {
  if (list.length === 0) return [one];
  list.push(one);
  return list;
}

/** A new list: whoever is going through the old one goes on to its end. */
export function without<T>(list: T[], one: T): T[] {
  if (list.length === 1 && list[0] === one) return NOTHING;
  return list.filter((each) => each !== one);
}

export function clonePlays(plays: PlayState): PlayState {
  return {
    due: plays.due,
    enrolments: copied(plays.enrolments),
    actions: plays.actions.map((one) => ({ ...one, task: one.task && { ...one.task } })),
    memories: copied(plays.memories),
    dates: copied(plays.dates),
    traits: copied(plays.traits),
    scheduled: copied(plays.scheduled),
    virtualThanksAt: plays.virtualThanksAt,
    ledger: plays.ledger && cloneLedger(plays.ledger),
  };
}

function copied<T extends object>(list: T[]): T[] {
  return list.length === 0 ? NOTHING : list.map((one) => ({ ...one }));
}

function cloneLedger(ledger: LedgerState): LedgerState {
  const { kinds, open, contacts, owed, suppressions } = ledger;
  return {
    ...ledger,
    kinds: kinds.map((one) => ({ ...one })),
    open: open.map((one) => ({ ...one })),
    contacts: contacts.map((one) => ({ ...one })),
    owed: owed.map((one) => ({ ...one })),
    suppressions: suppressions.map((one) => ({ ...one })),
  };
}

/** Whether nothing is left that anybody could still ask for. */
export function isNothing(plays: PlayState): boolean {
  const { enrolments, actions, memories, dates, traits, scheduled } = plays;
  if (enrolments.length + actions.length + memories.length > 0) return false;
  if (dates.length + traits.length + scheduled.length > 0) return false;
  return plays.ledger === null && plays.virtualThanksAt === -Infinity;
}

/** The earliest moment at which anything of it moves by time alone; Infinity = none. */
export function dueOf(plays: PlayState, compiled: CompiledPlays): number {
  let due = Infinity;
  for (const one of plays.enrolments) due = Math.min(due, enrolmentDue(one));
  for (const one of plays.actions) due = Math.min(due, actionDue(one));
  for (const one of plays.dates) due = Math.min(due, dateDue(one, compiled));
  for (const one of plays.scheduled) due = Math.min(due, one.at);
  return due;
}

/** A goal may still be met at `goalUntil`: its time is over just after. */
export function enrolmentDue(one: Enrolment): number {
  if (one.phase === 'watching') return one.goalUntil + 1;
  return Math.min(one.until, one.exitDue);
}

function actionDue(one: OpenAction): number {
  if (one.task === null) return one.until;
  return Math.min(one.until, one.task.claimedUntil, one.task.slaDue);
}

/** A play that is gone, or has another trigger now, waits for no date. */
export function dateDue(one: PlayDate, compiled: CompiledPlays): number {
  if (one.done) return Infinity;
  const trigger = compiled.current(one.play)?.play.trigger;
  return trigger?.on === 'date' ? one.date + trigger.offset : Infinity;
}
