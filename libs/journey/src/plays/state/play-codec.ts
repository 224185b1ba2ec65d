/**
 * Plays of one customer in bytes, behind the state's own. Moments are differences to the state's base, texts are named by their
 * place, numbers that are mostly small take a byte. `due` is derived again.
 */
import { UnreadableState, type PackedReader, type PackedWriter } from '../../core/packed-bytes';
import type { CompiledPlays, DecodePlays, EncodePlays } from '../play-core.types';
import type { Enrolment, EnrolmentPhase, OpenAction, PlayState, TaskState } from '../play-state';
import type { ActionPhase } from '../play-state';
import type { Verb } from '../play';
import { readLedger, writeLedger } from './ledger-codec';
import { MomentReader, MomentWriter } from './moments';
import { dueOf, emptyPlays, nothing } from './play-states';

/** Appending keeps the bytes of what is there. */
const PHASES: readonly EnrolmentPhase[] = ['waiting', 'ready', 'deferred', 'acting', 'watching'];
const ACTION_PHASES: readonly ActionPhase[] = ['requested', 'inDoubt', 'dead', 'silent', 'told'];
const VERBS: readonly Verb[] = ['give', 'ask', 'tell', 'task'];
const HELD = 1;
const FIRST = 2;
const ESCALATED = 1;
const QUEUED = 2;
const TWO_FLAGS = [0, 1, 2, 3];
const NO_OR_YES = [false, true];

export const encodePlays: EncodePlays = (plays, writer, base) => {
  const moments = new MomentWriter(writer, base);
  writeAll(writer, plays.enrolments, (one) => writeEnrolment(writer, moments, one));
  writeAll(writer, plays.actions, (one) => writeAction(writer, moments, one));
  writeAll(writer, plays.memories, ({ play, entries, lastEnteredAt }) => {
    writer.text(play);
    writer.integer(entries);
    moments.write(lastEnteredAt);
  });
  writeAll(writer, plays.dates, ({ play, date, saidAt, saidBy, done }) => {
    writer.text(play);
    moments.write(date);
    moments.write(saidAt);
    writer.text(saidBy);
    writer.byte(done ? 1 : 0);
  });
  writeAll(writer, plays.traits, ({ trait, value, at }) => {
    writer.text(trait);
    writer.byte(value === null ? 0 : 1);
    writer.text(value ?? '');
    moments.write(at);
  });
  writeAll(writer, plays.scheduled, ({ play, run, at }) => {
    writer.text(play);
    moments.write(run);
    moments.write(at);
  });
  moments.write(plays.virtualThanksAt);
  writer.byte(plays.ledger === null ? 0 : 1);
  if (plays.ledger !== null) writeLedger(writer, moments, plays.ledger);
};

export const decodePlays: DecodePlays = (definition, reader, base) => {
  const moments = new MomentReader(reader, base);
  const plays: PlayState = {
    ...emptyPlays(),
    enrolments: readAll(reader, () => readEnrolment(reader, moments)),
    actions: readAll(reader, () => readAction(reader, moments)),
    memories: readAll(reader, () => {
      return { play: reader.text(), entries: reader.integer(), lastEnteredAt: moments.read(Infinity) };
    }),
    dates: readAll(reader, () => ({
      ...{ play: reader.text(), date: moments.read(Infinity), saidAt: moments.read(-Infinity), saidBy: reader.text() },
      done: reader.choice(NO_OR_YES),
    })),
    traits: readAll(reader, () => {
      const trait = reader.text();
      const isSet = reader.choice(NO_OR_YES);
      const value = reader.text();
      return { trait, value: isSet ? value : null, at: moments.read(Infinity) };
    }),
    scheduled: readAll(reader, () => {
      return { play: reader.text(), run: moments.read(Infinity), at: moments.read(Infinity) };
    }),
    virtualThanksAt: moments.read(-Infinity),
  };
  if (reader.choice(NO_OR_YES)) plays.ledger = readLedger(reader, moments);
  if (definition.plays === null) return plays;
  for (const one of plays.enrolments) assertKnown(definition.plays, one);
  plays.due = dueOf(plays, definition.plays);
  return plays;
};

/** An enrolment at a step that is none would leave as if it were through. */
function assertKnown(compiled: CompiledPlays, { play, version, step }: Enrolment): void {
  const steps = compiled.of(play, version)?.steps;
  if (steps?.has(step) === true || (steps !== undefined && step === '')) return;
  throw new UnreadableState(
    `The packed state stands at step ${step} of play ${play} of version ${version}: there is none.`,
  );
}

function writeEnrolment(writer: PackedWriter, moments: MomentWriter, one: Enrolment): void {
  writer.text(one.play);
  writer.integer(one.version);
  writer.integer(one.enrolment);
  writer.byte(PHASES.indexOf(one.phase));
  writer.byte((one.held ? HELD : 0) | (one.first ? FIRST : 0));
  moments.write(one.enteredAt);
  writer.text(one.triggerId);
  writer.text(one.step);
  moments.write(one.stepAt);
  moments.write(one.until);
  writer.integer(one.round);
  writer.text(one.withheld);
  moments.write(one.goalUntil);
  moments.write(one.exitDue);
}

function readEnrolment(reader: PackedReader, moments: MomentReader): Enrolment {
  const [play, version, enrolment] = [reader.text(), reader.integer(), reader.integer()];
  const phase = reader.choice(PHASES);
  const flags = reader.choice(TWO_FLAGS);
  return {
    ...{ play, version, enrolment, held: (flags & HELD) !== 0, first: (flags & FIRST) !== 0 },
    enteredAt: moments.read(Infinity),
    triggerId: reader.text(),
    phase,
    step: reader.text(),
    stepAt: moments.read(Infinity),
    until: moments.read(Infinity),
    round: reader.integer(),
    withheld: reader.text(),
    goalUntil: moments.read(Infinity),
    exitDue: moments.read(Infinity),
  };
}

function writeAction(writer: PackedWriter, moments: MomentWriter, one: OpenAction): void {
  writer.text(one.action);
  writer.text(one.play);
  writer.integer(one.enrolment);
  writer.integer(one.version);
  writer.text(one.step);
  writer.byte(VERBS.indexOf(one.verb));
  writer.text(one.what);
  writer.text(one.channel);
  writer.text(one.purpose);
  writer.byte(ACTION_PHASES.indexOf(one.phase));
  moments.write(one.requestedAt);
  moments.write(one.notBefore);
  moments.write(one.sendBefore);
  moments.write(one.until);
  writer.byte(one.task === null ? 0 : 1);
  if (one.task !== null) writeTask(writer, moments, one.task);
}

function readAction(reader: PackedReader, moments: MomentReader): OpenAction {
  return {
    ...{ action: reader.text(), play: reader.text(), enrolment: reader.integer(), version: reader.integer() },
    ...{ step: reader.text(), verb: reader.choice(VERBS), what: reader.text() },
    ...{ channel: reader.text(), purpose: reader.text(), phase: reader.choice(ACTION_PHASES) },
    ...{ requestedAt: moments.read(Infinity), notBefore: moments.read(Infinity), sendBefore: moments.read(Infinity) },
    until: moments.read(Infinity),
    task: reader.choice(NO_OR_YES) ? readTask(reader, moments) : null,
  };
}

function writeTask(writer: PackedWriter, moments: MomentWriter, task: TaskState): void {
  writer.text(task.team);
  writer.text(task.claimedBy);
  moments.write(task.claimedUntil);
  moments.write(task.slaDue);
  writer.byte((task.escalated ? ESCALATED : 0) | (task.queued ? QUEUED : 0));
}

function readTask(reader: PackedReader, moments: MomentReader): TaskState {
  const [team, claimedBy] = [reader.text(), reader.text()];
  const [claimedUntil, slaDue] = [moments.read(Infinity), moments.read(Infinity)];
  const flags = reader.choice(TWO_FLAGS);
  return {
    team,
    claimedBy,
    claimedUntil,
    slaDue,
    escalated: (flags & ESCALATED) !== 0,
    queued: (flags & QUEUED) !== 0,
  };
}

function writeAll<T>(writer: PackedWriter, list: readonly T[], write: (one: T) => void): void {
  writer.integer(list.length);
  for (const one of list) write(one);
}

/** Empty lists stay the one that all share. */
function readAll<T>(reader: PackedReader, read: () => T): T[] {
  const count = reader.count();
  if (count === 0) return nothing();
  return Array.from({ length: count }, read);
}
