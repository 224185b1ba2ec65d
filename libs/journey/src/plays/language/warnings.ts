/** What is worth telling and refuses nothing: the guards decide at run time. */
import type { FaultList } from '../../language/definition/fault-list';
import { SERVICE_PURPOSE, type Play, type PlaysPart, type Step } from '../play';

export function warn(part: PlaysPart, warnings: FaultList): void {
  const purposes = new Set<string>();
  for (const [i, play] of part.plays.entries()) {
    const path = `/plays/${i}`;
    warnOfTrigger(play, path, warnings);
    warnOfAsks(play.steps, `${path}/steps`, false, warnings);
    if (play.purpose === SERVICE_PURPOSE || purposes.has(play.purpose)) continue;
    purposes.add(play.purpose);
    if (Object.hasOwn(part.guards.consentUnknown, play.purpose)) continue;
    const problem = `"${play.purpose}" has no default for unknown consent: who never said anything is left out`;
    warnings.add(`${path}/purpose`, problem, 'Add it to "guards.consentUnknown" as allowed or refused');
  }
}

function warnOfTrigger({ trigger, who, again }: Play, path: string, warnings: FaultList): void {
  if (trigger.on === 'audience' && who === undefined) {
    warnings.add(path, 'is entered by everybody at each run', 'Add "who"');
  }
  if (trigger.on !== 'touchpoint') return;
  const { meaning, type, direction } = trigger.of;
  if (meaning !== undefined || type !== undefined) return;
  // Half of the touchpoints, and of them only those before the one entry: meant, as in a play for whoever comes for the first time.
  if (direction !== undefined && again === 'never' && who !== undefined) return;
  warnings.add(`${path}/on`, 'looks at every touchpoint of every customer', 'Name a meaning or a type');
}

/**
 * An ask before which nothing is given on some way through the play.
 * @returns whether something was given on every way
 */
function warnOfAsks(steps: readonly Step[], path: string, given: boolean, warnings: FaultList): boolean {
  let now = given;
  for (const [i, step] of steps.entries()) {
    const at = `${path}/${i}`;
    if (step.step === 'act' && step.verb === 'give') now = true;
    else if (step.step === 'act' && step.verb === 'ask' && !now) {
      const problem = 'asks before anything is given: it may be withheld for long (giveFirst)';
      warnings.add(at, problem, 'Put a "give" before it, or leave it to what other plays give');
    } else if (step.step === 'branch') {
      const arms = step.arms.map(({ then, ...arm }, j) =>
        warnOfAsks(then, `${at}/branch/${j}/${'if' in arm ? 'then' : 'else'}`, now, warnings),
      );
      now ||= arms.every(Boolean) && step.arms.some((arm) => arm.if === undefined);
    } else if (step.step === 'split') {
      const arms = step.arms.map(({ then }, j) => warnOfAsks(then, `${at}/split/${j}/then`, now, warnings));
      now ||= arms.every(Boolean);
    }
  }
  return now;
}
