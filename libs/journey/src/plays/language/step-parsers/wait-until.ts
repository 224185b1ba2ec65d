/** `waitUntil: { time: "09:00", weekdays: [mon, tue] }`, in the customer's own zone. */
import { pointerTo } from '../../../language/touchpoint/touchpoint-error';
import type { WaitUntilStep } from '../../play';
import { closed, TIME, WEEKDAYS } from '../schema-words';
import { readTimeOfDay, readWeekdays, timeText, weekdayTexts } from '../time-parser';
import type { StepParser } from './step-parser.types';

export const WAIT_UNTIL: StepParser<WaitUntilStep> = {
  heads: ['waitUntil'],
  beside: [],
  read({ members, pointer, path }, { faults }) {
    const at = pointerTo(pointer, 'waitUntil');
    const moment = faults.members(members['waitUntil'], at, ['time', 'weekdays'], 'the moment');
    if (moment === undefined) return undefined;
    if (moment['time'] === undefined && moment['weekdays'] === undefined) {
      const problem = 'is a wait with no way out: it names neither a time nor a weekday';
      return faults.add(at, problem, 'Write it like { time: "09:00", weekdays: [mon, tue] }');
    }
    const step: WaitUntilStep = { step: 'waitUntil', path };
    const time = moment['time'] === undefined ? undefined : readTimeOfDay(moment['time'], `${at}/time`, faults);
    const days =
      moment['weekdays'] === undefined ? undefined : readWeekdays(moment['weekdays'], `${at}/weekdays`, faults);
    if (time !== undefined) step.time = time;
    if (days !== undefined) step.weekdays = days;
    return step;
  },
  write: ({ time, weekdays }) => ({
    waitUntil: {
      ...(time !== undefined && { time: timeText(time) }),
      ...(weekdays !== undefined && { weekdays: weekdayTexts(weekdays) }),
    },
  }),
  endsAlways: () => false,
  schema: [closed({ waitUntil: closed({ time: TIME, weekdays: WEEKDAYS }, [], { minProperties: 1 }) }, ['waitUntil'])],
};
