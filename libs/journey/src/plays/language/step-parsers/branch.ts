/** `branch: [ { if: <rule>, then: [...] }, { else: [...] } ]`: the first arm that holds. */
import type { Members } from '../../../language/definition/fault-list';
import { ruleDocument, type Written } from '../../../language/definition/rule-document';
import { canonicalJson } from '../../../language/touchpoint/touchpoint-content';
import { pointerTo } from '../../../language/touchpoint/touchpoint-error';
import type { BranchStep, PlayRule, Step } from '../../play';
import { ARMS_MAX } from '../../play-limits';
import { checkCanHold } from '../never-holds';
import { closed, listOf, ref } from '../schema-words';
import type { StepParser, StepReading, StepToRead } from './step-parser.types';

type Arm = BranchStep['arms'][number];

export const BRANCH: StepParser<BranchStep> = {
  heads: ['branch'],
  beside: [],
  read(step, reading) {
    const { faults } = reading;
    const at = pointerTo(step.pointer, 'branch');
    const list = faults.listOf(step.members['branch'], at, ARMS_MAX, 'the branch');
    const arms: Arm[] = [];
    for (const [i, value] of (list ?? []).entries()) {
      const arm = readArm(value, `${at}/${i}`, i, step, reading);
      if (arm === undefined) continue;
      checkArm(arm, arms, `${at}/${i}`, reading);
      arms.push(arm);
    }
    return list && { step: 'branch', path: step.path, arms };
  },
  write: ({ arms }, inner) => ({
    branch: arms.map((arm): Written =>
      arm.if === undefined ? { else: inner(arm.then) } : { if: ruleDocument(arm.if), then: inner(arm.then) },
    ),
  }),
  schema: [
    closed(
      {
        branch: listOf(
          {
            oneOf: [
              closed({ if: ref('playRule'), then: ref('steps') }, ['if', 'then']),
              closed({ else: ref('steps') }, ['else']),
            ],
          },
          ARMS_MAX,
        ),
      },
      ['branch'],
    ),
  ],
  endsAlways: ({ arms }, inner) => arms.some((arm) => arm.if === undefined) && arms.every(({ then }) => inner(then)),
};

function readArm(value: unknown, at: string, place: number, step: StepToRead, reading: StepReading): Arm | undefined {
  const { faults } = reading;
  const members = faults.members(value, at, ['if', 'then', 'else'], 'an arm of a branch');
  if (members === undefined) return undefined;
  const key = armKey(members, at, reading);
  if (key === undefined) return undefined;
  const then: Step[] = reading.inner(members[key], pointerTo(at, key), `${step.path}.${place}.`, step.depth + 1);
  if (key === 'else') return { then };
  const rule: PlayRule | undefined = reading.rules.rule(members['if'], pointerTo(at, 'if'));
  return rule && { if: rule, then };
}

function armKey(members: Members, at: string, { faults }: StepReading): 'then' | 'else' | undefined {
  if (members['else'] !== undefined) {
    if (members['if'] === undefined && members['then'] === undefined) return 'else';
    return faults.add(at, 'mixes "else" with "if" or "then"', 'Make two arms of it');
  }
  if (members['if'] === undefined) {
    return faults.add(at, 'has neither "if" nor "else"', 'Write { if: <rule>, then: [...] } or { else: [...] }');
  }
  if (members['then'] !== undefined) return 'then';
  return faults.add(at, 'has no "then"', 'Add the steps, or [] for none');
}

/** An arm that nobody takes, whatever the customer. */
function checkArm(arm: Arm, before: readonly Arm[], at: string, { faults }: StepReading): void {
  if (before.some((other) => other.if === undefined)) {
    faults.add(at, 'is never reached: the arm before it is "else"', 'Put "else" last');
    return;
  }
  if (arm.if === undefined) return;
  const text = canonicalJson(ruleDocument(arm.if));
  if (before.some((other) => other.if && canonicalJson(ruleDocument(other.if)) === text)) {
    faults.add(at, 'is never reached: an earlier arm asks for the same', 'Change its rule, or leave it out');
  } else checkCanHold(arm.if, pointerTo(at, 'if'), 'nobody takes this arm', faults);
}
