/** `wait: 3d` */
import { formatDuration } from '../../../language/duration';
import { pointerTo } from '../../../language/touchpoint/touchpoint-error';
import type { WaitStep } from '../../play';
import { closed, DURATION } from '../schema-words';
import { readSpan } from '../time-parser';
import type { StepParser } from './step-parser.types';

export const WAIT: StepParser<WaitStep> = {
  heads: ['wait'],
  beside: [],
  read: ({ members, pointer, path }, { faults }) => ({
    step: 'wait',
    path,
    ms: readSpan(members['wait'], pointerTo(pointer, 'wait'), faults),
  }),
  write: ({ ms }) => ({ wait: formatDuration(ms) }),
  endsAlways: () => false,
  schema: [closed({ wait: DURATION }, ['wait'])],
};
