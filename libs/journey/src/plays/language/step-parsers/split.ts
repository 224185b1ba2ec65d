/** `split: [ { name: a, share: 50%, then: [...] }, ... ]`: by shares; the same customer always goes the same way. */
import { pointerTo } from '../../../language/touchpoint/touchpoint-error';
import type { SplitStep } from '../../play';
import { ARMS_MAX } from '../../play-limits';
import { closed, listOf, NAME, pattern, ref } from '../schema-words';
import { readShare, SHARE_PATTERN } from '../time-parser';
import { readName } from '../word-parser';
import type { StepParser, StepReading, StepToRead } from './step-parser.types';

type Arm = SplitStep['arms'][number];
const WHOLE_PER_CENT = 100;
const ARM = closed({ name: NAME, share: pattern(SHARE_PATTERN), then: ref('steps') }, ['name', 'share', 'then']);

export const SPLIT: StepParser<SplitStep> = {
  heads: ['split'],
  beside: [],
  read(step, reading) {
    const { faults } = reading;
    const at = pointerTo(step.pointer, 'split');
    const list = faults.listOf(step.members['split'], at, ARMS_MAX, 'the split');
    if (list === undefined) return undefined;
    const arms = list.map((value, i) => readArm(value, `${at}/${i}`, i, step, reading));
    const good = arms.filter((arm) => arm !== undefined);
    for (const [i, arm] of arms.entries()) {
      if (arm === undefined || good.find(({ name }) => name === arm.name) === arm) continue;
      faults.add(`${at}/${i}/name`, `"${arm.name}" is the name of an earlier arm too`, 'Name it differently');
    }
    if (good.length < arms.length) return undefined;
    const sum = good.reduce((total, { share }) => total + share, 0);
    if (sum !== WHOLE_PER_CENT) {
      faults.add(at, `has shares of ${sum}% together`, `Make them ${WHOLE_PER_CENT}% together`);
    }
    return { step: 'split', path: step.path, arms: good };
  },
  write: ({ arms }, inner) => ({
    split: arms.map(({ name, share, then }) => ({ name, share: `${share}%`, then: inner(then) })),
  }),
  schema: [closed({ split: listOf(ARM, ARMS_MAX, 2) }, ['split'])],
  endsAlways: ({ arms }, inner) => arms.length > 0 && arms.every(({ then }) => inner(then)),
};

function readArm(value: unknown, at: string, place: number, step: StepToRead, reading: StepReading): Arm | undefined {
  const { faults } = reading;
  const members = faults.members(value, at, ['name', 'share', 'then'], 'an arm of a split');
  if (members === undefined) return undefined;
  const name = readName(members['name'], pointerTo(at, 'name'), 'name', faults);
  const share = readShare(members['share'], pointerTo(at, 'share'), faults);
  if (members['then'] === undefined) return faults.add(at, 'has no "then"', 'Add the steps, or [] for none');
  const then = reading.inner(members['then'], pointerTo(at, 'then'), `${step.path}.${place}.`, step.depth + 1);
  return name === undefined || share === undefined ? undefined : { name, share, then };
}
