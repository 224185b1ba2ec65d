/** `end: `: the steps are over. */
import { kindOf, pointerTo } from '../../../language/touchpoint/touchpoint-error';
import type { EndStep } from '../../play';
import { closed } from '../schema-words';
import type { StepParser } from './step-parser.types';

export const END: StepParser<EndStep> = {
  heads: ['end'],
  beside: [],
  read({ members, pointer, path }, { faults }) {
    if (members['end'] === null) return { step: 'end', path };
    return faults.add(
      pointerTo(pointer, 'end'),
      `must be empty, but is ${kindOf(members['end'])}`,
      'Write "end:" alone',
    );
  },
  write: () => ({ end: null }),
  endsAlways: () => true,
  schema: [closed({ end: { type: 'null' } }, ['end'])],
};
