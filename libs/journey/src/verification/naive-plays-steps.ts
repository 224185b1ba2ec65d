/** Walks the steps of each enrolment along its decisions: none is left out, and each act step that was reached has its decision. */
import type { Play, Step } from '../plays/play';
import type { PlayViolation } from '../plays/play-core.types';
import type {
  ActionRequested,
  ActionSettled,
  ActionWithheld,
  PlayDecision,
  PlayEntered,
} from '../plays/play-decisions';
import { allSteps } from './naive-plays-guards';
import { ofType, type Case, type Placed } from './naive-plays-world';

/** Where an enrolment stands: '' = the end. `open`: an act step that still needs a word. */
interface Walk {
  play: Play;
  at: string;
  open: boolean;
  /** The request that it waits for. */
  action: string;
  left: boolean;
  faults: PlayViolation[];
}

export function stepViolations(of: Case): PlayViolation[] {
  return ofType(of.decisions, 'PlayEntered').flatMap((entered) => walk(of, entered));
}

function walk(of: Case, entered: Placed<PlayEntered>): PlayViolation[] {
  const { play: name, enrolment } = entered.decision;
  const play = of.part.plays.find((one) => one.name === name);
  if (play === undefined) return [fault('steps', `play ${name} is none of the definition`, entered)];
  const first = play.steps[0]?.path ?? '';
  const state: Walk = { play, at: first, open: isAct(play, first), action: '', left: false, faults: [] };
  const own = of.decisions.filter(({ decision }) => {
    return 'enrolment' in decision && decision.play === name && decision.enrolment === enrolment;
  });
  for (const placed of own) follow(state, placed);
  const last = own.at(-1) ?? entered;
  const byHistory = 'cause' in last.decision && last.decision.cause.kind === 'settling';
  if (state.open && !state.left && !byHistory)
    state.faults.push(fault('every act step has its decision', `${name} stands at ${state.at} without a word`, last));
  return state.faults;
}

function follow(state: Walk, placed: Placed): void {
  const { decision } = placed;
  switch (decision.type) {
    case 'PlayWaiting':
      return expectAt(state, decision.step, placed);
    case 'PlayStepped':
      expectAt(state, decision.step, placed);
      return goTo(state, afterStep(state.play, decision.step, decision.took));
    case 'ActionRequested':
      return requested(state, decision, placed);
    case 'ActionWithheld':
      return withheld(state, decision, placed);
    case 'ActionSettled':
      return settled(state, decision);
    case 'PlayExited':
      if (decision.reason === 'completed' && state.at !== '')
        state.faults.push(fault('steps', `completed at step ${state.at}`, placed));
      state.left = true;
      return;
    default:
      return;
  }
}

/** A retry by hand asks for a step that may lie behind. */
function requested(state: Walk, decision: ActionRequested, placed: Placed): void {
  if (decision.cause.kind === 'command' && decision.step !== state.at) return;
  if (!(decision.cause.kind === 'command' && decision.round > 0)) expectAt(state, decision.step, placed);
  state.open = false;
  state.action = decision.action;
}

function withheld(state: Walk, decision: ActionWithheld, placed: Placed): void {
  if (decision.cause.kind === 'command' && decision.step !== state.at) return;
  expectAt(state, decision.step, placed);
  state.open = false;
  if (decision.final && decision.then === 'skip') goTo(state, afterStep(state.play, decision.step, ''));
}

function settled(state: Walk, decision: ActionSettled): void {
  if (decision.action !== state.action || decision.result === 'stopped') return;
  state.action = '';
  if (decision.result === 'expired' || decision.result === 'withdrawn') state.open = true;
  else goTo(state, afterStep(state.play, decision.step, ''));
}

function goTo(state: Walk, path: string): void {
  state.at = path;
  state.open = isAct(state.play, path);
}

function expectAt(state: Walk, step: string, placed: Placed): void {
  if (state.left) state.faults.push(fault('steps', `step ${step} after the end`, placed));
  else if (step !== state.at)
    state.faults.push(fault('steps', `step ${step}, but it stood at ${state.at || 'the end'}`, placed));
}

/** `took`: the arm of a branch by its place, that of a split by its name. */
function afterStep(play: Play, path: string, took: string): string {
  const step = allSteps(play.steps).find((one) => one.path === path);
  if (step === undefined || step.step === 'end') return '';
  if (step.step === 'branch' && took !== 'none') return step.arms[Number(took)]?.then[0]?.path ?? behind(play, path);
  if (step.step === 'split') return step.arms.find((arm) => arm.name === took)?.then[0]?.path ?? behind(play, path);
  return behind(play, path);
}

/** The next in its list; at the end of an arm, what is behind the branch or split. */
function behind(play: Play, path: string): string {
  const indexes = path.split('.').map(Number);
  const next = [...indexes.slice(0, -1), (indexes.at(-1) ?? 0) + 1].join('.');
  if (allSteps(play.steps).some((one) => one.path === next)) return next;
  return indexes.length < 3 ? '' : behind(play, indexes.slice(0, -2).join('.'));
}

function isAct(play: Play, path: string): boolean {
  return allSteps(play.steps).some((one: Step) => one.path === path && one.step === 'act');
}

function fault(law: string, detail: string, { position }: Placed<PlayDecision>): PlayViolation {
  return { law, detail, positions: [position] };
}
