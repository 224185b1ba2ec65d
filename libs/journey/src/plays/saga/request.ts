/** A request for an action: the event, and the open action that stands for it until it is settled. */
import type { ConditionEvidence } from '../../decision';
import type { Candidate } from '../guards.types';
import { TASK_CHANNEL } from '../ledger/ledger-state';
import { addBusinessTime } from '../local-time/open-between';
import type { ActStep } from '../play';
import type { ActionRequested } from '../play-decisions';
import { OPEN_ACTIONS_MAX, OUTCOME_GRACE_MS } from '../play-limits';
import type { OpenAction, TaskState } from '../play-state';
import { withAdded } from '../state/play-states';
import type { Instant } from './instant';
import { removeAction } from './settle-action';

export interface Request {
  play: string;
  enrolment: number;
  version: number;
  step: ActStep;
  candidate: Candidate;
  round: number;
  notBefore: number;
  sendBefore: number;
  evidence: ConditionEvidence[];
  override?: { by: string; reason: string };
}

export function request(instant: Instant, asked: Request): void {
  const { step, candidate, notBefore, sendBefore } = asked;
  const task = isTask(step) ? newTask(instant, asked) : null;
  const requested: ActionRequested = {
    type: 'ActionRequested',
    play: asked.play,
    enrolment: asked.enrolment,
    playVersion: asked.version,
    at: instant.at,
    step: step.path,
    round: asked.round,
    action: candidate.action,
    verb: step.verb,
    what: step.what,
    channel: step.by,
    purpose: candidate.purpose,
    notBefore,
    sendBefore,
    evidence: asked.evidence,
    cause: instant.cause,
  };
  if (step.template !== undefined) requested.template = step.template;
  if (task !== null) nameTask(requested, task, step);
  if (asked.override !== undefined) requested.override = asked.override;
  instant.say(requested);
  makeRoom(instant);
  const open: OpenAction = {
    action: candidate.action,
    play: asked.play,
    enrolment: asked.enrolment,
    version: asked.version,
    step: step.path,
    verb: step.verb,
    what: step.what,
    channel: step.by,
    purpose: candidate.purpose,
    phase: 'requested',
    requestedAt: instant.at,
    notBefore,
    sendBefore,
    until: task === null ? sendBefore + OUTCOME_GRACE_MS : Infinity,
    task,
  };
  instant.plays.actions = withAdded(instant.plays.actions, open);
}

function nameTask(requested: ActionRequested, task: TaskState, step: ActStep): void {
  requested.team = task.team;
  if (task.slaDue !== Infinity) requested.slaDue = task.slaDue;
  if (step.escalateTo !== undefined) requested.escalateTo = step.escalateTo;
}

export function isTask(step: ActStep): boolean {
  return step.by === TASK_CHANNEL || step.verb === 'task';
}

function newTask(instant: Instant, { play, step, version }: Request): TaskState {
  const team = step.team ?? instant.compiled.of(play, version)?.play.owner ?? '';
  const slaDue = step.sla === undefined ? Infinity : slaDueOf(instant, team, step.sla);
  return { team, claimedBy: '', claimedUntil: Infinity, slaDue, escalated: false, queued: false };
}

/** By the hours of the team. */
function slaDueOf(instant: Instant, team: string, sla: number): number {
  const found = instant.compiled.teams.find((one) => one.name === team);
  if (found === undefined) return instant.at + sla;
  return addBusinessTime(found.hours, instant.at, sla, found.timeZone ?? instant.compiled.timeZone);
}

/** Under way, or sent as far as anybody knows: caps count it. */
export function needsItsPlace(action: OpenAction): boolean {
  return action.phase !== 'dead';
}

/** Dead letters give way, the oldest first. */
function makeRoom(instant: Instant): void {
  const { actions } = instant.plays;
  if (actions.length < OPEN_ACTIONS_MAX) return;
  const over = actions.find((one) => !needsItsPlace(one));
  if (over !== undefined) removeAction(instant, over);
}
