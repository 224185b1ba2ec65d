import { PLAY_TRAITS_KEPT } from '../play-limits';
import type { SetStep } from '../play';
import { withAdded } from '../state/play-states';
import type { StepKind } from './step-kind';
import { sayStepped } from './stepping';

/** Remembers the newest PLAY_TRAITS_KEPT traits. */
export const setStep: StepKind<SetStep> = {
  enter(instant, enrolment, _play, { step, next }) {
    const { plays, at } = instant;
    const others = plays.traits.filter((one) => one.trait !== step.trait);
    if (others.length >= PLAY_TRAITS_KEPT) others.shift();
    plays.traits = withAdded(others, { trait: step.trait, value: step.value, at });
    sayStepped(instant, enrolment, 'set', step.value ?? '');
    return next;
  },
  explain: ({ trait, value }) => `set ${trait} to ${value ?? 'nothing'}`,
};
