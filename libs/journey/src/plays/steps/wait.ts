import { formatDuration } from '../../language/duration';
import type { WaitStep } from '../play';
import type { StepKind } from './step-kind';
import { standUntil } from './stepping';

export const waitStep: StepKind<WaitStep> = {
  enter(instant, enrolment, _play, { step, next }) {
    return standUntil(instant, enrolment, { kind: 'wait', until: instant.at + step.ms, next });
  },
  explain: ({ ms }) => `wait ${formatDuration(ms)}`,
};
