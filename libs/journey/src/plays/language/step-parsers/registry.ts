/** All kinds of steps: one line each. Reads, writes and checks lists of them. */
import { meantOrOneOf } from '../../../language/closest-word';
import type { Written } from '../../../language/definition/rule-document';
import type { Step } from '../../play';
import { STEP_DEPTH_MAX, STEPS_MAX } from '../../play-limits';
import type { PlaysReading } from '../play-reading';
import { shownWord } from '../word-parser';
import { ACT } from './act';
import { BRANCH } from './branch';
import { END } from './end';
import { SET } from './set';
import { SPLIT } from './split';
import type { StepParser, StepReading } from './step-parser.types';
import { WAIT } from './wait';
import { WAIT_FOR } from './wait-for';
import { WAIT_UNTIL } from './wait-until';

type Parsers = { readonly [K in Step['step']]: StepParser<Extract<Step, { step: K }>> };

const STEP_PARSERS: Parsers = {
  act: ACT,
  wait: WAIT,
  waitFor: WAIT_FOR,
  waitUntil: WAIT_UNTIL,
  branch: BRANCH,
  split: SPLIT,
  set: SET,
  end: END,
};

/** Reading and reachability do not depend on which kind it is. */
const ALL = Object.values(STEP_PARSERS) as unknown as readonly StepParser<Step>[];
export const STEP_SCHEMAS = ALL.flatMap(({ schema }) => schema);
export const STEP_HEADS: readonly string[] = ALL.flatMap(({ heads }) => heads);

/** The steps of one play, paths filled in. Faulty ones are left out, and told. */
export function readSteps(value: unknown, pointer: string, reading: PlaysReading): Step[] {
  const { faults } = reading;
  if (value === undefined) {
    faults.add(pointer.replace(/\/steps$/, ''), 'has no steps', 'Add "steps", such as [ { give: thanks, by: email } ]');
    return [];
  }
  if (faults.listOf(value, pointer, STEPS_MAX, 'the list of steps') === undefined) return [];
  let count = 0;
  const inner: StepReading['inner'] = (list, at, prefix, depth) => {
    if (depth > STEP_DEPTH_MAX) {
      faults.add(at, `is nested deeper than ${STEP_DEPTH_MAX} branches and splits`, 'Make a second play of it');
      return [];
    }
    if (!Array.isArray(list)) {
      faults.add(at, `the list of steps must be a list: ${shownWord(list)}`, 'Write [ ... ] around the steps');
      return [];
    }
    const steps: Step[] = [];
    for (const [i, member] of (list as unknown[]).entries()) {
      if (++count === STEPS_MAX + 1) {
        faults.add(
          `${at}/${i}`,
          `is one step more than the ${STEPS_MAX} that a play may have`,
          'Make a second play of it',
        );
      }
      if (count > STEPS_MAX) break;
      const step = readStep(member, `${at}/${i}`, `${prefix}${i}`, depth, { ...reading, inner });
      if (steps.length > 0 && steps.length === i && endsAlways(steps)) {
        faults.add(
          `${at}/${i}`,
          'is never reached: what stands before it ends the steps',
          'Leave it out, or move it up',
        );
        break;
      }
      if (step !== undefined) steps.push(step);
    }
    return steps;
  };
  return inner(value, pointer, '', 0);
}

function readStep(value: unknown, pointer: string, path: string, depth: number, reading: StepReading) {
  const { faults } = reading;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const mend = value === 'end' ? 'Write "end:"' : 'Write it like { give: thanks, by: email, template: ... }';
    return faults.add(pointer, `is no step: ${shownWord(value)}`, mend);
  }
  const names = Object.keys(value);
  const heads = STEP_HEADS.filter((head) => names.includes(head));
  if (heads.length > 1) {
    return faults.add(pointer, `mixes ${heads.join(' and ')} in one step`, 'Make a step of each');
  }
  const head = heads[0];
  const parser = ALL.find(({ heads: own }) => head !== undefined && own.includes(head));
  if (head === undefined || parser === undefined) {
    const [first = ''] = names;
    return faults.add(pointer, `is no step: ${names.join(', ') || 'it is empty'}`, meantOrOneOf(first, STEP_HEADS));
  }
  const members = faults.members(value, pointer, [head, ...parser.beside], `a "${head}" step`);
  return members && parser.read({ head, members, pointer, path, depth }, reading);
}

function parserOf<S extends Step>(step: S): StepParser<S> {
  return STEP_PARSERS[step.step] as unknown as StepParser<S>;
}

export function stepDocuments(steps: readonly Step[]): Written[] {
  return steps.map((step) => parserOf(step).write(step, stepDocuments));
}

/** Whether nobody comes out behind these steps. */
export function endsAlways(steps: readonly Step[]): boolean {
  return steps.some((step) => parserOf(step).endsAlways(step, endsAlways));
}
