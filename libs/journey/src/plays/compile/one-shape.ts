/**
 * Plays, steps and triggers with every key of their kind in one order, absent ones undefined: what is read at each instant is then
 * read at one place in memory, whatever the document left out. They mean what they meant.
 */
import type { Play, Step, Trigger } from '../play';

type Keys<T> = T extends unknown ? keyof T : never;

const PLAY: readonly Keys<Play>[] = [
  ...(['name', 'why', 'owner', 'purpose', 'trigger', 'who', 'again', 'holdout', 'salt'] as const),
  ...(['priority', 'steps', 'goal', 'exit', 'migrate'] as const),
];
const STEP: readonly Keys<Step>[] = [
  ...(['step', 'path', 'verb', 'what', 'by', 'template', 'team', 'sla', 'escalateTo', 'ifWithheld'] as const),
  ...(['staleAfter', 'sendWithin', 'ms', 'of', 'atMost', 'time', 'weekdays', 'arms', 'trait', 'value'] as const),
];
const TRIGGER: readonly Keys<Trigger>[] = [
  ...(['on', 'of', 'entered', 'left', 'to', 'from', 'property', 'offset', 'at', 'weekdays', 'spread'] as const),
];

export function shapedPlay(play: Play): Play {
  return { ...shaped(play, PLAY), trigger: shaped(play.trigger, TRIGGER) };
}

export function shapedStep(step: Step): Step {
  return shaped(step, STEP);
}

function shaped<T extends object>(given: T, keys: readonly Keys<T>[]): T {
  const made: { [key: string]: unknown } = {};
  for (const key of keys as readonly string[]) made[key] = (given as { [key: string]: unknown })[key];
  return made as T;
}
