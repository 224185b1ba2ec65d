import type { ConditionEvidence } from '../../decision';
import type { BranchStep } from '../play';
import { playRuleEvidence, playRuleHolds } from '../rules/play-rule-holds';
import type { StepKind } from './step-kind';
import { sayStepped } from './stepping';

/** The first arm whose rule holds; an arm without a rule is the else. */
export const branchStep: StepKind<BranchStep> = {
  enter(instant, enrolment, _play, { arms, next }) {
    const { state, facts, at } = instant;
    const evidence: ConditionEvidence[] = [];
    for (let i = 0; i < arms.length; i++) {
      const { rule, first } = arms[i]!;
      if (rule !== null) evidence.push(...playRuleEvidence(state, rule, facts, at));
      if (rule !== null && !playRuleHolds(state, rule, facts, at)) continue;
      sayStepped(instant, enrolment, 'branch', String(i), evidence);
      return first;
    }
    sayStepped(instant, enrolment, 'branch', 'none', evidence);
    return next;
  },
  explain: ({ arms }) => `branch of ${arms.length}`,
};
