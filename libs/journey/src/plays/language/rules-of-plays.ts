/** Every step and every rule of plays, whatever stands around them. */
import type { Condition } from '../../definition';
import type { Play, PlayRule, Step } from '../play';

/** In the order in which they stand, those inside branches and splits after what holds them. */
export function allSteps(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) =>
    step.step === 'branch' || step.step === 'split'
      ? [step, ...step.arms.flatMap(({ then }) => allSteps(then))]
      : [step],
  );
}

export function rulesOf(play: Play): PlayRule[] {
  const rules: PlayRule[] = [];
  if (play.who) rules.push(play.who);
  for (const step of allSteps(play.steps)) {
    if (step.step === 'branch') rules.push(...step.arms.flatMap((arm) => (arm.if ? [arm.if] : [])));
  }
  if (play.exit) rules.push(play.exit);
  return rules;
}

/** The measures in the rules of plays: they are kept for each customer like those of stages. */
export function playMeasures(plays: readonly Play[]): Condition[] {
  const found: Condition[] = [];
  const walk = (rule: PlayRule): void => {
    if ('measure' in rule) found.push(rule);
    else if ('not' in rule) walk(rule.not);
    else if ('all' in rule) rule.all.forEach(walk);
    else if ('any' in rule) rule.any.forEach(walk);
  };
  for (const play of plays) rulesOf(play).forEach(walk);
  return found;
}
