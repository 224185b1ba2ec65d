/** Goes through the steps of one enrolment along its decisions, and names those that act and were passed without a word. */
import type { Play, Step } from '@rapport/journey';
import { type Entry, type LawFacts } from './law-facts';

/** What was decided of one enrolment, by step. */
interface Decided {
  words: Set<string>;
  /** Act steps that are over. */
  over: Set<string>;
  took: Map<string, string>;
  left: string | null;
}

export function stepsWithoutAWord(facts: LawFacts, entry: Entry, play: Play): string[] {
  const own = <T extends { play: string; enrolment: number }>(list: readonly T[]): T[] =>
    list.filter((one) => one.play === entry.play && one.enrolment === entry.enrolment);
  const [requests, refusals] = [own(facts.requests), own(facts.refusals)];
  const settled = new Set(facts.settled.map(({ action }) => action));
  const exit = own(facts.exits)[0];
  const decided: Decided = {
    words: new Set([...requests, ...refusals].map(({ step }) => step)),
    over: new Set([
      ...requests.filter(({ action }) => settled.has(action)).map(({ step }) => step),
      ...refusals.filter(({ final }) => final).map(({ step }) => step),
    ]),
    took: new Map(own(facts.stepped).map(({ step, took }) => [step, took])),
    left: exit?.step ?? null,
  };
  const passed: string[] = [];
  walk(play.steps, decided, passed);
  return passed;
}

/** False = it stands there, or has left. */
function walk(steps: readonly Step[], decided: Decided, passed: string[]): boolean {
  for (const step of steps) {
    if (decided.left === step.path) {
      if (step.step === 'act' && !decided.words.has(step.path)) passed.push(step.path);
      // Whoever is through with it left behind it, at the end of the steps.
      if (!decided.over.has(step.path) && !decided.took.has(step.path)) return false;
    }
    if (!goesOn(step, decided, passed)) return false;
  }
  return true;
}

function goesOn(step: Step, decided: Decided, passed: string[]): boolean {
  if (step.step === 'act') {
    if (!decided.words.has(step.path)) passed.push(step.path);
    return decided.over.has(step.path) || !decided.words.has(step.path);
  }
  const took = decided.took.get(step.path);
  if (took === undefined || step.step === 'end') return false;
  if (step.step === 'branch') return walk(step.arms[Number(took)]?.then ?? [], decided, passed);
  if (step.step === 'split') return walk(step.arms.find(({ name }) => name === took)?.then ?? [], decided, passed);
  return true;
}
