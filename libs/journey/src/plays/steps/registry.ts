/** One line for each kind of step. */
import type { CompiledPlay, CompiledStep } from '../compile/compiled-play';
import type { Step } from '../play';
import type { Enrolment } from '../play-state';
import type { Instant } from '../saga/instant';
import { actStep } from './act';
import { branchStep } from './branch';
import { endStep } from './end';
import { setStep } from './set';
import { splitStep } from './split';
import type { StepKind } from './step-kind';
import { waitStep } from './wait';
import { waitForStep } from './wait-for';
import { waitUntilStep } from './wait-until';

const STEPS: { readonly [K in Step['step']]: StepKind<Extract<Step, { step: K }>> } = {
  act: actStep,
  wait: waitStep,
  waitFor: waitForStep,
  waitUntil: waitUntilStep,
  branch: branchStep,
  split: splitStep,
  set: setStep,
  end: endStep,
};

export function enterStep(
  instant: Instant,
  enrolment: Enrolment,
  play: CompiledPlay,
  compiled: CompiledStep,
): string | null {
  return kindOf(compiled.step).enter(instant, enrolment, play, compiled);
}

/** For people: what happens at this step. */
export function explainStep(step: Step): string {
  return kindOf(step).explain(step);
}

/** The table pairs each kind with its own steps; TypeScript cannot follow that through the lookup. */
function kindOf(step: Step): StepKind {
  return STEPS[step.step];
}
