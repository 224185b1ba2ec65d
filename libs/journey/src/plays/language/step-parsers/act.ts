/** Steps that act: `give: thanks`, `ask: reference`, `tell: delay`, `task: call-back`. */
import { formatDuration } from '../../../language/duration';
import { pointerTo } from '../../../language/touchpoint/touchpoint-error';
import type { ActStep, Verb } from '../../play';
import { SEND_ROOM_MIN_MS, SEND_WITHIN_DEFAULT_MS, STALE_AFTER_DEFAULT_MS } from '../../play-limits';
import { SURVEY_CHANNEL, TASK_CHANNEL, TEXT_CHANNELS } from '../channel-names';
import { closed, DURATION, MESSAGE_CHANNEL, NAME, type Properties, type Schema } from '../schema-words';
import { readSpan } from '../time-parser';
import { readName, readWord } from '../word-parser';
import type { StepParser, StepReading, StepToRead } from './step-parser.types';

export const VERBS = ['give', 'ask', 'tell', 'task'] as const;
const IF_WITHHELD = ['wait', 'skip', 'exit'] as const;

const KEYS: Properties = {
  template: NAME,
  ifWithheld: { enum: IF_WITHHELD },
  staleAfter: DURATION,
  sendWithin: DURATION,
};
const TASK_KEYS: Properties = { team: NAME, sla: DURATION, escalateTo: NAME };
const TASK: Schema = { const: TASK_CHANNEL };
const ESCALATES: Schema = { dependentRequired: { escalateTo: ['sla'] } };

function messages(verb: 'give' | 'ask' | 'tell'): Schema[] {
  return [
    closed({ [verb]: NAME, by: MESSAGE_CHANNEL, ...KEYS }, [verb, 'by']),
    closed({ [verb]: NAME, by: TASK, ...KEYS, ...TASK_KEYS }, [verb, 'by'], ESCALATES),
  ];
}

export const ACT: StepParser<ActStep> = {
  heads: VERBS,
  beside: ['by', 'template', 'team', 'sla', 'escalateTo', 'ifWithheld', 'staleAfter', 'sendWithin'],
  read(step, reading) {
    const { head, members, pointer, path } = step;
    const verb = head as Verb;
    const what = readName(members[head], pointerTo(pointer, head), `thing to ${verb}`, reading.faults);
    const by = readChannel(step, verb, reading);
    const template = readTemplate(step, by, reading);
    const forTask = readTask(step, by, reading);
    const ifWithheld =
      members['ifWithheld'] === undefined
        ? undefined
        : readWord(
            members['ifWithheld'],
            pointerTo(pointer, 'ifWithheld'),
            IF_WITHHELD,
            'wait, skip or exit',
            reading.faults,
          );
    const staleAfter = readRoom(step, 'staleAfter', STALE_AFTER_DEFAULT_MS, reading);
    const sendWithin = readRoom(step, 'sendWithin', SEND_WITHIN_DEFAULT_MS, reading);
    if (what === undefined || by === undefined) return undefined;
    return {
      step: 'act',
      path,
      verb,
      what,
      by,
      ...(template !== undefined && { template }),
      ...forTask,
      ...(ifWithheld !== undefined && { ifWithheld }),
      staleAfter,
      sendWithin,
    };
  },
  write(step) {
    const { verb, what, by, template, team, sla, escalateTo, ifWithheld } = step;
    return {
      [verb]: what,
      by,
      ...(template !== undefined && { template }),
      ...(team !== undefined && { team }),
      ...(sla !== undefined && { sla: formatDuration(sla) }),
      ...(escalateTo !== undefined && { escalateTo }),
      ...(ifWithheld !== undefined && { ifWithheld }),
      staleAfter: formatDuration(step.staleAfter),
      sendWithin: formatDuration(step.sendWithin),
    };
  },
  endsAlways: () => false,
  schema: [
    ...messages('give'),
    ...messages('ask'),
    ...messages('tell'),
    closed({ task: NAME, by: TASK, ...KEYS, ...TASK_KEYS }, ['task'], ESCALATES),
  ],
};

function readChannel({ members, pointer }: StepToRead, verb: Verb, reading: StepReading): string | undefined {
  const { faults, context } = reading;
  const at = pointerTo(pointer, 'by');
  if (members['by'] === undefined) {
    if (verb === 'task') return TASK_CHANNEL;
    return faults.add(pointer, 'does not say by which channel', `Add "by", one of: ${context.channels.join(', ')}`);
  }
  const by = readWord(members['by'], at, context.channels, 'a channel', faults);
  if (verb === 'task' && by !== undefined && by !== TASK_CHANNEL) {
    faults.add(at, `a task goes to a team, not by "${by}"`, 'Leave "by" out, or give, ask or tell');
  }
  if (verb !== 'ask' && by === SURVEY_CHANNEL) {
    faults.add(at, 'a survey asks', 'Write "ask: ...", or choose another channel');
  }
  return by;
}

function readTemplate(step: StepToRead, by: string | undefined, reading: StepReading): string | undefined {
  const { members, pointer } = step;
  const at = pointerTo(pointer, 'template');
  if (members['template'] === undefined) {
    if (by !== undefined && TEXT_CHANNELS.includes(by)) {
      reading.faults.add(pointer, `has no template, and "${by}" has nothing to say without one`, 'Add "template"');
    }
    return undefined;
  }
  const template = readName(members['template'], at, 'template', reading.faults);
  if (template === undefined) return undefined;
  reading.references.add('template', template, at);
  reading.shownBy(template, by, at);
  return template;
}

/** team, sla and escalateTo: of tasks alone. */
function readTask(step: StepToRead, by: string | undefined, reading: StepReading): Partial<ActStep> {
  const { members, pointer } = step;
  const { faults } = reading;
  const told = ['team', 'sla', 'escalateTo'].filter((key) => members[key] !== undefined);
  if (by !== undefined && by !== TASK_CHANNEL) {
    for (const key of told)
      faults.add(pointerTo(pointer, key), `only tasks have "${key}"`, 'Leave it out, or act by task');
    return {};
  }
  const task: Partial<ActStep> = {};
  for (const key of ['team', 'escalateTo'] as const) {
    const at = pointerTo(pointer, key);
    const team = members[key] === undefined ? undefined : readName(members[key], at, 'team', faults);
    if (team === undefined) continue;
    reading.references.add('team', team, at);
    task[key] = team;
  }
  if (members['sla'] !== undefined) task.sla = readSpan(members['sla'], pointerTo(pointer, 'sla'), faults);
  else if (members['escalateTo'] !== undefined) {
    faults.add(pointer, 'escalates after no time', 'Add "sla", such as "sla: 2d", or leave "escalateTo" out');
  }
  return task;
}

/** What has less room than SEND_ROOM_MIN_MS is never requested. */
function readRoom(step: StepToRead, key: 'staleAfter' | 'sendWithin', preset: number, reading: StepReading): number {
  const value = step.members[key];
  if (value === undefined) return preset;
  return readSpan(value, pointerTo(step.pointer, key), reading.faults, SEND_ROOM_MIN_MS);
}
