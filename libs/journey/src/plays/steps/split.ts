import { shareOf } from '../holdout/share-of';
import type { SplitStep } from '../play';
import type { StepKind } from './step-kind';
import { sayStepped } from './stepping';

const PER_CENT = 100;

/** By shares; the same customer goes the same way at this step of this play, whatever the version. */
export const splitStep: StepKind<SplitStep> = {
  enter(instant, enrolment, play, { step, arms, next }) {
    const drawn = shareOf(instant.facts.customerId, play.play.salt, `split ${step.path}`) * PER_CENT;
    let below = 0;
    for (let i = 0; i < arms.length; i++) {
      const arm = step.arms[i]!;
      below += arm.share;
      if (drawn >= below) continue;
      sayStepped(instant, enrolment, 'split', arm.name);
      return arms[i]!.first;
    }
    sayStepped(instant, enrolment, 'split', 'none');
    return next;
  },
  explain: ({ arms }) => `split into ${arms.map((arm) => `${arm.name} ${arm.share}%`).join(', ')}`,
};
