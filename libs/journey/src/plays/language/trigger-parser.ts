/** What starts a play: `on`. */
import { ENGAGEMENTS, type Engagement } from '../../definition';
import type { FaultList, Members } from '../../language/definition/fault-list';
import { selectorDocument, type Written } from '../../language/definition/rule-document';
import { checkProperty } from '../../language/definition/selector-parser';
import { formatDuration } from '../../language/duration';
import { pointerTo } from '../../language/touchpoint/touchpoint-error';
import type { Trigger } from '../play';
import { readTouchpoint, type PlaysReading } from './play-reading';
import { EVERY_DAY, readSpan, readTimeOfDay, readWeekdays, SPREAD_MAX_MS, timeText, weekdayTexts } from './time-parser';
import { readWordList, shownWord } from './word-parser';
import { meantOrOneOf } from '../../language/closest-word';

export const TRIGGERS = ['stage', 'touchpoint', 'engagement', 'date', 'audience', 'manual'] as const;
type Kind = Exclude<(typeof TRIGGERS)[number], 'manual'>;

const BESIDE: Readonly<Record<Kind, readonly string[]>> = {
  stage: [],
  touchpoint: [],
  engagement: [],
  date: ['property', 'before', 'after'],
  audience: [],
};

export function readTrigger(value: unknown, path: string, reading: PlaysReading): Trigger | undefined {
  const { faults } = reading;
  if (value === 'manual') return { on: 'manual' };
  const kind = kindOfTrigger(value, path, faults);
  if (kind === undefined) return undefined;
  const members = faults.members(value, path, [kind, ...BESIDE[kind]], `a "${kind}" trigger`);
  if (members === undefined) return undefined;
  const at = pointerTo(path, kind);
  switch (kind) {
    case 'stage':
      return stageTrigger(members['stage'], at, reading);
    case 'touchpoint': {
      const of = readTouchpoint(members['touchpoint'], path, faults);
      return of && { on: 'touchpoint', of };
    }
    case 'engagement':
      return engagementTrigger(members['engagement'], at, faults);
    case 'date':
      return dateTrigger(members, path, at, faults);
    case 'audience':
      return audienceTrigger(members['audience'], at, faults);
  }
}

function kindOfTrigger(value: unknown, path: string, faults: FaultList): Kind | undefined {
  const example = 'Write it like { touchpoint: { meaning: complaint } }, or manual';
  if (value === undefined) return faults.add(path, 'says nothing that starts the play', example);
  if (typeof value === 'string') {
    return faults.add(path, `is no trigger: ${shownWord(value)}`, meantOrOneOf(value, TRIGGERS));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return faults.add(path, `is no trigger: ${shownWord(value)}`, example);
  }
  const names = Object.keys(value);
  const kinds = (Object.keys(BESIDE) as Kind[]).filter((kind) => names.includes(kind));
  if (kinds.length === 1) return kinds[0];
  if (kinds.length > 1) {
    return faults.add(path, `mixes ${kinds.join(' and ')}`, 'Keep one; write a second play for the other');
  }
  const [first = ''] = names;
  return faults.add(path, `is no trigger: "${first}"`, meantOrOneOf(first, TRIGGERS));
}

function stageTrigger(value: unknown, path: string, { faults, context }: PlaysReading): Trigger | undefined {
  const members = faults.members(value, path, ['entered', 'left'], 'a change of stage');
  if (members === undefined) return undefined;
  const trigger: Trigger = { on: 'stage' };
  for (const key of ['entered', 'left'] as const) {
    if (members[key] === undefined) continue;
    const what = 'a stage of this definition';
    const stages = readWordList(members[key], pointerTo(path, key), context.stages, what, faults);
    if (stages) trigger[key] = stages;
  }
  if (members['entered'] === undefined && members['left'] === undefined) {
    return faults.add(path, 'names no stage', 'Write it like { entered: loyal } or { left: [loyal, advocate] }');
  }
  return trigger;
}

function engagementTrigger(value: unknown, path: string, faults: FaultList): Trigger | undefined {
  const members = faults.members(value, path, ['to', 'from'], 'a change of engagement');
  if (members === undefined) return undefined;
  const read = (key: 'to' | 'from'): Engagement[] | undefined =>
    readWordList(members[key], pointerTo(path, key), ENGAGEMENTS, 'an engagement', faults);
  if (members['to'] === undefined) {
    return faults.add(path, 'does not say to which engagement', 'Add "to", such as { to: [at risk, lapsed] }');
  }
  const to = read('to');
  const from = members['from'] === undefined ? undefined : read('from');
  if (to === undefined) return undefined;
  if (from?.length === 1 && to.length === 1 && from[0] === to[0]) {
    faults.add(path, `can never hold: nobody changes from "${to[0]}" to "${to[0]}"`, 'Name another engagement');
  }
  return from === undefined ? { on: 'engagement', to } : { on: 'engagement', to, from };
}

function dateTrigger(members: Members, path: string, at: string, faults: FaultList): Trigger | undefined {
  const of = readTouchpoint(members['date'], path, faults, 'date');
  if (of === undefined) return undefined;
  const { property, before, after } = members;
  if (property === undefined) {
    return faults.add(path, 'names no property', 'Add the one that holds the date, such as "property: renewsAt"');
  }
  if (!checkProperty(property, of, pointerTo(path, 'property'), faults)) return undefined;
  if (before !== undefined && after !== undefined) {
    return faults.add(at, 'has "before" and "after"', 'Keep one of them');
  }
  if (before !== undefined) {
    return { on: 'date', of, property, offset: -readSpan(before, pointerTo(path, 'before'), faults) };
  }
  const offset = after === undefined ? 0 : readSpan(after, pointerTo(path, 'after'), faults);
  return { on: 'date', of, property, offset };
}

function audienceTrigger(value: unknown, path: string, faults: FaultList): Trigger | undefined {
  const members = faults.members(value, path, ['at', 'weekdays', 'spread'], 'an audience');
  if (members === undefined) return undefined;
  const at = readTimeOfDay(members['at'], pointerTo(path, 'at'), faults);
  const weekdays =
    members['weekdays'] === undefined
      ? [...EVERY_DAY]
      : readWeekdays(members['weekdays'], pointerTo(path, 'weekdays'), faults);
  if (members['spread'] === undefined) {
    return faults.add(path, 'names no spread: all would be entered in one instant', 'Add it, such as "spread: 6h"');
  }
  const spread = readSpan(members['spread'], pointerTo(path, 'spread'), faults, 0, SPREAD_MAX_MS);
  if (at === undefined || weekdays === undefined) return undefined;
  return { on: 'audience', at, weekdays, spread };
}

export function triggerDocument(trigger: Trigger): Written | string {
  switch (trigger.on) {
    case 'manual':
      return 'manual';
    case 'stage': {
      const { entered, left } = trigger;
      return { stage: { ...(entered && { entered }), ...(left && { left }) } };
    }
    case 'touchpoint':
      return { touchpoint: selectorDocument(trigger.of) };
    case 'engagement':
      return { engagement: { to: trigger.to, ...(trigger.from && { from: trigger.from }) } };
    case 'date': {
      const { of, property, offset } = trigger;
      const when: Written =
        offset < 0 ? { before: formatDuration(-offset) } : offset > 0 ? { after: formatDuration(offset) } : {};
      return { date: selectorDocument(of), property, ...when };
    }
    case 'audience': {
      const { at, weekdays, spread } = trigger;
      return {
        audience: { at: timeText(at), weekdays: weekdayTexts(weekdays), spread: formatDuration(spread) },
      };
    }
  }
}
