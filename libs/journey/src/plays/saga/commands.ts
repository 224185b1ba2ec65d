/** Commands of people. The fold decides: who loses a race is refused by name. */
import type { PlayCommand, RefusedBecause } from '../play-inputs';
import { CLAIM_DEFAULT_MS, WAIT_MAX_MS } from '../play-limits';
import type { OpenAction, TaskState } from '../play-state';
import { tryEnter, type NotEntered } from './entering';
import { isUnsettled, type Instant } from './instant';
import { leave } from './leaving';
import { retryAction } from './retry';
import { keepSettled } from './settle-action';
import { sayTask, settleAndGoOn } from './settling';

type Of<C extends PlayCommand['command']> = PlayCommand & { command: C };

/** Those of an action, and `stop`: before everything else of the instant. */
export function obeyFirst(instant: Instant): void {
  const { command } = instant.moment;
  if (command === null || command.command === 'enrol') return;
  if (command.command === 'stop') return stop(instant, command);
  const action = instant.plays.actions.find((one) => one.action === command.action);
  if (action === undefined) return refuse(instant, 'unknownAction');
  switch (command.command) {
    case 'claim':
    case 'giveBack':
    case 'reassign':
    case 'finish':
      return ofTask(instant, command, action);
    case 'retry':
      return retryAction(instant, command, action, (because) => refuse(instant, because));
    case 'resolve':
      return resolve(instant, command, action);
  }
}

/** With the triggers. */
export function obeyEnrol(instant: Instant): void {
  const { command } = instant.moment;
  if (command?.command !== 'enrol') return;
  const play = instant.compiled.current(command.play);
  if (play === undefined) return refuse(instant, 'unknownPlay');
  const { commandId, by } = command;
  const entry = { trigger: { on: 'command', commandId, by } as const, override: command.override === true };
  const refused = tryEnter(instant, play, { ...entry, byHand: true });
  if (refused !== null) refuse(instant, refused);
}

function stop(instant: Instant, { play, reason }: Of<'stop'>): void {
  const live = instant.plays.enrolments.find((one) => one.play === play && one.phase !== 'watching');
  if (live !== undefined) return leave(instant, live, 'stopped', { detail: reason });
  refuse(instant, instant.compiled.current(play) === undefined ? 'unknownPlay' : 'notEnrolled');
}

function ofTask(instant: Instant, command: Of<'claim' | 'giveBack' | 'reassign' | 'finish'>, action: OpenAction): void {
  const { task } = action;
  if (!isUnsettled(action)) return refuse(instant, 'settled');
  if (task === null) return refuse(instant, 'unknownAction');
  const others = task.claimedBy !== '' && task.claimedBy !== command.by;
  switch (command.command) {
    case 'claim':
      return others ? refuse(instant, 'claimedByOther') : claim(instant, command, action, task);
    case 'giveBack':
      if (task.claimedBy === '') return refuse(instant, 'notClaimed');
      return others ? refuse(instant, 'claimedByOther') : giveBack(instant, action, task);
    case 'reassign':
      return reassign(instant, command, action, task);
    case 'finish':
      return others ? refuse(instant, 'claimedByOther') : finish(instant, command, action, task);
  }
}

function claim(instant: Instant, command: Of<'claim'>, action: OpenAction, task: TaskState): void {
  task.claimedBy = command.by;
  task.claimedUntil = instant.at + Math.min(command.for ?? claimFor(instant, task.team), WAIT_MAX_MS);
  sayTask(instant, action, task, 'claimed');
}

function claimFor(instant: Instant, team: string): number {
  return instant.compiled.teams.find((one) => one.name === team)?.claimFor ?? CLAIM_DEFAULT_MS;
}

function giveBack(instant: Instant, action: OpenAction, task: TaskState): void {
  task.claimedBy = '';
  task.claimedUntil = Infinity;
  sayTask(instant, action, task, 'givenBack');
}

/** To another team, to somebody, or both; a team alone leaves it unclaimed. */
function reassign(instant: Instant, command: Of<'reassign'>, action: OpenAction, task: TaskState): void {
  const team = command.team ?? task.team;
  if (command.team !== undefined && !instant.compiled.teams.some((one) => one.name === team))
    return refuse(instant, 'unknownTeam');
  task.team = team;
  task.claimedBy = command.to ?? '';
  task.claimedUntil = command.to === undefined ? Infinity : instant.at + claimFor(instant, team);
  sayTask(instant, action, task, 'reassigned');
}

/** Done opens the ask, answered and declined settle it at once; what was impossible was not delivered. */
function finish(instant: Instant, { by, outcome }: Of<'finish'>, action: OpenAction, task: TaskState): void {
  task.claimedBy = by;
  task.claimedUntil = Infinity;
  sayTask(instant, action, task, 'finished', outcome);
  if (outcome === 'impossible') return settleAndGoOn(instant, action, 'failed');
  settleAndGoOn(instant, action, 'delivered', { sentAt: instant.at });
  if (!task.queued) keepSettled(instant, action, 'told', instant.at);
}

/** A human says what became of it. Nobody remembers the minute: not before it was asked for, and not later than now. */
function resolve(instant: Instant, { delivered, at }: Of<'resolve'>, action: OpenAction): void {
  if (action.phase !== 'inDoubt') return refuse(instant, 'notInDoubt');
  const reason = 'resolvedByHand';
  if (!delivered) return settleAndGoOn(instant, action, 'failed', { reason });
  const sentAt = Math.max(action.requestedAt, Math.min(at, instant.at));
  settleAndGoOn(instant, action, 'delivered', { sentAt, reason });
  keepSettled(instant, action, 'told', sentAt);
}

const MENDS: Readonly<Record<RefusedBecause, string>> = {
  unknownPlay: 'The definition in force has no such play. List them with `rapport plays`.',
  unknownAction: 'No such action of this customer is open. It is settled, or its id belongs to another customer.',
  alreadyEnrolled: 'The customer is under way with this play. Stop that enrolment first.',
  notEnrolled: 'The customer is not under way with this play: there is nothing to stop.',
  notAgain: 'The customer entered before, and `again` does not allow it yet. Enrol with override to pass over it.',
  notWho: 'The rule `who` of the play does not hold. `why-not` shows it; enrol with override to pass over it.',
  paused: 'The play is paused. Resume it first.',
  full: 'The customer is under way with as many plays as fit. Stop one first.',
  claimedByOther: 'Somebody else has claimed the task. Reassign it, or wait until the claim is over.',
  notClaimed: 'Nobody has claimed the task: there is nothing to give back.',
  settled: 'The action is settled: what became of it stands in the timeline.',
  notInDoubt: 'The action is not in doubt: only those are resolved by hand.',
  notDead: 'The action is under way. Only one that failed or is in doubt can be tried again.',
  reasonMissing: 'To pass over guards a reason is needed: it stands in the decision.',
  unknownTeam: 'The definition in force has no such team.',
};

function refuse(instant: Instant, because: RefusedBecause | NotEntered): void {
  const { command } = instant.moment;
  if (command === null) return;
  const { commandId, command: name } = command;
  const detail = MENDS[because];
  instant.say({ type: 'CommandRefused', commandId, command: name, at: instant.at, because, detail });
}
