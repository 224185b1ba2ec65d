import { selectorText } from '../../language/canonical-condition';
import { formatDuration } from '../../language/duration';
import type { WaitForStep } from '../play';
import type { StepKind } from './step-kind';
import { standUntil } from './stepping';

export const waitForStep: StepKind<WaitForStep> = {
  enter(instant, enrolment, _play, { step, next }) {
    const until = instant.at + step.atMost;
    return standUntil(instant, enrolment, { kind: 'waitFor', until, next, for: selectorText(step.of) });
  },
  explain: ({ of, atMost }) => `wait for ${selectorText(of)}, at most ${formatDuration(atMost)}`,
};
