import type { EndStep } from '../play';
import type { StepKind } from './step-kind';
import { sayStepped } from './stepping';

export const endStep: StepKind<EndStep> = {
  enter(instant, enrolment) {
    sayStepped(instant, enrolment, 'end', '');
    return '';
  },
  explain: () => 'end',
};
