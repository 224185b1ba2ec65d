/** `waitFor: { touchpoint: { meaning: praise } }` with `atMost: 14d` beside it: no wait without a way out. */
import { selectorDocument } from '../../../language/definition/rule-document';
import { formatDuration } from '../../../language/duration';
import { pointerTo } from '../../../language/touchpoint/touchpoint-error';
import type { WaitForStep } from '../../play';
import { readTouchpoint } from '../play-reading';
import { closed, DURATION, ref } from '../schema-words';
import { readSpan } from '../time-parser';
import type { StepParser } from './step-parser.types';

export const WAIT_FOR: StepParser<WaitForStep> = {
  heads: ['waitFor'],
  beside: ['atMost'],
  read({ members, pointer, path }, { faults }) {
    const at = pointerTo(pointer, 'waitFor');
    const awaited = faults.members(members['waitFor'], at, ['touchpoint'], 'what is waited for');
    const of = awaited && readTouchpoint(awaited['touchpoint'], at, faults);
    if (members['atMost'] === undefined) {
      const problem = 'is a wait with no way out: who never does it stays here for ever';
      return faults.add(pointer, problem, 'Add "atMost", such as "atMost: 14d"');
    }
    const atMost = readSpan(members['atMost'], pointerTo(pointer, 'atMost'), faults);
    return of && { step: 'waitFor', path, of, atMost };
  },
  write: ({ of, atMost }) => ({ waitFor: { touchpoint: selectorDocument(of) }, atMost: formatDuration(atMost) }),
  endsAlways: () => false,
  schema: [
    closed({ waitFor: closed({ touchpoint: ref('selector') }, ['touchpoint']), atMost: DURATION }, [
      'waitFor',
      'atMost',
    ]),
  ],
};
